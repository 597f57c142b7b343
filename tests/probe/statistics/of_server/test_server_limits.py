"""How large a request a server takes, by what it answered and refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.probe.records.limit_search import SPARE
from core.probe.records.probe_plan import ServerSweep
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.of_server.between_limits import texts_between
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


@settings(max_examples=60)
@given(st.sets(st.integers(2, 2_048), min_size=1, max_size=5), st.data())
def test_halving_finds_every_limit_in_the_requests_that_were_planned(
    sizes: set[int], data: st.DataObject
) -> None:
    """Whatever was tried before and wherever the limit lies; failures in between cost the spare."""
    asked = ServerSweep(
        sizes=(1, *sorted(sizes)), tokens=(16,), load_tokens=16, repeats=1, workers=(1,),
        shares=(), rounds=1, find_limits=True,
    )  # fmt: skip
    most = data.draw(st.integers(1, asked.sizes[-1] - 1))
    step, requests, *_ = asked.searches[0]
    seen = [judged(0, n, n, most) for n in asked.sizes]
    seen = [replace(one, seq=n, step=n) for n, one in enumerate(seen)]
    failing = data.draw(st.sets(st.integers(0, max(0, requests - 1)), max_size=SPARE))
    for sent in range(requests):
        open_at = texts_between(asked, seen)
        assert open_at is not None
        if open_at.exact:
            break
        broken = replace(sample(0, 0.1, step=step), outcome=Outcome.SERVER_ERROR, http_status=500)
        one = broken if sent in failing else judged(step, open_at.middle, open_at.middle, most)
        seen.append(replace(one, seq=len(seen)))
    limit = size_limit(asked, seen)
    assert limit is not None
    assert (limit.texts, limit.refused_texts) == (most, most + 1)


def judged(step: int, seq: int, texts: int, most: int) -> Sample:
    """An answer, or a refusal of more texts than there may be."""
    made = replace(sample(seq, 0.1, step=step, texts=texts), seq=seq)
    if texts <= most:
        return made
    return replace(made, outcome=Outcome.OVER_LIMIT, http_status=413)


def test_a_refusal_for_length_is_no_limit_of_texts() -> None:
    """Sixty-four short texts were too many tokens together: no number of texts is looked for."""
    refused = replace(
        at(64, 16, status=413), server_said="`inputs` must have less than 512 tokens. Given: 1024"
    )
    assert texts_between(SWEEP, [at(32, 16), refused]) is None


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_other_refusals_say_nothing_of_a_size(status: int) -> None:
    """A server that is busy, broken or shut is not one that takes small requests alone."""
    seen = [at(64, 16, status=status)]
    assert not any(outgrown(SWEEP, seen, step) for step in STEPS.values())
    assert size_limit(SWEEP, seen) is None
