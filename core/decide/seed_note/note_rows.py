"""The catalogue rows that the note is about. Raises CatalogError where one is missing."""

from core.catalog.schema import ApiOffer, Card, Catalog, MachineOffer
from core.cost.by_use.flat_bill import ApiBill
from core.cost.by_use.usage_bill import UsageBill
from core.decide.load.text_load import text_load
from core.decide.options.terms.usage import usage_bill
from core.decide.seed_note.seed_note import note_scenario
from core.errors import CatalogError
from core.units import TOKENS_PER_MTOK

SMALL = "openai/text-embedding-3-small"
LARGE = "openai/text-embedding-3-large"
ADA = "openai/text-embedding-ada-002"
HUGGING_FACE = "huggingface/hf-inference"
TOGETHER = "together/multilingual-e5-large-instruct"
REPLICATE = "replicate/t4"
P3 = "aws/p3.2xlarge"
G6 = "aws/g6.xlarge"
RTX_4080 = "rtx-4080"


def api(catalog: Catalog, option_id: str) -> ApiOffer:
    """The API offer."""
    found = catalog.find_api(option_id)
    if found is None:
        raise _missing(option_id)
    return found[1]


def gpu(catalog: Catalog, option_id: str) -> MachineOffer:
    """The rented GPU."""
    found = catalog.find_machine(option_id)
    if found is None:
        raise _missing(option_id)
    return found[1]


def hourly(catalog: Catalog, option_id: str) -> float:
    """Price of the rented GPU, USD/h."""
    return float(gpu(catalog, option_id).price.usd)


def note_card(catalog: Catalog) -> Card:
    """The card that the note owns."""
    card = catalog.card(RTX_4080)
    if card is None:
        raise _missing(RTX_4080)
    return card


def bill(catalog: Catalog, option_id: str) -> UsageBill:
    """The API's bill at the note's text length."""
    scenario, offer = note_scenario(), api(catalog, option_id)
    return usage_bill(
        offer,
        text_load(scenario.workload, None),
        scenario.workload,
        scenario.serverless,
        seconds_per_text=offer.seconds_per_request,
    )


def usd_at(api_bill: ApiBill | UsageBill, tokens: float) -> float:
    """What a bill asks for so many tokens, USD."""
    return float(api_bill.curve().at(tokens))


def usd_per_mtok(catalog: Catalog, option_id: str) -> float:
    """What a million tokens cost, USD."""
    return usd_at(bill(catalog, option_id), TOKENS_PER_MTOK)


def _missing(row_id: str) -> CatalogError:
    return CatalogError(f"the note is about {row_id}, which the catalogue lacks: add it")
