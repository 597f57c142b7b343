"""How far a scenario travels: the functions that take it, and its stops in one comparison.

Both count a case as a scenario too, since it carries one. Run it alone to see the figures:
``python -m pytest -n 0 -s tests/decide/test_way_of_a_scenario.py``.
"""

import ast
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import FrameType

import core
from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import curves
from core.scenario import Scenario

ROOT = Path(core.__file__).parent
MOST_WITH_BOTH = 10
MOST_WITH_SCENARIO = 60
MOST_WITH_EITHER = 65
MOST_STOPS = 126
"""Half of the 253 of the time when scenario and catalogue were handed on one by one."""
MOST_CHANGES_OF_FILE = 80
"""Half of 161."""


def parameter_types() -> Iterator[frozenset[str]]:
    """The annotations of each function's parameters."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                named = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                yield frozenset(ast.unparse(one.annotation) for one in named if one.annotation)


def test_few_functions_take_the_whole_question() -> None:
    """What needs a part of the scenario is handed that part."""
    found = list(parameter_types())
    both = sum({"Scenario", "Catalog"} <= types for types in found)
    scenario = sum("Scenario" in types for types in found)
    either = sum(bool({"Scenario", "Case"} & types) for types in found)
    print(f"{both} take scenario and catalogue, {scenario} the scenario, {either} it or a case")  # noqa: T201
    assert both <= MOST_WITH_BOTH
    assert scenario <= MOST_WITH_SCENARIO
    assert either <= MOST_WITH_EITHER


def stops(case: Case) -> list[str]:
    """The file of every call, in order, that receives the scenario while the curves are made."""
    seen = []

    def look(frame: FrameType, event: str, arg: object) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(str(ROOT)):
            return
        named = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if any(isinstance(frame.f_locals.get(name), Scenario | Case) for name in named):
            seen.append(code.co_filename)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        curves(case)
    finally:
        sys.setprofile(before)
    return seen


def test_a_scenario_stops_rarely_on_its_way(catalog: Catalog) -> None:
    """The default comparison of twelve options: calls that receive it, and changes of file."""
    seen = stops(Case(Scenario(), catalog))
    changes = sum(one != other for one, other in pairwise(seen))
    print(f"{len(seen)} stops in {len(set(seen))} files, {changes} changes of file")  # noqa: T201
    assert 0 < len(seen) <= MOST_STOPS
    assert changes <= MOST_CHANGES_OF_FILE
