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
# # 6 Your own measure and your own lever
#
# **What this answers.** How do I measure what the list of measures does not hold, and test a change that is in no
# file?
#
# Simulated; levels are an illustration, differences first.

# %%
import sim
from sim import notebooks
from sim.events import EventKind
from sim.measures import between_steps, both
from sim.measures.measure import ALL, DOMESTIC_ABUSE, SECTION_17

# %% [markdown]
# ## A measure between any two steps
# The steps of the pathway are those of the event log. Days from decision to a named worker, within which nine in
# ten children come, for three groups; the third is made of two that are there.

# %%
groups = (ALL, SECTION_17, both(DOMESTIC_ABUSE, SECTION_17))
to_allocation = between_steps(EventKind.DECIDED, EventKind.ALLOCATED, share=0.9, groups=groups)
to_authorised = between_steps(EventKind.ALLOCATED, EventKind.ASSESSMENT_AUTHORISED, share=0.5)
print(to_allocation.label, "-", to_allocation.meaning)

# %% [markdown]
# ## A lever of your own
# A scenario is a mapping of levers by their paths: here two posts move from assessment to the front door.
# `frontdoor levers` lists all paths; a number with a sign is added to what stands there.

# %%
moved = {
    "name": "two-posts-moved",
    "title": "Two posts moved to the front door",
    "summary": "Two social workers' posts become two team managers' at the front door.",
    "assessment.social_workers.experienced": "-2",
    "front_door.managers": "+2",
}
found = notebooks.measure_with([to_allocation, to_authorised], scenarios=[moved], replications=notebooks.years(20))
found.set_index(["title", "measure", "group"])[["level", "change", "change_low", "change_high"]].round(2)

# %% [markdown]
# ## The same scenario by every measure that is there

# %%
compared = notebooks.run(scenarios=[moved], replications=notebooks.years(20))
print(notebooks.sentences(compared))

# %%
notebooks.pictures(compared)["days_to_seen"]

# %% [markdown]
# ## A lever that moves several numbers at once
# One number, how many posts are moved, and everything that follows from it: a list of scenarios.

# %%
moves = [
    {
        "name": f"moved-{posts}",
        "title": f"{posts} moved",
        "assessment.social_workers.experienced": f"-{posts}",
        "front_door.managers": f"+{posts}",
    }
    for posts in (1, 2, 3)
]
each = notebooks.compare(scenarios=moves, replications=notebooks.years(10))
rows = each.query("measure == 'days_to_seen_q90' and group == 'all'").dropna(subset="change")
rows.set_index("title")[["change", "change_low", "change_high"]].round(2)

# %% [markdown]
# ## Anything else: the log itself
# One simulated year as a table of events, a row a thing that happened. Nobody in it exists. From here on it is
# pandas.

# %%
scenario = sim.load(notebooks.baseline())
log = sim.simulate(scenario, seed=1, replication=0)
events = notebooks.events(log)
events.head()

# %%
by_step = events.groupby("event")["contact"].nunique().sort_values(ascending=False)
by_step.head(12)

# %% [markdown]
# ## What next
# - Keep a scenario: write it as a TOML file that `extends` a baseline and holds only its differences (README, "Your
#   own questions"), and cite it by `frontdoor compare`.
# - A measure that others should have: a pure function in `sim/measures/`, as CONTRIBUTING.md says.
# - A lever the model does not have yet, such as a new stage: CONTRIBUTING.md says what it touches.
