"""What a step from one model to another means, beside what it saves."""

from collections.abc import Iterator

from core.decide.result.option import SELF_HOSTED, OptionKind
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from dashboard import formats
from dashboard.resources.cached import cached_catalogue, cached_store


def models_compared(snapshot: Snapshot) -> tuple[str, str] | None:
    """The winner's model and that of its best rival on the other side; None where they agree.

    The sides are one's own hardware and an API: between them a team decides.
    """
    verdict = snapshot.verdict
    winner = verdict.winner
    if winner is None:
        return None
    own = winner.option.kind in SELF_HOSTED
    rival = _cheapest_api(snapshot) if own else verdict.self_hosted
    if rival is None or winner.option.model is None or rival.option.model is None:
        return None
    one, other = winner.option.model, rival.option.model
    catalog = cached_catalogue.catalog()
    return None if catalog.shares_space(one, other) else (one, other)


def _cheapest_api(snapshot: Snapshot) -> OptionAtVolume | None:
    apis = (row for row in snapshot.rows if row.option.kind is OptionKind.API and row.can_serve)
    return next(apis, None)


def sentences(one: str, other: str) -> Iterator[str]:
    """That vectors change, both published scores of one benchmark, and whether neighbours do."""
    yield f"{one} and {other} are different models, whose vectors do not mix."
    for benchmark, scores in cached_catalogue.catalog().scores_of(one, other).items():
        values = " against ".join(f"{score.score:g}" for score in scores)
        yield f"{benchmark.value}: {values}."
    overlap = cached_store.neighbours_between(one, other)
    if overlap is None:
        yield "Would a search find the same? Compare them with Probe provider."
        return
    yield (
        f"On {overlap.texts} of your texts they share {formats.percent(overlap.mean)} of the "
        f"{overlap.k} nearest ({formats.percent(overlap.low)} to {formats.percent(overlap.high)}; "
        f"{formats.percent(overlap.by_chance)} would be chance)."
    )


def model_change_text(snapshot: Snapshot) -> str:
    """All of it in one line; "" where both sides have the same weights."""
    pair = models_compared(snapshot)
    return "" if pair is None else " ".join(sentences(*pair))
