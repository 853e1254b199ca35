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
# # 2 Levers over ranges: a sweep and its contours
#
# **What this answers.** How do days to seen depend on two levers at once, here social workers and team managers at
# the front door? Where does one more stop helping, and which of the two is scarce?
#
# Simulated; levels are an illustration, differences are firmer.

# %%
from sim import notebooks

# %% [markdown]
# ## Run it
# Every combination, all in the same simulated years. Every run is kept in `results/store`: run the cell again, or
# with more values or years, and only what is new is run. Levers start when posts can be filled, so a year holds
# some months without them; notebook 5 asks about a service that has always been of a size.

# %%
MANAGERS = "front_door.managers"
WORKERS = "assessment.social_workers.experienced"
found = notebooks.swept({WORKERS: [25, 27, 29, 32, 35], MANAGERS: [5, 6, 7, 8]}, replications=notebooks.years(10))

# %% [markdown]
# ## The contours
# A line that runs upright says that only the lever across matters there; a level one, only the other. Differences
# smaller than the simulation error of a point, which stands below the title, may be chance.

# %%
found.picture("days_to_seen_q90:all")

# %%
found.picture("beyond_20_days_per_month_count:all")

# %% [markdown]
# ## The same as a table
# Levels at every point, and below them the change against the baseline, paired year by year.

# %%
table = found.tidy()
points = table.query("measure == 'days_to_seen_q90' and group == 'all' and point > 0")
points.pivot_table(index=MANAGERS, columns=WORKERS, values="level").round(1)

# %%
points.pivot_table(index=MANAGERS, columns=WORKERS, values="change").round(1)

# %% [markdown]
# ## Which lever matters
# Of all that varies over the points, the share that each lever accounts for by itself, and what is left to the two
# together. It is told of ten years or more, where the runs tell the points apart.

# %%
for share in found.shares("days_to_seen_q90"):
    print(f"{share.path or 'together'}: {share.share:.0%} ({share.error.low:.0%} to {share.error.high:.0%})")

# %% [markdown]
# ## The knee
# One lever alone, more closely: where the curve bends is where the queue begins. Beyond it one more post gains
# little; before it, one fewer costs much. The band is each point's simulation error.

# %%
knee = notebooks.swept({MANAGERS: [4, 5, 6, 7, 8, 9]}, replications=notebooks.years(10))
knee.picture("days_to_seen_q90:all")

# %% [markdown]
# ## What next
# - The point that looks best of many was helped by chance. Before anything rests on it compare it with the baseline
#   again, with another `seed` and more years (notebook 1).
# - More levers than two: `notebooks.swept(..., design="sobol", points_count=64)` spreads points over all of them.
# - The command `frontdoor sweep` does the same and writes a page to pass on.
