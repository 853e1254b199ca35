"""Published statistics: the DfE's tables as downloaded, and what they tell of one authority in one year."""

from sim.published.definition import Change, Verdict
from sim.published.figures import AuthorityFigures, Figure, figures_of
from sim.published.files import PublishedFile, Releases, read_releases
from sim.published.layouts import Table
from sim.published.places import Authority, authorities, find
from sim.published.statement import NOT_PUBLISHED, Statement, statement_of, statements, years_of
from sim.published.told import Told, told
from sim.published.values import Code, PublishedError

__all__ = [
    "NOT_PUBLISHED",
    "Authority",
    "AuthorityFigures",
    "Change",
    "Code",
    "Figure",
    "PublishedError",
    "PublishedFile",
    "Releases",
    "Statement",
    "Table",
    "Told",
    "Verdict",
    "authorities",
    "figures_of",
    "find",
    "read_releases",
    "statement_of",
    "statements",
    "told",
    "years_of",
]
