"""What an option must satisfy besides being cheap, and by how much it fails."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.catalog.schema import Benchmark, Catalog
from core.cost.by_use.retries import attempts_needed
from core.decide.advice.own_quality import found_too_little
from core.decide.advice.violation import Rule, Violation
from core.decide.capacity.meets_objective import percent
from core.decide.case import Case
from core.decide.result.obstacle import DEMANDED, Obstacle
from core.decide.result.option import Option, OptionKind
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import Objective, Scenario, Serverless, hybrid_parts

RULES: Final = {
    Obstacle.PLACE: Rule.REGION,
    Obstacle.BUDGET: Rule.BUDGET,
    Obstacle.RETENTION: Rule.RETENTION,
    Obstacle.LANGUAGE: Rule.LANGUAGE,
    Obstacle.WINDOW: Rule.LENGTH,
    Obstacle.LICENCE: Rule.LICENCE,
}
"""What a demand of the question's is called among the rules."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What page Plan demands beside the question's own demands. The defaults demand nothing."""

    providers: frozenset[str] = frozenset()
    """Ids of the providers that may be used; empty: any."""
    keys_at_hand: frozenset[str] | None = None
    """Names of the environment variables that are set; None: keys are not asked for."""
    measured_only: bool = False
    """The latency must have been seen to meet the objective; not known is not enough."""
    same_weights_as: str | None = None
    """Model whose vectors are in use and must not change."""
    quality: tuple[tuple[str, float], ...] = ()
    """The user's own score of models, on any one scale: no board's scores are kept here."""
    least_quality: float | None = None
    benchmark: Benchmark | None = None
    """The published test that ``least_score`` is of: no other says anything of it."""
    least_score: float | None = None
    """In that benchmark, 0 to 100."""
    least_recall: float | None = None
    """Share of what is relevant to one's own queries that must be found, as it was measured."""


def violations(row: OptionAtVolume, case: Case, demanded: Constraints) -> tuple[Violation, ...]:
    """Everything that stands in an option's way, the fixed first."""
    catalog = case.catalog
    violated = [
        *_itself(row, case.scenario),
        *(Violation(RULES[one.kind], one.said, one.relax, one.times) for one in row.against),
        *place_violations(row.option, catalog, demanded),
        *model_violations(row.option.label, row.option.model, catalog, demanded),
        *found_too_little(row.option.label, row.quality, demanded.least_recall),
    ]
    if demanded.measured_only and row.meets_slo is None:
        relax = "Probe it, or accept a latency that nobody has measured."
        violated.append(Violation(Rule.MEASURED, f"{row.option.label} is not measured.", relax))
    return tuple(violated)


def _itself(row: OptionAtVolume, scenario: Scenario) -> Sequence[Violation]:
    """What the option says of itself: price, length, latency, limit."""
    violated = [Violation(Rule.NOT_KNOWN, one.sentence, one.next_step) for one in row.unknown]
    if row.usd_per_month is None and row.obstacle is not Obstacle.MEMORY:
        violated.append(_no_bill(row.option))
    if row.obstacle is None or row.obstacle in DEMANDED:
        return violated
    tokens = scenario.tokens_per_month
    return [*violated, _refused(row, scenario.objective, scenario.serverless, tokens)]


def _refused(
    row: OptionAtVolume, objective: Objective, calls: Serverless, tokens_per_month: float
) -> Violation:
    """What keeps it from serving, and what would let it in."""
    reason, lost, left = row.infeasible_reason, row.option.lost_share, row.unanswered_share or 0.0
    match row.obstacle:
        case Obstacle.WITHDRAWN:
            return Violation(Rule.SOLD, reason, "")
        case Obstacle.MEMORY:
            return Violation(Rule.MEMORY, reason, "Choose a larger card or a smaller model.")
        case Obstacle.LENGTH:
            return _too_long(row.option, reason, lost or 0.0, objective.max_lost_share)
        case Obstacle.UNANSWERED:
            allowed = objective.max_unanswered_share
            relax = _more_attempts(calls, allowed, left)
            return Violation(Rule.UNANSWERED, reason, relax, _times(left, allowed))
        case Obstacle.FAILURES:
            return Violation(Rule.UNANSWERED, reason, "Measure it again, or allow more attempts.")
        case Obstacle.LATENCY:
            return _too_slow(row, reason, objective.slo_p95_s)
        case Obstacle.LIMIT:
            ceiling = row.option.ceiling_tokens_per_month or 0.0
            return _limited(reason, tokens_per_month, ceiling)
    return Violation(Rule.OTHER, reason, "")


def _too_long(option: Option, reason: str, lost: float, allowed: float) -> Violation:
    window = f"{option.max_tokens:,} tokens"
    relax = f"Shorten or split texts to {window}, or allow {percent(lost)} of all to be lost."
    return Violation(Rule.LENGTH, reason, relax, _times(lost, allowed))


def _too_slow(row: OptionAtVolume, reason: str, slo_p95_s: float) -> Violation:
    needed_s = _needed_s(row, slo_p95_s)
    relax = f"Allow a p95 of {needed_s:.3g} s." if math.isfinite(needed_s) else ""
    return Violation(Rule.OBJECTIVE, reason, relax, needed_s / slo_p95_s)


def _limited(reason: str, volume: float, ceiling: float) -> Violation:
    times = _times(volume, ceiling)
    by = f" {times:.3g} times, or send so much less" if ceiling > 0 else ""
    return Violation(Rule.LIMIT, reason, f"Have the limit raised{by}.", times)


def _no_bill(option: Option) -> Violation:
    """Why no bill can be made. A price of one's own helps only where a price is what is missing."""
    reason = option.unpriced_reason
    if option.price.usd is None and (option.capacity or option.kind is not OptionKind.THIS_MACHINE):
        return Violation(Rule.PRICE, reason, "Enter your own price.")
    if option.kind in (OptionKind.THIS_MACHINE, OptionKind.PER_SECOND):
        return Violation(Rule.MEASURED, reason, "Measure it.")
    return Violation(Rule.OTHER, reason, "")


def _more_attempts(calls: Serverless, allowed: float, left: float) -> str:
    """What would let an option in that leaves too many texts without an answer."""
    attempts = attempts_needed(calls.failure_rate, allowed)
    more = "" if attempts is None else f"{attempts} attempts, or "
    return f"Allow {more}{percent(left)} of the texts without an answer."


def _times(needed: float, allowed: float) -> float:
    """How many times what is allowed is needed; inf where nothing is allowed."""
    return needed / allowed if allowed > 0 else math.inf


def _needed_s(row: OptionAtVolume, slo_p95_s: float) -> float:
    """The objective that an option would meet which is too slow, s; inf: nobody knows one."""
    if row.meets_slo is False:
        p95 = row.measured.summary.response_p95 if row.measured else None
        return (p95 and (p95.high_s or p95.value_s)) or math.inf
    predicted = row.predicted_p95_s or 0.0
    return predicted if predicted > slo_p95_s else math.inf


def place_violations(
    option: Option, catalog: Catalog, demanded: Constraints
) -> Sequence[Violation]:
    """Whom one may use, and with which key; of a hybrid both sides are asked."""
    violated = []
    parts = hybrid_parts(option.id) or (option.id,)
    sold = [catalog.find_api(part) or catalog.find_machine(part) for part in parts]
    providers = {each[0].id: each[0] for each in sold if each is not None}
    if demanded.providers:
        for provider in (p for name, p in providers.items() if name not in demanded.providers):
            sentence = f"{provider.name} is not among the providers that may be used."
            violated.append(Violation(Rule.PROVIDER, sentence, f"Allow {provider.name}."))
    return [*violated, *_keys(parts, catalog, demanded)]


def _keys(parts: Sequence[str], catalog: Catalog, demanded: Constraints) -> Sequence[Violation]:
    """The keys of its APIs that are not at hand."""
    violated = []
    for api in filter(None, map(catalog.find_api, parts)):
        key = api[0].endpoint.key_env if api[0].endpoint else None
        if demanded.keys_at_hand is not None and key and key not in demanded.keys_at_hand:
            sentence = f"No key for {api[0].name} is at hand."
            violated.append(Violation(Rule.KEY, sentence, f"Set {key}."))
    return violated


def model_violations(
    label: str, model: str | None, catalog: Catalog, demanded: Constraints
) -> Sequence[Violation]:
    """Which vectors come out of an option, and how good they are: what its model alone decides."""
    violated = []
    wanted = demanded.same_weights_as
    if wanted is not None and not catalog.shares_space(model, wanted):
        sentence = f"{label} gives vectors of {model or 'an unknown model'}."
        relax = f"Re-embed the corpus: vectors of {wanted} do not mix with others."
        violated.append(Violation(Rule.WEIGHTS, sentence, relax))
    if demanded.least_quality is not None:
        score = dict(demanded.quality).get(model or "")
        if score is None:
            sentence = f"The quality of {model or 'its model'} is not known."
            violated.append(Violation(Rule.QUALITY, sentence, "Enter its score."))
        elif score < demanded.least_quality:
            sentence = f"{model} scores {score:g}, below {demanded.least_quality:g}."
            violated.append(Violation(Rule.QUALITY, sentence, f"Accept a score of {score:g}."))
    violated += _published_score(model, catalog, demanded)
    return violated


def _published_score(
    model: str | None, catalog: Catalog, demanded: Constraints
) -> Sequence[Violation]:
    """Whether a benchmark's score is high enough; a model without one is not known to be."""
    benchmark, least = demanded.benchmark, demanded.least_score
    if benchmark is None or least is None:
        return ()
    score = catalog.score(model or "", benchmark)
    if score is None:
        sentence = f"No score of {model or 'its model'} in {benchmark} is known."
        relax = "Try it on your own texts, or accept models without a score."
        return (Violation(Rule.QUALITY_UNKNOWN, sentence, relax),)
    if score.score >= least:
        return ()
    sentence = f"{model} scores {score.score:g} in {benchmark}, below {least:g}."
    relax = f"Accept a score of {score.score:g}."
    return (Violation(Rule.QUALITY, sentence, relax, least / score.score),)
