"""Published statistics: the DfE's tables as downloaded, and what they tell of one authority in one year."""

from sim.published.also import Also, read_also
from sim.published.baseline import BeforeFitting, before_fitting, held
from sim.published.definition import Change, Verdict
from sim.published.drawing import Drawing
from sim.published.figures import AuthorityFigures, Figure, figures_of
from sim.published.files import PublishedFile, Releases, read_releases
from sim.published.fitted import Fitted, fitted, made_from
from sim.published.fitting import Budget, Fit, fit
from sim.published.layouts import Table
from sim.published.places import Authority, authorities, find
from sim.published.prior import Prior, prior_of, shipped_prior
from sim.published.statement import NOT_PUBLISHED, Statement, statement_of, statements, years_of
from sim.published.told import Told, told
from sim.published.values import Code, PublishedError
from sim.published.writing import MADE, baseline_texts, fitted_texts

__all__ = [
    "MADE",
    "NOT_PUBLISHED",
    "Also",
    "Authority",
    "AuthorityFigures",
    "BeforeFitting",
    "Budget",
    "Change",
    "Code",
    "Drawing",
    "Figure",
    "Fit",
    "Fitted",
    "Prior",
    "PublishedError",
    "PublishedFile",
    "Releases",
    "Statement",
    "Table",
    "Told",
    "Verdict",
    "authorities",
    "baseline_texts",
    "before_fitting",
    "figures_of",
    "find",
    "fit",
    "fitted",
    "fitted_texts",
    "held",
    "made_from",
    "prior_of",
    "read_also",
    "read_releases",
    "shipped_prior",
    "statement_of",
    "statements",
    "told",
    "years_of",
]
