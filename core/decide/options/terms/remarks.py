"""The short remarks that stand beside an option."""

from core.catalog.schema import Catalog, ModelCard, Price
from core.decide.capacity.meets_objective import percent
from core.decide.load.text_load import TextLoad
from core.scenario import Workload

LONG_TEXT_FACTOR = 4.0
"""A window below this many mean lengths cuts some texts: with lengths spread as widely as their
mean (an exponential law), exp(-4) = 2 % of the texts are longer."""

LEAST_SHOWN = 1e-6
"""Share of the texts below which none of a million is."""

NOTICED = 0.0005
"""Share of the texts from which a limit is worth a word."""


def vectors_note(model_id: str, hosted_model_id: str, catalog: Catalog) -> str:
    """Whether the option's vectors are of another space than those of self-hosting."""
    if catalog.shares_space(model_id, hosted_model_id):
        return ""
    return f"other model: vectors of {model_id} and {hosted_model_id} do not mix"


def why_not_hosted(model_id: str, catalog: Catalog) -> str:
    """Why no machine can run a model, whatever its size; "" where one can."""
    model = catalog.model(model_id)
    if model is None:
        return f"The catalogue has no model {model_id}: choose one that it has."
    if model.kind == "api":
        return (
            f"The weights of {model_id} are not for hosting: it is sold as an API only. Choose a "
            "model with open weights."
        )
    return ""


def reading_note(max_tokens: int | None, workload: Workload) -> str:
    """Whether longer texts than the mean are likely to be cut or refused."""
    if max_tokens is None or max_tokens >= LONG_TEXT_FACTOR * workload.tokens_per_request:
        return ""
    return f"reads at most {max_tokens:,} tokens"


def cut_note(texts: TextLoad) -> str:
    """What the model's limit takes away, or how many chunks it makes."""
    if texts.cut_share > NOTICED:
        return f"cuts {texts.cut_share:.1%} of the texts: {texts.lost_share:.1%} of the tokens lost"
    if texts.texts > 1 + NOTICED:
        return f"{texts.texts:.3g} chunks a text, {texts.billed_share - 1:.0%} of it repeated"
    return ""


def unanswered_note(share: float) -> str:
    """What the bill makes of texts that stay unanswered; "" where there are next to none."""
    if share < LEAST_SHOWN:
        return ""
    return f"{percent(share)} of the texts stay unanswered: they are priced as sent again"


def api_labour_note(usd_per_month: float) -> str:
    """That nobody's time is in an API's bill; "" where it is stated."""
    return "" if usd_per_month else "people's time around it is left out"


def price_note(price: Price) -> str:
    """Whether sources disagree on the price."""
    if price.low is None and price.high is None:
        return ""
    low, high = price.low or price.usd, price.high or price.usd
    return f"sources say ${low} to ${high}"


def currency_note(price: Price) -> str:
    """In which currency a price is billed, and by which rate it is compared; "" of one in USD."""
    if price.amount is None or price.usd_per_currency is None:
        return ""
    return f"billed {price.amount} {price.currency}, at {price.usd_per_currency} USD for one"


def set_up_note(price: Price) -> str:
    """The fee that is due when a machine is taken; "" without one."""
    return f"${price.usd_set_up:,.2f} once, to set each up" if price.usd_set_up else ""


def licence_note(model: ModelCard | None) -> str:
    """Whether the model's licence stands in the way of hosting it for a business."""
    if model is None or model.commercial_self_host:
        return ""
    if model.commercial_self_host is None:
        return f"whether a business may host {model.id} ({model.licence}) is not known"
    return f"licence of {model.id} ({model.licence}) forbids commercial self-hosting"
