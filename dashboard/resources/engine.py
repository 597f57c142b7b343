"""The local engine's sweeps for the page: start one, the newest one, and what it predicts."""

from dataclasses import dataclass

from core.decide.capacity.replaced import Replaced
from core.decide.capacity.replaced import replaced as decide_replaced
from core.decide.capacity.replica_capacity import nominal_on
from core.engines.common.status import MODEL, engine_status
from core.errors import RunError
from core.measurement.latency import Subject
from core.measurement.measured import Measurement
from core.measurement.sweep import SweepReport
from core.probe.records.probe_plan import LocalTarget
from core.runs.sweep.sweep_question import SweepQuestion
from core.runs.watching.run_view import RunView
from core.scenario import THIS_MACHINE, Scenario
from dashboard.resources.cached import cached_answer, cached_catalogue, cached_store

__all__ = [
    "LocalTarget",
    "PredictedRow",
    "SweepQuestion",
    "SweepReport",
    "may_name_models",
    "missing",
    "newest",
    "predicted",
    "replaced",
    "start",
]


@dataclass(frozen=True, slots=True)
class PredictedRow:
    """What is published, or what the law of size says, of this model on a card of the catalogue."""

    card: str
    tokens_per_s: float
    low_tokens_per_s: float
    high_tokens_per_s: float
    basis: str


def missing() -> str:
    """Why the engine cannot run here ("" where it can): a sentence with the command."""
    status = engine_status()
    return "" if status.ready else f"{status.summary}. Run: {status.advice}"


def may_name_models() -> bool:
    """Whether a visitor may name folders of this computer: not where strangers reach the page."""
    return cached_store.settings().allow_custom_base_url


def start(target: LocalTarget, question: SweepQuestion) -> str:
    """Start a sweep; returns its id. Raises one of our errors, and then nothing was started."""
    if (target.model is not None or target.allow_custom_code) and not may_name_models():
        raise RunError(
            "This installation measures the packaged model only "
            "(BREAKEVEN_ALLOW_CUSTOM_BASE_URL is off)."
        )
    model = target.model or MODEL
    own = target.model is None
    subject = Subject(
        option_id=THIS_MACHINE if own else f"{THIS_MACHINE}/{model}"[:200],
        label="This machine" if own else f"This machine, {model}"[:120],
        model=model,
        place=cached_store.settings().place,
    )
    return cached_store.runs().start_sweep(subject, target, question)


def newest() -> tuple[RunView, SweepReport] | None:
    """The newest sweep of this machine's option, with what it found."""
    return cached_store.runs().newest_sweep(THIS_MACHINE)


def measured() -> Measurement | None:
    """What the comparison knows of this machine."""
    return cached_store.measurements().get(THIS_MACHINE)


def replaced(scenario: Scenario) -> tuple[Replaced, ...]:
    """What the sweep in use gives the model, beside what stood there before."""
    found = measured()
    return () if found is None else decide_replaced(found, cached_answer.case(scenario))


def predicted(model_id: str, scenario: Scenario) -> tuple[PredictedRow, ...]:
    """A model on every card of the catalogue, quickest first; empty where its size is not known."""
    case, rows = cached_answer.case(scenario), []
    for card in cached_catalogue.catalog().cards:
        nominal = nominal_on(model_id, card, None, case.catalog, case.published.rates)
        if nominal is not None:
            rate = nominal.tokens_per_s
            rows.append(
                PredictedRow(
                    card.name,
                    rate,
                    rate * nominal.low_share,
                    rate * nominal.high_share,
                    nominal.basis,
                )
            )
    return tuple(sorted(rows, key=lambda row: -row.tokens_per_s))
