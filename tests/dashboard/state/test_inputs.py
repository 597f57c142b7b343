"""Inputs read from the scenario's declarations."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scenario import (
    Choice,
    Demands,
    Documents,
    Hosting,
    Knob,
    Objective,
    Scenario,
    Serverless,
    Vectors,
    Workload,
)
from dashboard.state.inputs import INPUTS, NAMED, round_steps, with_named, with_numbers

KEYS = sorted(INPUTS)


def test_every_declared_knob_is_an_input() -> None:
    """A new field with a knob or a choice needs nothing here, and no two share a URL key."""
    declared = [
        part.url_key
        for model in (Workload, Objective, Serverless, Hosting, Vectors, Demands, Documents)
        for info in model.model_fields.values()
        for part in info.metadata
        if isinstance(part, Knob | Choice)
    ]
    assert set(INPUTS) | set(NAMED) == set(declared)
    assert len({*declared, "o", "m", "cal", "p", "hours"}) == len(declared) + 5


@pytest.mark.parametrize("key", sorted(NAMED))
def test_every_named_value_survives_a_link(key: str) -> None:
    """Each value has a word of its own, and its text in a link reads back."""
    entry = NAMED[key]
    assert entry.of(Scenario()) == entry.default
    assert len({entry.word(value) for value in entry.values}) == len(entry.values)
    for value in entry.values:
        assert entry.parse(entry.link_text(value)) == value
        assert entry.of(with_named(Scenario(), {key: value})) == value
    assert entry.parse("nothing of the kind") is None


@pytest.mark.parametrize("key", KEYS)
def test_defaults_lie_within_their_limits(key: str) -> None:
    """No control starts at a value that it would refuse."""
    entry = INPUTS[key]
    assert entry.low <= entry.default <= entry.high
    assert entry.of(Scenario()) == entry.default


@given(st.sampled_from(KEYS), st.floats(allow_nan=False))
def test_any_number_becomes_a_valid_scenario(key: str, value: float) -> None:
    """Whatever a widget says, the scenario stays within its declared limits."""
    changed = with_numbers(Scenario(), {key: value})
    assert Scenario.model_validate(changed.model_dump()) == changed


@given(st.floats(min_value=1e-9, max_value=1e9), st.floats(min_value=1.01, max_value=1e9))
def test_steps_are_few_sorted_and_hold_both_limits(low: float, factor: float) -> None:
    """A slider's steps rise by at most a factor of 1.5 and end where the limits are."""
    steps = round_steps(low, low * factor)
    assert steps[0] == low
    assert steps[-1] == low * factor
    assert all(a < b <= a * 1.5 for a, b in pairwise(steps))


@given(st.floats(min_value=1, max_value=1e10))
def test_the_current_value_is_always_a_choice(value: float) -> None:
    """A value that came by link stays exact."""
    choices = INPUTS["q"].choices(value)
    assert value in choices
    assert INPUTS["q"].default in choices
    assert list(choices) == sorted(set(choices))
