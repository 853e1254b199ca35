# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 How many are enough: sizing with a chosen chance
#
# **What this answers.** What is the least number of social workers with whom a chosen share of children is seen
# within a chosen number of days, *with a chosen chance*? A number that meets the standard on average misses it in
# about every other year; planning for eight years in ten needs more.
#
# Levels are an illustration: no national return holds days to seen. Do this with a baseline calibrated on your own
# record (notebook 3) before a budget rests on it. The chance covers luck and plausible numbers, not what the model
# leaves out.

# %%
from sim import notebooks

WORKERS = "assessment.social_workers.experienced"
SEED = 20181010

# %% [markdown]
# ## The standard
# A share of children, a number of days, over a year; and the chance with which it is to be met.

# %%
standard = notebooks.Standard("seen_within_10_days_share", 0.80)
CHANCE = 0.8

# %% [markdown]
# ## The least number, world by world
# A world is one plausible set of numbers with its luck. In each, the least number of workers that meets the
# standard is found by halving, which takes four or five simulated years in place of one for each number. That is
# right where more workers never make it worse; in every fifth world all numbers are run, and if that fails in one
# of them, all are run everywhere.
#
# The workers are there from long before the year begins, so no recruitment is waited for. Notebook 1 shows what a
# year with recruitment in it is like.

# %%
found = notebooks.sizing(WORKERS, range(22, 46, 2), standard, seed=SEED, replications=notebooks.years(40))
print(
    f"{found.runs} simulated years; in {found.uneven} of {found.checked} worlds looked at more made it worse somewhere"
)
notebooks.sizing_table(found).round(2)

# %%
notebooks.sizing_picture(found, CHANCE)

# %% [markdown]
# ## Does it hold?
# The number that was found was helped by chance. So it is tried in fresh worlds that had no part in finding it, and
# so is the next number below it. Where no number was enough the largest stands in its place.

# %%
enough = found.enough(CHANCE) or found.amounts[-1]
below = found.amounts[max(found.amounts.index(enough) - 1, 0)]
for amount, seed in ((enough, SEED + 1), (below, SEED + 2)):
    fresh = notebooks.verified(found, amount, seed=seed, replications=notebooks.years(40))
    print(f"{amount} workers: met in {fresh.met} of {fresh.worlds} fresh worlds, {fresh.share:.0%}", end=" ")
    print(f"(95% interval {fresh.error.low:.0%} to {fresh.error.high:.0%})")

# %% [markdown]
# If the interval of the number found lies around the chance asked for and that of the number below it does not
# reach it, the answer stands. If both do, more worlds are needed to tell the two apart: raise `replications`. The
# interval allows for how few sets of numbers there are; where they decide, more worlds of the same ones help little.
#
# ## What next
# - If no number is enough, workers are not what children wait for. Notebook 2 shows whether managers are, notebook
#   1 how much is waiting for others.
# - Another standard: `Standard("beyond_10_days_per_month_count", 40)` is at most forty children a month who wait
#   longer than ten days; a group stands third, as `Standard("seen_within_5_days_share", 0.9, "section_17")`.
# - What the number costs, and whether posts can be filled, the model does not know.
