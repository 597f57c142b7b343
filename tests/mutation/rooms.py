"""Where mutants are made, and which tests must notice them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Room:
    """Code, and the tests that answer for it: a mutant that only others notice is a survivor."""

    name: str
    code: tuple[str, ...]
    """Patterns of files, from the project's folder."""
    tests: tuple[str, ...]

    def files(self) -> list[Path]:
        """Return the modules in which mutants are made, from the project's folder."""
        return _matching(self.code)

    def test_files(self) -> list[Path]:
        """Return the tests, from the project's folder."""
        return [path for path in _matching(self.tests) if path.name not in COUNTS_CALLS]


COUNTS_CALLS: Final = ("test_way_of_a_scenario.py",)
"""Tests that count the calls of the code: a mutated function is called through one more."""

ROOMS: Final = (
    Room("cost", ("core/cost/**/*.py",), ("tests/cost/**/test_*.py",)),
    Room("decide", ("core/decide/**/*.py",), ("tests/decide/**/test_*.py",)),
    Room(
        "ledger",
        ("core/runs/**/run_budget.py", "core/store/**/ledger.py"),
        (
            "tests/runs/**/test_run_budget.py",
            "tests/store/**/test_money.py",
            "tests/store/**/test_runs.py",
        ),
    ),
)


def _matching(patterns: tuple[str, ...]) -> list[Path]:
    paths = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(path.relative_to(ROOT) for path in paths)
