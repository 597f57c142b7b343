"""The code behind a name: the right lines of the right file."""

import inspect
from pathlib import Path

import pytest

from core.cost.by_replica.capital import monthly_rate
from dashboard.resources.source import NOT_INSTALLED, ROOT, Code, code_of


def lines_of(found: Code) -> list[str]:
    """The lines of the file where the code is said to be."""
    assert found.line is not None
    text = (ROOT / found.file).read_text(encoding="utf-8").splitlines()
    return text[found.line - 1 :]


@pytest.mark.parametrize(
    ("dotted", "begins"),
    [
        ("core.cost.by_replica.capital.monthly_rate", "def monthly_rate("),
        ("core.cost.by_use.usage_bill.UsageBill.curve", "def curve("),
        ("core.cost.by_use.usage_bill.CallFees.usd_per_token", "@property"),
        ("core.cost.load.text_lengths.LognormalLengths", "@dataclass("),
        ("core.decide.risk.draws.stratified_draws", "@lru_cache("),
        ("core.scenario.question.Scenario.tokens_per_month", "@property"),
    ],
)
def test_the_source_is_that_of_the_file(dotted: str, begins: str) -> None:
    """A function, method, property, class and cached function: file, first line, every line."""
    found = code_of(dotted)
    assert found.name == dotted
    assert dotted.startswith(found.file.removesuffix(".py").replace("/", ".") + ".")
    assert found.source.startswith(begins)
    source = found.source.splitlines()
    assert [line.strip() for line in lines_of(found)[: len(source)]] == [
        line.strip() for line in source
    ]


def test_the_module_explains_itself() -> None:
    """What a module says of its functions comes with each of them."""
    found = code_of("core.cost.by_use.usage_bill.UsageBill.curve")
    assert "retries, free quota, tiers, batch discount, plan, minimum" in found.module_doc


@pytest.mark.parametrize(
    ("dotted", "why"),
    [
        ("core.cost.by_replica.capital.no_such", LookupError),
        ("core.nowhere.at_all", LookupError),
        ("no_such_package.thing", LookupError),
        ("core.cost.curve.break_even.MAX_STEPS", TypeError),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(dotted: str, why: type[Exception]) -> None:
    """No empty box for a function that was renamed, and none for a number."""
    with pytest.raises(why):
        code_of(dotted)


def test_without_source_files_the_docstring_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that was installed compiled still says what the function computes."""

    def missing(_: object) -> None:
        raise OSError("could not get source code")

    monkeypatch.setattr(inspect, "getsourcelines", missing)
    found = code_of("core.cost.by_replica.capital.monthly_rate")
    assert found.line is None
    assert found.source == NOT_INSTALLED + (inspect.getdoc(monthly_rate) or "")


def test_the_root_is_the_project() -> None:
    """Paths are shown from the folder that holds both packages."""
    assert Path(ROOT, "core", "units.py").exists()
