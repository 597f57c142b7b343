"""A pytest plugin for mutants: few examples, the same ones each time, the slow tests last.

mutmut runs the tests that called a function. What a fixture of a whole module calls, it holds to
have been called by that module's first test alone; here it counts for every test with the fixture.
"""

import functools
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, settings
from mutmut.state import state

EXAMPLES: Final = 25
"""A mutant is wrong in most examples or in few; what 25 do not show counts as a survivor."""

_INNER: Final = "_hypothesis_internal_use_settings"

_called_by: defaultdict[str, set[str]] = defaultdict(set)
"""Functions that a fixture called, where several tests share what it made."""


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
    """Note what is called while a shared fixture is made."""
    result = yield
    if fixturedef.scope != "function":
        _called_by[fixturedef.argname] |= state()._stats
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Hold it to be called by each test that uses the fixture."""
    for name in getattr(item, "fixturenames", ()):
        state()._stats.update(_called_by[name])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let properties draw few examples, which nobody shrinks; begin with the quickest tests."""
    for item in items:
        drawn = getattr(getattr(item, "obj", None), "__func__", getattr(item, "obj", None))
        own = getattr(drawn, _INNER, None)
        if isinstance(own, settings):
            setattr(drawn, _INNER, _fewer(own))
    seconds = _seconds()
    items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))


@functools.cache
def _seconds() -> dict[str, float]:
    """How long each test took, as mutmut measured it; empty while it measures."""
    measured = Path("mutmut-stats.json")
    if not measured.exists():
        return {}
    seconds: dict[str, float] = json.loads(measured.read_text("utf-8"))["duration_by_test"]
    return seconds


def _fewer(own: settings) -> settings:
    return settings(
        own,
        max_examples=min(EXAMPLES, own.max_examples),
        phases=(Phase.explicit, Phase.generate),
        database=None,
        derandomize=True,
        deadline=None,
    )
