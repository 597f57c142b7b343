"""Texts of choices that tell the choices apart."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import PriceUnit
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.shared.labels import distinct
from dashboard.components.sidebar.sidebar_controls import SHARES
from dashboard.resources.cached import cached_catalogue
from dashboard.state.inputs import INPUTS

SLIDERS = sorted(key for key, entry in INPUTS.items() if entry.knob.scale == "log")
PERCENTAGES = sorted(
    key for key, entry in INPUTS.items() if key not in SLIDERS and entry.knob.unit in SHARES
)


def test_texts_that_differ_stay_as_they_are() -> None:
    """Nothing is added where nothing is needed."""
    assert distinct((1.0, 2.0), str) == {1.0: "1.0", 2.0: "2.0"}


def test_texts_that_are_alike_get_the_choice_behind_them() -> None:
    """Numbers with all of their digits, names as they are."""
    assert distinct((12.0, 12.4, 15.0), lambda value: f"{value:.0f}") == {
        12.0: "12 (12)",
        12.4: "12 (12.4)",
        15.0: "15",
    }
    assert distinct(("a/x", "b/x"), lambda name: name[-1]) == {"a/x": "x (a/x)", "b/x": "x (b/x)"}


@pytest.mark.parametrize("key", SLIDERS)
def test_a_sliders_round_steps_read_differently_without_help(key: str) -> None:
    """No step is written like another: 1.2 tokens are not "1"."""
    entry = INPUTS[key]
    labels = distinct(entry.choices(), partial(formats.quantity, unit=entry.knob.unit))
    assert [text for text in labels.values() if text.endswith(")")] == []


@given(st.data())
def test_any_value_of_a_link_has_a_text_of_its_own(data: st.DataObject) -> None:
    """Whatever a slider begins with, its text leads back to it."""
    entry = INPUTS[data.draw(st.sampled_from(SLIDERS))]
    value = entry.clamp(data.draw(st.floats(entry.low, entry.high)))
    choices = entry.choices(value)
    labels = distinct(choices, partial(formats.quantity, unit=entry.knob.unit))
    assert len(set(labels.values())) == len(choices)


@pytest.mark.parametrize("key", PERCENTAGES)
def test_two_steps_of_a_percentage_slider_never_read_alike(key: str) -> None:
    """A browser writes two decimals of a percentage: a finer step would read like its neighbour."""
    entry = INPUTS[key]
    steps = round((entry.high - entry.low) / entry.knob.step)
    texts = {f"{entry.low + i * entry.knob.step:.2%}" for i in range(steps + 1)}
    assert len(texts) == steps + 1


@given(st.floats(1e-9, 1e6), st.floats(1e-9, 1e6), st.sampled_from(PriceUnit))
def test_two_prices_never_read_alike(one: float, other: float, unit: PriceUnit) -> None:
    """An own price a little off the list price is told from it."""
    labels = distinct({one, other}, partial(formats.price, unit=unit))
    assert len(set(labels.values())) == len({one, other})


def test_no_two_options_of_the_catalogue_read_alike() -> None:
    """Choosing one by its name can only mean that one."""
    names = cached_catalogue.option_choices(Scenario())
    assert len(set(names.values())) == len(names)
