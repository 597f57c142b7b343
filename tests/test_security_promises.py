"""SECURITY.md and README keep up with the code: a promise has its test, a setting its line."""

import ast
import re
from pathlib import Path

import pytest

from core.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY)))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_test_behind_a_promise_is_there(file: str, name: str) -> None:
    """A test that is renamed or dropped takes its promise along."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in defined


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_stands_in_the_readme(field: str) -> None:
    """A setting that nobody can find does not exist."""
    assert f"`{PREFIX}{field.upper()}`" in README
