"""Commands that are imported late: their names, their words, and what `--help` costs."""

import inspect
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from core.cli.late_commands import LATE, Late
from core.cli.main import cli

HEAVY = {"numpy", "pandas", "pydantic", "scipy", "sqlalchemy", "streamlit", "plotly", "httpx2"}


@pytest.mark.parametrize("late", LATE, ids=lambda late: late.name)
def test_help_says_what_the_command_says_of_itself(late: Late) -> None:
    """The words that stand without the import are those of the docstring."""
    module = __import__(late.module, fromlist=[late.attribute])
    there = getattr(module, late.attribute)
    if isinstance(there, typer.Typer):
        assert there.info.help == late.help
    else:
        assert (inspect.getdoc(there) or "").splitlines()[0] == late.help


@pytest.mark.parametrize("late", LATE, ids=lambda late: late.name)
def test_each_command_is_listed_and_answers(late: Late) -> None:
    """By its name, with its own options."""
    assert late.name in CliRunner().invoke(cli, ["--help"]).output
    own = CliRunner().invoke(cli, [late.name, "--help"])
    assert own.exit_code == 0, own.output
    assert f"{late.name} [OPTIONS]" in own.output


def test_a_name_that_is_none_is_refused_with_the_nearest() -> None:
    """As any command line does."""
    refused = CliRunner().invoke(cli, ["prob"])
    assert refused.exit_code == 2
    assert "probe" in refused.output


def test_help_imports_nothing_heavy() -> None:
    """Whoever asks for the names of the commands waits for no model, database or table."""
    code = "import sys\nfrom core.cli.main import cli\ntry: cli(['--help'])\n"
    code += "except SystemExit: print(*sys.modules, file=sys.stderr)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "Commands" in told.stdout
    assert not {name.partition(".")[0] for name in told.stderr.split()} & HEAVY
