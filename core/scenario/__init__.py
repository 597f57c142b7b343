"""The whole question: workload, calendar, objective, prices, options.

Every default, limit, label and help text of the page is declared here, once.

``demands``: What a person demands besides being cheap, and what is out without it.
``document_stream``: A second stream beside the workload: documents, which can wait.
``hosting``: How self-hosting is run and paid for.
``knobs``: How a field of the scenario is asked on screen, and within which limits.
``mine``: What is one's own already, by number, and what one has negotiated: limits and their words.
``objective``: What an answer must satisfy.
``option_ids``: The ids of options that are no row of the catalogue, and what is compared by
    default.
``question``: The whole question as one frozen value.
``serverless``: How APIs and GPUs by the second are used.
``vectors``: Where the vectors are kept.
``workload``: What arrives: how much, how long, when.
"""

from core.scenario.demands import LANGUAGES, MOST_BUDGET_USD, Demands, Language, Licence, Retention
from core.scenario.document_stream import Documents
from core.scenario.hosting import MOST_MODEL_CHARACTERS, Hosting
from core.scenario.knobs import Choice, Knob, limits
from core.scenario.mine import HIGHEST_DISCOUNT, MOST_OWNED
from core.scenario.objective import HOME, Objective
from core.scenario.option_ids import (
    DEFAULT_OPTIONS,
    HYBRID_PREFIX,
    MOST_OPTIONS,
    OWNED_PREFIX,
    THIS_MACHINE,
    hybrid_id,
    hybrid_parts,
    machine_and_model,
    machine_id,
    pair_id,
)
from core.scenario.question import (
    CALENDARS,
    FIRST_DAY,
    HIGHEST_PRICE_USD,
    HIGHEST_RATE_PER_MINUTE,
    LAST_DAY,
    LOWEST_PRICE_USD,
    RATES,
    Scenario,
)
from core.scenario.serverless import Serverless
from core.scenario.vectors import Vectors
from core.scenario.workload import CorpusVectors, LongTexts, Workload

__all__ = [
    "CALENDARS",
    "DEFAULT_OPTIONS",
    "FIRST_DAY",
    "HIGHEST_DISCOUNT",
    "HIGHEST_PRICE_USD",
    "HIGHEST_RATE_PER_MINUTE",
    "HOME",
    "HYBRID_PREFIX",
    "LANGUAGES",
    "LAST_DAY",
    "LOWEST_PRICE_USD",
    "MOST_BUDGET_USD",
    "MOST_MODEL_CHARACTERS",
    "MOST_OPTIONS",
    "MOST_OWNED",
    "OWNED_PREFIX",
    "RATES",
    "THIS_MACHINE",
    "Choice",
    "CorpusVectors",
    "Demands",
    "Documents",
    "Hosting",
    "Knob",
    "Language",
    "Licence",
    "LongTexts",
    "Objective",
    "Retention",
    "Scenario",
    "Serverless",
    "Vectors",
    "Workload",
    "hybrid_id",
    "hybrid_parts",
    "limits",
    "machine_and_model",
    "machine_id",
    "pair_id",
]
