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
# # 4 How sure are we?
#
# **What this answers.** How much of what is uncertain is chance and how much is what nobody knows? Which assumption
# does the answer hang on? And how good must an assumed effect be before a scenario is worth its posts?
#
# None of it covers what the model leaves out. Simulated; differences first.

# %%
from sim import notebooks

SCENARIO, AGAINST = "da-team-new-posts", "more-social-workers"

# %% [markdown]
# ## Chance, or what we do not know?
# Every set of plausible numbers is met by several years. Years of one set differ by chance alone; the averages of
# sets differ by what is not known besides. Chance is there in any real year whatever is found out; the rest better
# figures would shrink.

# %%
yearly = notebooks.yearly(scenarios=[SCENARIO], replications=notebooks.years(50))
splits = notebooks.splits(yearly, "days_to_seen_q90")
notebooks.splits_table(splits).round(2)

# %%
notebooks.splits_picture(splits)

# %% [markdown]
# The level can be far less sure than the change: what makes every wait long makes it long with and without the
# scenario. That is why a comparison is read before a level.
#
# ## Which assumption does it hang on?
# Each number that nobody has measured is moved by itself between the ends of what the plausible sets hold,
# everything else as the baseline has it, in the same simulated years. First all are tried in one year to find those
# that matter; those are then run in others.

# %%
found = notebooks.tornado(measure="days_to_seen_q90", most=8, replications=notebooks.years(10))
notebooks.tornado_picture(found)

# %%
notebooks.tornado_table(found).round(2)

# %% [markdown]
# A bar whose simulation error (`apart_low` to `apart_high`) holds nought is not told from nothing, and is drawn
# pale. The black line is the baseline as it stands, which is not the average over the sets. What numbers do
# together is not here: the range over whole sets, in notebook 1, holds it. The numbers at the top are those worth
# finding out about.
#
# Do they move the *change* as well? The first three again, with and without the scenario, and the effect that the
# scenario itself assumes.

# %%
first = [swing.path for swing in found.swings[:3]]
change = notebooks.tornado(SCENARIO, numbers=first, replications=notebooks.years(12))
notebooks.tornado_picture(change)

# %% [markdown]
# ## Break-even
# Six social workers and two managers more are a gain, slower answers from partners a loss. How much slower may
# partners become before both together are no better than one more team manager? 1 is as quick as now.

# %%
even = notebooks.break_even(
    "slow-partners-more-staff",
    "one-more-team-manager",
    "further_work.reply_multiplier",
    [1.0, 1.2, 1.5, 2.0],
    measure="days_to_seen_q90",
    replications=notebooks.years(20),
)
notebooks.break_even_picture(even["all"])

# %%
notebooks.break_even_table(even["all"]).round(2)

# %% [markdown]
# The same question of the team beside the police: how much of the wait for information must it win back to be
# better than the same posts without a team, for its own children and for the others? Where the years do not tell
# the two apart, the picture says so, and no number is quoted.

# %%
team = notebooks.break_even(
    SCENARIO,
    AGAINST,
    "domestic_abuse_team.information_wait_multiplier",
    [0.1, 0.7, 1.0],
    measure="days_to_seen_q90",
    groups=["domestic_abuse", "not_domestic_abuse"],
    replications=notebooks.years(20),
)
notebooks.break_even_picture(team["domestic_abuse"])

# %%
notebooks.break_even_picture(team["not_domestic_abuse"])

# %% [markdown]
# ## What next
# - Put the three assumptions at the top of the tornado, with their swing, beside the answer wherever it is quoted.
# - Find out about them: your own record narrows many (notebook 3).
# - Too few years to tell? Raise `replications`; what we do not know does not shrink by it.
