"""The forms of files, held against the files that ship."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

import core.catalog.load
from core.catalog.load import ROWS
from core.cli.commands.schema_command import WHOLE, schema_of
from core.cli.main import cli
from core.scenario import Scenario
from tests.runs.support import api_plan

DATA = core.catalog.load.DATA
FILES = [*sorted(DATA.glob("*.toml")), *sorted(DATA.glob("*/*.toml"))]


def as_json(value: Any) -> Any:
    """What an editor checks: a date of TOML is text in JSON."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_of_the_catalogue_has_the_form_of_its_kind(file: Path) -> None:
    """An editor that is given the schema finds no fault in what ships."""
    name = file.stem if file.parent == DATA else "provider"
    content = as_json(tomllib.loads(file.read_text(encoding="utf-8")))
    jsonschema.validate(content, schema_of(name))


def test_a_scenario_and_a_plan_have_theirs() -> None:
    """As they are written by `compare --json` and `probe --json`."""
    jsonschema.validate(Scenario().model_dump(mode="json"), schema_of("scenario"))
    jsonschema.validate(api_plan("http://127.0.0.1/v1").model_dump(mode="json"), schema_of("plan"))


def test_a_wrong_value_is_found() -> None:
    """A limit of a field is a limit of the schema."""
    scenario = Scenario().model_dump(mode="json")
    scenario["workload"]["requests_per_day"] = -1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(scenario, schema_of("scenario"))


@pytest.mark.parametrize("name", [*WHOLE, *ROWS])
def test_the_command_prints_each(name: str) -> None:
    """As JSON, and nothing else."""
    told = CliRunner().invoke(cli, ["schema", name])
    assert json.loads(told.output) == schema_of(name)


def test_a_name_that_is_none_is_a_sentence() -> None:
    """It says which there are."""
    told = CliRunner().invoke(cli, ["schema", "price"])
    assert "There are: scenario, plan, provider" in str(told.exception)
