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
from core.cli.probing.plan_file import Granted, plan_from
from core.errors import RunError
from core.probe.records.schedules import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Ramp,
    Schedule,
)
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


@pytest.mark.parametrize(
    "schedule",
    [OpenLoop(), ClosedLoop(), ConcurrencySweep(), BatchSweep(), Ramp(), ColdStart()],
    ids=lambda schedule: schedule.kind,
)
def test_a_plan_of_any_schedule_has_the_form_and_is_read(
    schedule: Schedule, tmp_path: Path
) -> None:
    """What an editor passes, `probe --plan` reads; what it does not read, no editor passes."""
    plan = api_plan("http://127.0.0.1:9/v1", schedule=schedule.model_dump(mode="json"))
    document = json.loads(plan.model_dump_json())
    jsonschema.validate(document, schema_of("plan"))
    granted = Granted(tmp_path, ("127.0.0.1:9",), (), custom_code=False)
    assert plan_from(json.dumps(document), tmp_path, granted).schedule == schedule
    document["schedule"]["kind"] = "never"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema_of("plan"))
    with pytest.raises(RunError):
        plan_from(json.dumps(document), tmp_path, granted)


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
