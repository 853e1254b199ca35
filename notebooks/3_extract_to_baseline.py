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
# # 3 From an extract to a calibrated baseline
#
# **What this answers.** How does our own record become a baseline, what did the record tell and what did it not,
# and how does a scenario do on it?
#
# **Nobody here exists.** The extract is made in this notebook, from a service whose true numbers are known, so that
# what calibration finds can be held against the truth. With a real extract keep everything below in the folder of
# those who may see it: `docs/privacy.md`.

# %%
from pathlib import Path

from sim import notebooks

FOLDER = Path("results") / "from-extract"

# %% [markdown]
# ## An extract of nobody's record
# Five months of a service that takes longer over a contact, and whose families can be visited sooner, than in the
# baseline: the truth that calibration is to find. With a real extract, leave this cell out and name your file and
# your table of posts.

# %%
truth = notebooks.scenario_file(
    FOLDER / "truth.toml",
    {
        "name": "truth",
        "title": "The truth",
        "calendar.horizon_days": 150,
        "calendar.follow_up_days": 0,
        "demand.family_contacts_per_year": 7000,
        "front_door.decision_minutes.mean": 22.0,
        "assessment.appointment_days.median": 0.6,
    },
)
extract = notebooks.synthetic_extract(truth, FOLDER, seed=7)

# %% [markdown]
# ## What it shows by itself
# `observe` reads it and says what it found, how children waited and what the record cannot tell. Read its findings
# before anything else: what is wrong here is wrong in all that follows.

# %%
notebooks.frontdoor("observe", extract.path, "--staff", extract.posts, "--out", FOLDER / "observed")

# %% [markdown]
# ## Calibrate
# What the record shows is taken from it; how fast people work and how long others take is fitted by running the
# record again, here 450 times in each of two waves, of which a real calibration takes 2,000. Stopped, the same cell
# goes on.

# %%
BASE, OURS = notebooks.baseline(), FOLDER / "ours.toml"
notebooks.frontdoor(
    *("calibrate", extract.path, "--staff", extract.posts, "--base", BASE, "--out", OURS),
    *("--runs", 450, "--keep", FOLDER / "runs"),
)

# %% [markdown]
# ## Held against the truth
# `low` to `high` are 95 in 100 of what the record shows, and 90 in 100 of what is fitted. Some of so many ranges
# miss their truth by chance. A range as wide as before says that the record did not tell.

# %%
told = notebooks.calibrated(OURS, truth).query("how == 'record'").dropna(subset=["low", "high"])
told["holds"] = told["truth"].between(told["low"], told["high"])
print(f"{told['holds'].sum()} of {len(told)} ranges hold the truth")
told[["number", "now", "low", "high", "truth", "holds"]].round(3)

# %%
notebooks.fitted(OURS)[["label", "unit", "low", "high", "median", "q05", "q95", "learned"]].round(2)

# %% [markdown]
# ## A scenario on it
# The calibrated baseline is a baseline like any other; its sets of numbers carry what the record did not tell into
# every comparison.

# %%
found = notebooks.run(OURS, ["more-social-workers"], replications=notebooks.years(20))
print(notebooks.sentences(found))

# %%
notebooks.pictures(found)["days_to_seen"]

# %% [markdown]
# ## What next
# - Test it on months it has not seen before anybody leans on it: `frontdoor backcast`, `docs/calibration.md`.
# - Set `FRONTDOOR_BASE` to the file written here, and every other notebook runs on it.
# - Start from the real open work: `frontdoor compare --start EXTRACT`.
