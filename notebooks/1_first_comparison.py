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
# # 1 A first comparison
#
# **What this answers.** If there were more social workers and managers, or one more team manager, how much sooner
# would children be seen, for which children, and how sure is that?
#
# Everything here is simulated, from published figures and stated assumptions. No national return holds days to
# seen: read *changes* first, levels are an illustration.

# %%
from sim import notebooks

notebooks.baseline().name

# %% [markdown]
# ## Run it
# The baseline and two scenarios, in the same simulated years: same children, same luck. Each year meets another of
# the plausible sets of numbers, so that what nobody knows about the service shows in the result.
# `FRONTDOOR_REPLICATIONS` sets how many years; `FRONTDOOR_BASE` puts a baseline of your own in place of the shipped
# county.

# %%
scenarios = ["more-social-workers", "one-more-team-manager"]
found = notebooks.run(scenarios=scenarios, replications=notebooks.years(20))
print(notebooks.sentences(found))

# %% [markdown]
# ## The change, with its two ranges
# The **simulation error** is what more simulated years would narrow. **What we do not know** is the middle 80% over
# plausible sets of numbers: more years do not narrow it, better figures would. They are never one interval.

# %%
table = notebooks.tidy(found)
leading = ["days_to_seen_q50", "days_to_seen_q90", "seen_within_10_days_share", "beyond_20_days_per_month_count"]
changes = table.query("measure in @leading and group == 'all'").dropna(subset="change")
ranges = ["change", "change_low", "change_high", "change_unknown_low", "change_unknown_high"]
changes.set_index(["title", "measure"])[ranges].round(2)

# %%
notebooks.pictures(found)["days_to_seen"]

# %% [markdown]
# ## For which children
# A change for all children can hide a change for the worse for some. Here are the waits of nine in ten, group by
# group...

# %%
by_group = table.query("measure == 'days_to_seen_q90'").dropna(subset="change")
by_group.pivot_table(index="group", columns="title", values="change", sort=False).round(2)

# %% [markdown]
# ... and how the waits of the *same* children changed: those referred and seen in both. Children who are referred
# under one scenario and not the other are counted beside them.

# %%
notebooks.same_children(found).round(2)

# %% [markdown]
# ## Where the days go
# Waiting for our own staff is what posts can shorten. Waiting for partners and families is not.

# %%
notebooks.pictures(found)["where_the_days_go"]

# %% [markdown]
# ## What a column means
# Every measure has its unit and its meaning beside it.

# %%
print(table.attrs["meanings"]["days_to_seen_q90"])

# %% [markdown]
# ## Elsewhere
# The whole table as CSV and Parquet, and a data dictionary with the meaning and unit of every column and measure.

# %%
sorted(path.name for path in notebooks.write_table(table, "results/first-comparison", "measures").iterdir())

# %% [markdown]
# ## What next
# - Your own scenario: give a mapping instead of a name, as `{"name": "two-more", "title": "Two more",
#   "front_door.managers": "+2"}`. `frontdoor levers` lists every lever.
# - How many more are enough? Notebook 2 varies levers over ranges, notebook 5 asks for a chosen chance.
# - What the answer hangs on: notebook 4.
# - To cite a number, run `frontdoor compare`: it writes a record from which anyone can make the numbers again. A
#   notebook has none.
