"""Numbers that are typed: what is outside its limits is refused in one sentence of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer

from core.cli.late_commands import LATE
from core.cli.main import dashboard
from tests.cli.terminal import breakeven

BY_SCENARIO = {"requests_per_day", "max_unanswered_share", "max_lost_share"}
"""Fields of the scenario, which has their limits."""
NEEDED = {"neighbours": ("/dev/null", "--second", "x"), "use": ("some-run",)}
"""What a command cannot go without."""


def functions() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    yield (), dashboard
    for late in LATE:
        there = getattr(__import__(late.module, fromlist=[late.attribute]), late.attribute)
        if not isinstance(there, typer.Typer):
            yield (late.name,), there
            continue
        for one in there.registered_commands:
            yield (late.name, str(one.name)), one.callback


def numbers() -> Iterator[tuple[tuple[str, ...], str, Any, bool]]:
    """Words of the command, field, its declaration, whether it is whole."""
    for words, function in functions():
        for name, hint in get_type_hints(function, include_extras=True).items():
            kind, *marks = get_args(hint) or (hint,)
            kinds = {kind, *get_args(kind)} & {int, float}
            if kinds and marks:
                yield words, name, marks[0], int in kinds


NUMBERS = [entry for entry in numbers() if entry[1] not in BY_SCENARIO]
NAMES = [f"{' '.join(words)} {name}" for words, name, _, _ in NUMBERS]


def refused(folder: Path, words: tuple[str, ...], name: str, value: str) -> str:
    """What is said of a value; nothing is done."""
    needed = NEEDED.get(words[-1] if words else "", ())
    done = breakeven(folder, *words, *needed, f"--{name.replace('_', '-')}", value)
    assert done.returncode == 2
    assert done.stdout == ""
    return " ".join(done.stderr.split())


def test_all_commands_with_numbers_are_looked_at() -> None:
    """The walk finds them: the page's port, a probe's, a sweep's, a list's."""
    assert {words for words, *_ in NUMBERS} == {
        (), ("probe",), ("sweep",), ("neighbours",), ("runs", "list"), ("runs", "use"),
        ("prices", "check"), ("compare",), ("quality",), ("plan",), ("job",),
    }  # fmt: skip
    assert len(NUMBERS) >= 17


@pytest.mark.parametrize(("words", "name", "info", "whole"), NUMBERS, ids=NAMES)
def test_a_number_outside_its_limits_is_one_sentence(
    tmp_path: Path, words: tuple[str, ...], name: str, info: Any, whole: bool
) -> None:
    """The option, what it may be, what was typed: below, above, no number at all."""
    assert info.min is not None, f"{name} has no lower limit"
    assert info.max is not None, f"{name} has no upper limit"
    what = "a whole number" if whole else "a number"
    limits = f"must be {what} from {info.min:,.15g} to {info.max:,.15g}"
    outside = ["-1", f"{info.max * 10:.0f}", "9" * 22, "x", "nan", "inf"]
    for value in outside:
        said = refused(tmp_path, words, name, value)
        assert said == f"breakeven: --{name.replace('_', '-')} {limits}, not {value}."


@pytest.mark.parametrize("name", sorted(BY_SCENARIO))
def test_a_number_of_the_scenario_is_one_sentence_too(tmp_path: Path, name: str) -> None:
    """Also where it is none."""
    flag = f"--{name.replace('_', '-')}"
    said = refused(tmp_path, ("compare",), name, "x")
    assert said == f"breakeven: {flag} must be a number, not x."
    assert f"{name}: it must be a number from" in refused(tmp_path, ("compare",), name, "-1")
