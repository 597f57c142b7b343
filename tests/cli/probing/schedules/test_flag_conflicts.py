"""Flags that contradict each other, or that nothing would read, are refused by name."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from core.cli.probing.schedules.flag_conflicts import WAYS, refuse_contradictions
from core.cli.probing.schedules.number_lists import flag
from core.errors import RunError
from tests.cli.terminal import breakeven

TYPED: dict[str, Any] = {
    "ramp": "1:8:2x",
    "batches": "1,4",
    "concurrency": "1,2",
    "cold": "1,10",
    "against": ["this-machine"],
}


@pytest.mark.parametrize(("one", "other"), list(combinations(WAYS, 2)))
def test_two_ways_to_ask_are_refused_by_their_names(one: str, other: str) -> None:
    """All pairs of them."""
    with pytest.raises(RunError) as refused:
        refuse_contradictions({name: TYPED[name] for name in (one, other)})
    assert flag(one) in str(refused.value)
    assert flag(other) in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ramp": "1:8:2x", "rate": 2.0}, "--rate says nothing beside --ramp"),
        ({"batches": "1", "requests": 9}, "--requests says nothing beside --batches"),
        ({"cold": "1", "characters": "9"}, "nothing beside --cold: it goes with --batches"),
        ({"repeats": 3}, "--repeats says nothing by itself: it goes with --batches or --cold"),
        ({"step_s": 3.0}, "--step-s says nothing by itself: it goes with --ramp"),
        ({"option": "x", "base_url": "y"}, "--option and --base-url both say whom to ask"),
        ({"model": "m"}, "--model is for an address that you type: give --base-url"),
        ({"wire": "cohere", "dimensions": 8}, "--wire and --dimensions is for an address"),
        ({"plan": Path("p"), "rate": 2.0, "slo": 1.0}, "leave out --rate and --slo"),
        ({"plan": Path("p"), "base_url": "y"}, "says whom to ask and how: leave out --base-url"),
    ],
)  # fmt: skip
def test_a_flag_that_would_not_be_read_is_refused(typed: dict[str, Any], words: str) -> None:
    """Nothing that was typed is passed over without a word."""
    with pytest.raises(RunError) as refused:
        refuse_contradictions(typed)
    assert words in str(refused.value)


def test_only_what_was_typed_contradicts(tmp_path: Path) -> None:
    """Through the command: a default beside a flag is no contradiction, the same typed is."""
    typed = ("--ramp", "1:8:2x", "--rate", "8")
    refused = breakeven(tmp_path, "probe", *typed)
    assert refused.returncode == 2
    assert "--rate says nothing beside --ramp" in refused.stderr
    passed = breakeven(tmp_path, "probe", *typed[:2], "--base-url", "no address at all")
    assert "This is no address of a server" in passed.stderr
