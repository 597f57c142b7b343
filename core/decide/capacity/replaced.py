"""What a sweep of this machine replaces in the model: the figure before, and the measured one."""

from dataclasses import dataclass

from core.catalog.device_card import card_of
from core.catalog.schema import Card
from core.decide.capacity.electricity import own_power
from core.decide.capacity.replica_capacity import measured_capacity, nominal_on
from core.decide.case import Case
from core.decide.load.text_load import TextLoad
from core.decide.result.option import CapacityUsed
from core.errors import ModelInputError
from core.measurement.measured import Measurement
from core.measurement.sweep import EngineFit
from core.units import MS_PER_S


@dataclass(frozen=True, slots=True)
class Replaced:
    """One figure."""

    what: str
    before: str
    """What the model assumed, or took from a probe of single texts; why there was nothing."""
    now: str


def replaced(measured: Measurement, case: Case) -> tuple[Replaced, ...]:
    """Every figure of this machine that its sweep gives the model; empty without a sweep."""
    fit = measured.fit
    if fit is None:
        return ()
    hosting = case.scenario.hosting
    texts = case.texts_before(case.catalog.model(measured.subject.model))
    probed = _single_texts(measured)
    before = measured_capacity(probed, texts, case) if probed else None
    now = measured_capacity(measured, texts, case)
    if now is None:
        return ()
    figures = [
        Replaced("Throughput in full batches", _rate(before), _rate(now)),
        Replaced("Within the objective", _usable(before, texts), _usable(now, texts)),
        Replaced(
            "Start of a batch",
            f"{hosting.batch_start_s * MS_PER_S:.3g} ms, assumed for every card",
            f"{fit.start_s * MS_PER_S:.3g} ms",
        ),
        _electricity(measured, fit, in_the_price=hosting.own_price_includes_power),
    ]
    card = card_of(measured.subject.hardware or "", case.catalog.cards)
    if card is not None:
        published = _catalogued(measured.subject.model, card, case)
        figures.append(Replaced(f"Catalogue, {card.name}", published, _rate(now)))
    return tuple(figures)


def _single_texts(measured: Measurement) -> Measurement | None:
    """The probe alone, as the model would use it without the sweep."""
    return measured.model_copy(update={"fit": None}) if measured.summary.tokens_per_s else None


def _rate(capacity: CapacityUsed | None) -> str:
    if capacity is None:
        return "nothing: it was not measured"
    batches = capacity.replica is None or capacity.replica.texts_per_batch > 1
    return f"{'' if batches else 'at least '}{capacity.nominal_tokens_per_s:,.0f} tokens/s"


def _usable(capacity: CapacityUsed | None, texts: TextLoad) -> str:
    if capacity is None:
        return "nothing: it was not measured"
    rate = capacity.usable_tokens_per_s / texts.tokens
    return f"{rate:,.4g} texts/s of {texts.tokens:,.4g} tokens"


def _electricity(measured: Measurement, fit: EngineFit, *, in_the_price: bool) -> Replaced:
    power, said = own_power(measured, in_the_price=in_the_price)
    if power is None:
        return Replaced("Electricity", "none billed", said)
    now = f"{power.idle_w:.0f} W idle, {power.active_w:.0f} W at full batches, {fit.energy_source}"
    return Replaced("Electricity", "none billed", now)


def _catalogued(model_id: str, card: Card, case: Case) -> str:
    """What the catalogue would have said of this model on this card."""
    try:
        nominal = nominal_on(model_id, card, None, case.catalog, case.published.rates)
    except ModelInputError as why:
        return str(why)
    if nominal is None:
        return "nothing: no throughput is published or can be predicted"
    return f"{nominal.tokens_per_s:,.0f} tokens/s, {nominal.basis}"
