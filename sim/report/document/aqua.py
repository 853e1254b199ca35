"""The Aqua Book's checklist, and what of it software can show and what only people can say."""

from typing import Final

_NOBODY: Final = "Name, role, date:"

CHECKLIST: Final = (
    (
        "Roles: commissioner, analyst, assurer, approver",
        "Nothing. A status stands on the first page if somebody gave it.",
        f"{_NOBODY} for each; the assurer independent of the analyst.",
    ),
    (
        "Specification: question, context, boundary, level of assurance",
        ("The question on the first page, and what is left out of the model."),
        "Whether this is the question that was asked. Level of assurance needed:",
    ),
    (
        "Repeatable",
        (
            "The run's record holds every input but an extract's rows, the seed and a hash of every event; frontdoor "
            "replay runs it again and says what differs."
        ),
        "Replayed by, on:",
    ),
    ("Independent", "Nothing.", _NOBODY),
    (
        "Grounded in reality",
        "The published figures and patterns that the baseline is held against, met and not met.",
        "Whether practitioners recognise the pathway and the waits:",
    ),
    (
        "Objective",
        "Margins of safety checks stand in the software, tolerances of targets beside the baseline: before a run.",
        "Interests declared:",
    ),
    (
        "Uncertainty managed",
        "Simulation error and what we do not know are told apart; what is in neither is listed.",
        "What else could be wrong, and by how much:",
    ),
    ("Robust", "The ranges over plausible sets; the sensitivity part.", "Judgement for this use:"),
    ("Proportionality", "Nothing.", "What depends on the answer, and what a wrong one would cost:"),
    (
        "Verification",
        (
            "The software's own tests: exact logs, laws over random scenarios, queues whose answer is known, two "
            "engines that must agree event for event."
        ),
        "Tests run by, on, result:",
    ),
    (
        "Validation",
        "No test against past months is in this report; frontdoor backcast makes one of an authority's record.",
        "Validated with users, on:",
    ),
    (
        "Assumptions, decisions and data logs",
        ("Annex B, from the files beside the baseline; the software's own decisions in its DESIGN.md."),
        "Who made each assumption and who signed it off:",
    ),
    ("Surrogate data", "Grades B and C mark numbers taken from elsewhere, with their ranges.", "Accepted by:"),
    ("Sunset and review", "The review date on the first page, if one was given.", "Review arranged:"),
    (
        "Change control",
        "Version and commit in the run's record; the changelog says whether a version moves numbers.",
        "Business-critical models register entry:",
    ),
    ("Documentation and limits of use", "The README and this report.", "Read by those who use it:"),
    (
        "Ethics",
        "No child-level record is in this report; nothing in it is about any one child.",
        "Impact assessment, and a statement on ethics:",
    ),
)
