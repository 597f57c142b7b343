"""Scenarios, files of runs, exports and links that nobody would write, through the real doors."""

import copy
import json
import random
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.cli.asking.typed_question import Asked, question_from
from core.cli.commands.compare_command import document_of, plain
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.errors import BreakevenError
from core.plain_text import is_plain
from core.runs.service import Runs
from core.scenario import Scenario
from core.settings import Settings
from core.store.open import open_store
from core.usage.take_load import with_load
from dashboard.components.runs.history.run_history import history_table
from dashboard.components.runs.words.run_data import samples_csv
from dashboard.resources.cached import cached_catalogue
from dashboard.state.inputs import INPUTS, NAMED
from dashboard.state.link import decode, encode
from tests.dashboard.past_runs import api_plan, whole_run, write_run
from tests.harness.uploaded_load import import_load

MOST_CHARACTERS: Final = 600
"""Of a refusal."""

INFINITE: Final = "1e999"
"""Stands in a document for the number that no JSON may hold."""

HOSTILE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -0.0, -1, 1, 0.5, 1e-320, 5e-324, 1e300, -1e300, 10**18, 2**63, -(2**63),
    10**400, float("nan"), float("inf"), -float("inf"), INFINITE, "", " ", "0", "-4", "nan", "inf",
    "1e999", "0x10", "1_000", "٣", "=1+1", "\u202eabc", "a\x00b", "\x1b[31m", "\ud800", "\u200b",
    "\u2028", "😀" * 50, "é" * 5_000, "x" * 100_000, "a/b+c", "hybrid/a+b", "../../etc/passwd",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00", "1970-01-01",
    [], {}, [[]], [None], [{}] * 1_000, [1.0] * 24, [0.0] * 168, [1e300] * 24, {"": {}},
    {"a": {"b": []}},
)  # fmt: skip
BYTES: Final = (b"\x00", b"\xff", b"\xef\xbb\xbf", b"NaN", b"1e999", b"[" * 500, b"{", b"}", b'"')


@dataclass(slots=True)
class Tally:
    """What became of what was tried."""

    taken: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)


Door = Callable[[random.Random], None]


def attempt(door: Door, seed: int, tally: Tally) -> None:
    """Go through a door once: only our own errors come out, in one short plain sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            door(random.Random(seed))
    except BreakevenError as error:
        said = str(error)
        tally.refused += 1
        if not is_plain(said) or not 10 < len(said) <= MOST_CHARACTERS:
            tally.faults.append(f"seed {seed}: the refusal {said[:200]!r} is not plain and short.")
    except Exception as error:  # noqa: BLE001 -- that is what is looked for
        tally.faults.append(f"seed {seed}: {type(error).__name__}: {str(error)[:200]}")
    else:
        tally.taken += 1


@contextmanager
def doors() -> Iterator[dict[str, Door]]:
    """Every door by its name, with a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder) / "data"))
        runs = Runs(store, Settings(data_dir=Path(folder) / "data"))
        plan = api_plan(requests=20)
        made = json.loads(runs.export([write_run(store, plan, samples=whole_run(plan))]))
        made["runs"][0]["run_id"] = "0" * 16
        try:
            yield {
                "scenarios": lambda rng: _scenario(rng, Path(folder) / "scenario.json"),
                "files of runs": lambda rng: _runs(rng, runs, made),
                "loads": _load,
                "links": _link,
            }
        finally:
            runs.close()
            store.close()


def _scenario(rng: random.Random, file: Path) -> None:
    """As `breakeven compare --scenario FILE --json`."""
    plain_one = Scenario().model_dump(mode="json")
    plain_one["workload"]["hour_weights"] = rng.choice([[], [1.0] * 24, [2.0] * 168])
    plain_one["prices"] = [["aws/g6.xlarge", 0.5]]
    file.write_bytes(damaged(rng, mutated(rng, plain_one)))
    volume = rng.choice([None, None, 1, 1e5, float("nan"), float("inf"), -3.0])
    _answer(question_from(file, Asked({"workload": {"requests_per_day": volume}})))


def _answer(question: Scenario) -> None:
    case = Case(question, cached_catalogue.catalog())
    found = curves(case)
    document = document_of(question, found, at_volume(found, case))
    json.dumps(plain(document), allow_nan=False)


def _runs(rng: random.Random, runs: Runs, made: dict[str, Any]) -> None:
    """As `breakeven runs import FILE`; what came in is shown, used and exported."""
    document = copy.deepcopy(made)
    document["runs"][0]["run_id"] = f"{rng.getrandbits(64):016x}"
    for run_id in runs.bring_in(damaged(rng, mutated(rng, document)), "the file").new:
        view = runs.view(run_id)
        history_table([view])
        samples_csv(runs.samples(run_id))
        runs.export([run_id])
        if view.summary is not None and view.state.value == "done":
            runs.adopt(run_id)
            _answer_with(runs)
        runs.delete(run_id)


def _answer_with(runs: Runs) -> None:
    case = Case(Scenario(), cached_catalogue.catalog(), runs.measurements())
    at_volume(curves(case), case)


def _load(rng: random.Random) -> None:
    """As the page reads an export, and takes it over."""
    start, step = rng.choice([1_772_409_600, 0, 1e18]), rng.choice([1, 3_600, 0.001, 1e9])
    rows: list[Any] = [
        {"ts": start + i * step, "tokens": i % 7 + 1} for i in range(rng.choice([1, 40, 300]))
    ]
    match rng.randrange(4):
        case 0:
            content = damaged(rng, mutated(rng, rows))
        case 1:
            content = damaged(rng, mutated(rng, {"data": rows}))
        case 2:
            content = damaged(rng, b"\n".join(written(mutated(rng, row)) for row in rows))
        case _:
            lines = [",".join(str(v)[:200] for v in as_row(rng, row)) for row in rows]
            content = damaged(rng, "\n".join(["ts,tokens", *lines]).encode(errors="replace"))
    found = import_load(content, rng.choice([0.5, 4.0, 10.0]))
    scenario = with_load(Scenario(), found)
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert all(is_plain(said) and len(said) <= MOST_CHARACTERS for said in found.remarks)
    _answer(scenario)


def as_row(rng: random.Random, row: dict[str, Any]) -> list[Any]:
    """A row's values, now and then others."""
    return [rng.choice(HOSTILE) if rng.random() < 0.05 else value for value in row.values()]


def _link(rng: random.Random) -> None:
    """As the page opens an address."""
    names = [*INPUTS, *NAMED, "o", "m", "cal", "p", "hours", "zz", "\u202e"]
    values = [str(value)[:5_000] for value in HOSTILE] + ["aws/g6.xlarge:-4", "aws/g6.xlarge:0"]
    values += [
        "aws/g6.xlarge,openai/text-embedding-3-small",
        "24",
        "0.1",
        "3",
        "yes",
        "none",
        "avg",
    ]
    values += [",".join(["1"] * 24), ",".join(["1e300"] * 24), ",".join(["0"] * 168)]
    parameters = {
        rng.choice(names): [rng.choice(values) for _ in range(rng.choice([1, 1, 1, 2]))]
        for _ in range(rng.randrange(1, 8))
    }
    scenario, reports = decode(parameters, cached_catalogue.known())
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert all(is_plain(said) and len(said) <= MOST_CHARACTERS for said in reports), reports
    again, more = decode({k: [v] for k, v in encode(scenario).items()}, cached_catalogue.known())
    assert not more
    assert again == scenario or scenario.workload.hour_weights
    _answer(scenario)


def mutated(rng: random.Random, document: Any) -> Any:
    """The document with some of its values replaced, removed, doubled or added to."""
    document = copy.deepcopy(document)
    for _ in range(rng.choice([0, 1, 1, 1, 2, 5])):
        place = _any_place(rng, document)
        if isinstance(place, list) and place:
            at = rng.randrange(len(place))
            place[at] = copy.deepcopy(rng.choice(HOSTILE))
            if rng.random() < 0.2:
                del place[at]
        elif isinstance(place, dict):
            name = rng.choice([*place, "surprise", "\u202e", "x" * 2_000])
            place[name] = copy.deepcopy(rng.choice(HOSTILE))
            if rng.random() < 0.2:
                del place[name]
    return document


def _any_place(rng: random.Random, value: Any) -> Any:
    while True:
        inner = [v for v in (value.values() if isinstance(value, dict) else value)
                 if isinstance(v, dict | list) and v]  # fmt: skip
        if not inner or rng.random() < 0.25:
            return value
        value = rng.choice(inner)


def written(document: Any) -> bytes:
    """The document as JSON, with nan, inf and 1e999 in it where they stand for numbers."""
    text = json.dumps(document, ensure_ascii=False).replace(f'"{INFINITE}"', INFINITE)
    return text.encode(errors="surrogatepass")


def damaged(rng: random.Random, document: Any) -> bytes:
    """Its bytes, often as they are, sometimes cut off or with others in them."""
    data = document if isinstance(document, bytes) else written(document)
    match rng.randrange(8):
        case 0:
            return data[: rng.randrange(len(data) + 1)]
        case 1:
            at = rng.randrange(len(data) + 1)
            return data[:at] + rng.choice(BYTES) + data[at:]
    return data
