"""STRESS-DES: the twenty items by which a discrete-event simulation is reported, filled from the run's record."""

from collections.abc import Iterator
from typing import Final

from sim.events import Activity
from sim.report.citing import window
from sim.report.document.about import About
from sim.report.document.blocks import Block, Drawing, Grid
from sim.report.document.numbers import differences, in_words, stated, without_source
from sim.report.headline import LEVELS, MEASURE
from sim.report.pathway import pathway_picture
from sim.report.sentences import run_details
from sim.report.wording import quoted
from sim.scenario import Grade

Item = tuple[str, str, str]
CANNOT: Final = "Cannot be filled from the run's record:"
_STAFF: Final = (
    "front_door.managers",
    "front_door.senior_practitioners",
    "front_door.workers",
    "out_of_hours.staff",
    "assessment.teams",
    "assessment.managers",
    "assessment.social_workers.experienced",
    "assessment.social_workers.newly_qualified",
    "assessment.social_workers.agency",
    "assessment.family_support_workers",
)


def stress(about: About) -> Iterator[Block]:
    """The items in a table, and the diagram that one of them asks for."""
    yield Grid(
        caption="STRESS-DES: items of a discrete-event simulation",
        headings=("No.", "Item", "Reported"),
        rows=tuple(items(about)),
        widths=(0.7, 2.2, 7),
        note="Monks and others, 2019. Item 2.5 is given in its five parts.",
    )
    yield Drawing("The pathway of a contact", pathway_picture())


def items(about: About) -> Iterator[Item]:
    """Every item: its number, its name and what is reported."""
    yield from _objectives(about)
    yield from _logic(about)
    yield from _components(about)
    yield from _data(about)
    yield from _experimentation(about)
    yield from _implementation(about)


def _objectives(about: About) -> Iterator[Item]:
    outputs = "; ".join(MEASURE[measure].label for measure in LEVELS)
    yield ("1.1", "Purpose of the model", f"{about.question} To plan a service; it says nothing about any one child.")
    yield (
        "1.2",
        "Model outputs",
        f"{outputs}. Each with its simulation error and with the range of what is not known.",
    )
    scenarios = " ".join(f"{s.title}: {s.summary or 'no summary is given.'}" for s in about.comparison.scenarios)
    yield ("1.3", "Aims of experimentation", f"Scenarios compared: {scenarios} No optimisation.")


def _logic(about: About) -> Iterator[Item]:
    yield (
        "2.1",
        "Base model overview diagram",
        ("The figure after this table, drawn from the order of events that every simulated year is checked against."),
    )
    yield (
        "2.2",
        "Base model logic",
        (
            "A contact is received, screened, if need be clarified with partners and family, and "
            "decided; children referred wait for a worker with room, then for a visit; assessments and section 47 "
            "enquiries follow to closing, step-down or transfer; some families return. Waits for the service's own "
            "staff come out of their calendars and work; waits for others are drawn."
        ),
    )
    changed = "; ".join(f"{path} = {in_words(value)}" for path, value in differences(about).items())
    yield ("2.3", "Scenario logic", f"{quoted(about.scenario.title)} differs from the baseline in: {changed}.")
    rules = {each.path: each.value for each in stated(about) if each.unit == "rule"}
    said = "; ".join(f"{path}: {value}" for path, value in rules.items())
    yield (
        "2.4",
        "Algorithms",
        (
            f"Pure rules of decision, of which those that can be chosen were: {said}. What happens in one "
            "minute is taken in a fixed total order."
        ),
    )


def _components(about: About) -> Iterator[Item]:
    values = {each.path: each for each in stated(about)}
    staff = "; ".join(f"{values[p].meaning} {values[p].value}" for p in _STAFF if p in values)
    activities = ", ".join(activity.name.replace("_", " ").lower() for activity in Activity)
    contacts = (
        values["demand.family_contacts_per_year"].value if "demand.family_contacts_per_year" in values else "not stated"
    )
    yield (
        "2.5.1",
        "Entities",
        (
            "Families and their children, each with source, need, risk as rated and as later found, "
            "domestic abuse or not, consent and clarity of the information."
        ),
    )
    yield ("2.5.2", "Activities", f"Worked by staff: {activities}. Their efforts stand in Annex B.")
    yield (
        "2.5.3",
        "Resources",
        f"Individuals with calendars, leave, sickness and booked time. In the baseline: {staff}.",
    )
    yield (
        "2.5.4",
        "Queues",
        (
            "A queue for each kind of staff, ordered by the rule in 2.4 and then by time joined; children "
            "wait for allocation by the caseload guide. Nobody leaves a queue but by being closed or passed on."
        ),
    )
    yield (
        "2.5.5",
        "Entry and exit",
        (
            f"Contacts of families by source, month, weekday and hour, {contacts} a year with "
            "returns; they leave by closing, step-down, transfer or another team."
        ),
    )


def _data(about: About) -> Iterator[Item]:
    sources = about.result.grounds.sources
    official = sum(each.grade in {Grade.OFFICIAL, Grade.OWN_RECORD} for each in sources)
    if sources:
        yield (
            "3.1",
            "Data sources",
            (
                f"{len(sources)} numbers have a source in Annex B, {official} of them an official "
                "statistic or the authority's own record. Sample sizes stand there where the source gives them."
            ),
        )
    else:
        yield ("3.1", "Data sources", f"{CANNOT} no file says where the baseline's numbers come from.")
    basis = about.comparison.basis
    how = f"{CANNOT} what was done to the data before stands only in the sources' own words, in Annex B."
    yield ("3.2", "Pre-processing", how if basis is None else basis.rests_on)
    yield (
        "3.3",
        "Input parameters",
        (
            f"Annex B, with ranges; {len(about.comparison.varied)} numbers differ between the "
            f"{about.comparison.draws} plausible sets that were run."
        ),
    )
    untold = len(without_source(about))
    complete = "every number has a source" if not untold else f"incomplete: {untold} numbers have no stated source"
    yield ("3.4", "Assumptions", f"Annex B; {complete}.")


def _experimentation(about: About) -> Iterator[Item]:
    calendar = about.result.record.plan.baseline.get("calendar")
    days = calendar if isinstance(calendar, dict) else {}
    before = days.get("warm_up_days", "an unstated number of")
    warm_up = f"The baseline runs for {before} days before the year, in every scenario."
    started = about.comparison.started
    start = warm_up if started is None else "Every scenario starts from the open work of an extract, with no warm-up."
    yield ("4.1", "Initialisation", start)
    yield (
        "4.2",
        "Run length",
        (
            f"{window(about.comparison)} Followed for {days.get('follow_up_days', 'an unstated number of')} "
            "days more. Time is in whole minutes."
        ),
    )
    yield (
        "4.3",
        "Estimation approach",
        (
            f"{run_details(about.comparison)} Replications are paired between scenarios; how many "
            "there are was chosen by who ran it, or is the default."
        ),
    )


def _implementation(about: About) -> Iterator[Item]:
    record = about.result.record
    libraries = ", ".join(f"{name} {version}" for name, version in record.libraries.items())
    yield (
        "5.1",
        "Software",
        (f"Front Door {record.frontdoor}, commit {record.commit or 'not known'}; Python {record.python}; {libraries}."),
    )
    yield (
        "5.2",
        "Random sampling",
        (
            f"Counter-based (Philox), keyed by entity and purpose from seed {about.comparison.seed}: "
            "common random numbers in every scenario, quantiles by inversion."
        ),
    )
    yield (
        "5.3",
        "Model execution",
        (
            f"Process-based; engine: {record.engine or 'not recorded'}, which gives the same events as "
            "the other. Ties in a minute are broken by the total order of 2.4."
        ),
    )
    yield (
        "5.4",
        "System specification",
        (f"{record.system}, {_took(record.seconds)}. {CANNOT} processor and memory."),
    )
    yield (
        "6.1",
        "Sharing of the model",
        (
            f"Open source under the MIT licence; frontdoor replay runs record {record.run_id} "
            f"again. {CANNOT} an address at which the code is published."
        ),
    )


def _took(seconds: float) -> str:
    return f"{seconds:g} seconds for all runs" if seconds else "how long the runs took was not kept"
