"""What a step to another model means, said where the decision is."""

from dataclasses import replace

import pytest

from core.decide.result.snapshot import Snapshot
from core.measurement.beside.neighbours import NeighboursFound
from dashboard.components.compare.model_change import model_change_text, models_compared, sentences
from dashboard.resources.cached import cached_catalogue, cached_store
from tests.dashboard.components.runs.one_run.test_run_neighbours import found
from tests.dashboard.conftest import Ask


def with_winner_of(snapshot: Snapshot, model: str) -> Snapshot:
    """The same answer, but the winner has another model."""
    winner = snapshot.verdict.winner
    assert winner is not None
    changed = replace(winner, option=replace(winner.option, model=model))
    return replace(snapshot, verdict=replace(snapshot.verdict, winner=changed))


def test_the_two_sides_of_the_decision_are_named_where_their_models_differ(ask: Ask) -> None:
    """The winner and the best of the other side: an API against one's own hardware."""
    snapshot = ask().snapshot
    hosted = snapshot.verdict.self_hosted
    assert hosted is not None
    assert hosted.option.model is not None
    other = with_winner_of(snapshot, "api/other")
    assert models_compared(other) == ("api/other", hosted.option.model)
    assert models_compared(with_winner_of(snapshot, hosted.option.model)) is None
    assert models_compared(ask(options=()).snapshot) is None
    assert models_compared(ask(options=("alpha/flat",)).snapshot) is None


def test_without_a_measurement_it_says_how_to_make_one(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors of two models do not mix, whatever they cost."""
    monkeypatch.setattr(cached_store, "neighbours_between", lambda *_: None)
    text = model_change_text(with_winner_of(ask().snapshot, "api/other"))
    assert "whose vectors do not mix" in text
    assert "Compare them with Probe provider" in text


def test_a_measurement_of_the_two_models_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its interval and with what chance would give."""

    def between(one: str, other: str) -> NeighboursFound | None:
        return found() if {one, other} == {"m1", "m2"} else None

    monkeypatch.setattr(cached_store, "neighbours_between", between)
    said = " ".join(sentences("m1", "m2")).replace("\u00a0", " ")
    assert "share 60 % of the 5 nearest (40 % to 80 %; 10 % would be chance)" in said


def test_scores_of_one_benchmark_stand_side_by_side_and_never_of_two() -> None:
    """Each sentence names its benchmark and has a score of both."""
    models = [score.model for score in cached_catalogue.catalog().scores]
    one, other = dict.fromkeys(models).keys().__iter__(), iter(reversed(models))
    first, second = next(one), next(other)
    shared = cached_catalogue.catalog().scores_of(first, second)
    said = [text for text in sentences(first, second) if " against " in text]
    assert len(said) == len(shared)
    for text, (benchmark, scores) in zip(said, shared.items(), strict=True):
        assert text.startswith(benchmark.value)
        assert all(f"{score.score:g}" in text for score in scores)
