"""`breakeven schema`: the form of a file as JSON Schema, for editors and for other programs."""

import json
from typing import Annotated, Any, Final

import typer
from pydantic import BaseModel

from core.catalog.load import ROWS
from core.catalog.rows.offers import Provider
from core.errors import BreakevenError
from core.probe.records.probe_plan import ProbePlan
from core.scenario import Scenario

WHOLE: Final[dict[str, type[BaseModel]]] = {
    "scenario": Scenario,
    "plan": ProbePlan,
    "provider": Provider,
}
"""Files that hold one thing."""


def schema(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join((*WHOLE, *sorted(ROWS)))}.")],
) -> None:
    """Print the form of a file as JSON Schema: a scenario, a plan, a file of the catalogue."""
    typer.echo(json.dumps(schema_of(name), indent=2))


def schema_of(name: str) -> dict[str, Any]:
    """The schema of a kind of file. Raises BreakevenError for one that there is not."""
    if (whole := WHOLE.get(name)) is not None:
        return whole.model_json_schema()
    if name not in ROWS:
        known = ", ".join((*WHOLE, *sorted(ROWS)))
        raise BreakevenError(f"There is no schema of {name[:40]!r}. There are: {known}.")
    key, row = ROWS[name]
    form = row.model_json_schema(ref_template="#/$defs/{model}")
    parts = form.pop("$defs", {})
    return {
        "title": f"{name}.toml",
        "type": "object",
        "properties": {key: {"type": "array", "items": form}},
        "additionalProperties": False,
        "$defs": parts,
    }
