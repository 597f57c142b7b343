"""The reasons why a mutant cannot be noticed are of code that is still there."""

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

from tests.mutation.plain import name_of, plain
from tests.mutation.rooms import ROOMS, ROOT

REASONS = Path(__file__).parent / "equivalent.toml"


def lines_of_functions() -> dict[str, set[str]]:
    """Every line of each function of the rooms, by the function's name."""
    lines: defaultdict[str, set[str]] = defaultdict(set)
    for path in {path for room in ROOMS for path in room.files()}:
        for owner in ast.parse(plain((ROOT / path).read_text("utf-8"))).body:
            inside = owner.body if isinstance(owner, ast.ClassDef) else [owner]
            prefix = f"{owner.name}." if isinstance(owner, ast.ClassDef) else ""
            for function in inside:
                if isinstance(function, ast.FunctionDef):
                    text = ast.unparse(function).splitlines()
                    # As the tool calls them: only in a class is the name a property's own.
                    name = name_of(function.name) if prefix else function.name
                    lines[prefix + name] |= {line.strip() for line in text}
    return lines


def test_each_reason_is_of_a_line_that_is_there() -> None:
    """Where the line changed, whether the mutant can be noticed must be looked at again."""
    lines = lines_of_functions()
    rows = tomllib.loads(REASONS.read_text("utf-8"))["mutant"]
    gone = [row for row in rows if row["before"] not in lines[row["function"]]]
    assert not gone
    assert all(row["reason"].endswith(".") for row in rows)
    assert all(row["after"] != row["before"] for row in rows)
