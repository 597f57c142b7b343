"""How large a request a server takes, by what it answered and refused."""

from dataclasses import replace

import pytest

from core.probe.records.probe_plan import ServerSweep
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.of_server.server_limits import outgrown, size_limit
from tests.probe.support import sample

SWEEP = ServerSweep(sizes=(1, 8, 32, 64), tokens=(16, 512), load_tokens=16, patience_s=3.0)
STEPS = {cell: step for step, cell in enumerate(SWEEP.cells)}


def at(texts: int, tokens: int, seconds: float = 0.1, status: int | None = None) -> Sample:
    """An answer, or a refusal by its status."""
    made = sample(0, seconds, step=STEPS[texts, tokens], texts=texts)
    if status is None:
        return made
    return replace(made, outcome=Outcome.HTTP_ERROR, http_status=status)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_size_ends_its_axis_and_no_other(status: int) -> None:
    """What is as large or larger in both ways is left out; what is smaller in one is tried."""
    seen = [at(32, 16), at(64, 16, status=status)]
    left_out = {cell for cell, step in STEPS.items() if outgrown(SWEEP, seen, step)}
    assert left_out == {(64, 16), (64, 512)}
    limit = size_limit(SWEEP, seen)
    assert limit is not None
    assert (limit.texts, limit.refused_texts, limit.refused_tokens) == (32, 64, None)


def test_a_text_that_is_too_long_is_told_from_too_many_texts() -> None:
    """One text alone was refused at this length: that is no limit of texts."""
    seen = [at(64, 16), at(1, 512, status=400)]
    limit = size_limit(SWEEP, seen)
    assert limit is not None
    assert (limit.texts, limit.refused_texts, limit.refused_tokens) == (64, None, 512)
    assert outgrown(SWEEP, seen, STEPS[8, 512])
    assert not outgrown(SWEEP, seen, STEPS[64, 16])


def test_what_takes_long_is_repeated_and_not_made_larger() -> None:
    """The slow size itself is measured again: its time is one of the fit's."""
    seen = [at(8, 512, seconds=4.0)]
    assert not outgrown(SWEEP, seen, STEPS[8, 512])
    assert outgrown(SWEEP, seen, STEPS[32, 512])
    assert not outgrown(SWEEP, seen, STEPS[32, 16])


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_other_refusals_say_nothing_of_a_size(status: int) -> None:
    """A server that is busy, broken or shut is not one that takes small requests alone."""
    seen = [at(64, 16, status=status)]
    assert not any(outgrown(SWEEP, seen, step) for step in STEPS.values())
    assert size_limit(SWEEP, seen) is None
