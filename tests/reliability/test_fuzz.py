"""A small share of the fuzz in every check; all of it: ``python -m tests.reliability fuzz``."""

import pytest

from tests.reliability.fuzz import Tally, attempt, doors

EACH = 150


@pytest.mark.parametrize("name", ["scenarios", "files of runs", "loads", "links"])
def test_nothing_but_a_sentence_comes_out_of_a_door(name: str) -> None:
    """No traceback, no warning; each refusal is short and plain; some of what comes is taken."""
    tally = Tally()
    with doors() as known:
        for seed in range(EACH):
            attempt(known[name], seed, tally)
    assert not tally.faults
    assert tally.taken > EACH / 20
    assert tally.refused > EACH / 20 or name == "links"
