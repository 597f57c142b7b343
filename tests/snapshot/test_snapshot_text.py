"""A question carried elsewhere is the same question, with the same answer to the last digit."""

import base64
import json
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.own.own_bundle import files_of
from core.catalog.schema import Benchmark, Catalog
from core.cli.commands.compare_command import document_of
from core.cost.many_scenarios.laws import LawKind
from core.decide.advice.constraints import Constraints
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan_terms import Decline, PlanTerms
from core.decide.result.belief import Range
from core.errors import ScenarioError
from core.scenario import Hosting, Objective, Scenario, Workload
from core.snapshot.asked_question import Question, catalog_for, with_own_rows
from core.snapshot.snapshot_text import (
    MOST_IN_LINK,
    link_text,
    read_snapshot,
    snapshot_text,
)
from tests.catalog.own.own_texts import MINE, newer, own_machine, own_rate, write

OPTIONS = ("alpha/flat", "alpha/tiered", "rent/l-1", "owned/gpu-home", "box/one", "mine/small")
NUMBERS = st.floats(0.001, 1e6)
NAMES = st.sampled_from(OPTIONS)
SCENARIOS = st.builds(
    Scenario,
    workload=st.builds(
        Workload,
        requests_per_day=st.floats(1, 1e8),
        tokens_per_request=st.floats(1, 5_000),
    ),
    objective=st.builds(
        Objective, slo_p95_s=st.floats(0.01, 10), horizon_months=st.integers(1, 60)
    ),
    hosting=st.builds(
        Hosting,
        model=st.just("open/large"),
        spare_replicas=st.integers(0, 5),
        labour_usd_per_month=st.floats(0, 1e5),
        usd_per_kwh=st.floats(0, 5),
    ),
    options=st.lists(NAMES, unique=True, min_size=1).map(tuple),
    prices=st.lists(st.tuples(NAMES, NUMBERS), max_size=3, unique_by=lambda pair: pair[0]).map(
        tuple
    ),
    as_of=st.none() | st.dates(date(2026, 1, 15), date(2027, 1, 1)),
)
TERMS = st.builds(
    PlanTerms,
    current=st.none() | NAMES,
    corpus_tokens=st.floats(0, 1e12),
    api_decline=st.builds(Decline, st.just(0.0), st.floats(0, 0.3), st.floats(0.3, 0.9)),
    setup_usd=st.floats(0, 1e6),
    commitment_months=st.integers(0, 48),
)
DEMANDS = st.builds(
    Constraints,
    providers=st.frozensets(st.sampled_from(("alpha", "rent", "mine"))),
    keys_at_hand=st.none() | st.frozensets(st.just("ALPHA_KEY")),
    quality=st.lists(st.tuples(st.just("open/large"), st.floats(0, 100)), max_size=1).map(tuple),
    benchmark=st.none() | st.sampled_from(Benchmark),
)
RANGES = st.lists(
    st.tuples(
        st.sampled_from(("labour", "price/alpha/flat")),
        st.builds(Range, st.sampled_from(LawKind), st.floats(0, 1), st.floats(1, 1e9)),
    ),
    max_size=2,
).map(tuple)
QUESTIONS = st.builds(Question, scenario=SCENARIOS, terms=TERMS, demands=DEMANDS, ranges=RANGES)


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A folder of one's own: a machine with its rate, an API, a newer price of what ships."""
    folder = tmp_path_factory.mktemp("own")
    write(folder, "machine/box.toml", own_machine("bought", "4000", "usd_to_buy", "count = 2"))
    write(folder, "throughput.toml", own_rate(9_000))
    write(folder, "api/mine.toml", MINE)
    write(folder, "api/alpha.toml", newer())
    return files_of(folder)


def answer(question: Question, catalog: Catalog) -> dict[str, Any]:
    """All that a comparison says."""
    case = Case(question.scenario, catalog)
    drawn = curves(case)
    return document_of(question.scenario, drawn, at_volume(drawn, case))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=QUESTIONS)
def test_a_question_carried_elsewhere_has_the_same_answer(
    frozen_catalog: Catalog, own_files: dict[str, str], question: Question
) -> None:
    """import(export(q)) is q, and its answer there is the answer here, to the last digit."""
    whole = with_own_rows(question, own_files)
    text = link_text(whole)
    assert len(text) <= MOST_IN_LINK
    again = read_snapshot(text, "The link", MOST_IN_LINK)
    assert again == whole
    here = answer(question, catalog_for(Question(own=tuple(own_files.items())), frozen_catalog))
    there = answer(again, catalog_for(again, frozen_catalog))
    assert there == here


def test_only_what_an_option_rests_on_is_carried(own_files: dict[str, str]) -> None:
    """Another server's address is nobody's business; nor is the rate of another machine."""
    one = with_own_rows(Question(scenario=Scenario(options=("mine/small",))), own_files)
    assert set(one.files) == {"api/mine.toml"}
    other = Scenario(options=("hybrid/box/one@open/large+alpha/flat",))
    mixed = with_own_rows(Question(scenario=other), own_files)
    assert set(mixed.files) == {"api/alpha.toml", "machine/box.toml", "throughput.toml"}


def test_a_question_too_long_for_a_link_goes_into_a_file() -> None:
    """It says so, and reads back from the file."""
    noise = base64.b64encode(bytes(i * i % 251 for i in range(20_000))).decode()
    unlike = "".join(sorted(noise, key=lambda c: hash((c, noise.find(c)))))
    rows = "\n".join(f"# {zlib.crc32(str(i).encode()):x}{unlike[i % 99]}" for i in range(3_000))
    long = Question(own=(("cards.toml", rows),))
    with pytest.raises(ScenarioError, match="export it to a file"):
        link_text(long)
    assert read_snapshot(snapshot_text(long), "The file") == long


def packed(document: bytes, form: str = "bq1.") -> str:
    """A text with any document in it."""
    return form + base64.urlsafe_b64encode(zlib.compress(document)).decode().rstrip("=")


def asked(**fields: Any) -> str:
    """A text with any fields in it."""
    return packed(json.dumps(fields).encode())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no question"),
        ("hello world", "holds no question"),
        ("xx1.AAAA", "holds no question"),
        ("bq2.AAAA", "form 2, and this version reads form 1"),
        ("bq1.AAAA", "is damaged"),
        ("bq1.A", "is damaged"),
        (packed(b"{}")[:-4], "is damaged"),
        (packed(b"0" * 50_000_000), "unpacks to more than 4 MB"),
        (packed(b"[" * 1_000_000), "cannot be asked"),
        (packed(b'{"scenario":' * 100_000), "cannot be asked"),
        (packed(b"[]"), "cannot be asked"),
        (packed(b"\xff\xfe"), "cannot be asked"),
        (asked(version=2), "version"),
        (asked(more=1), "more"),
        (asked(scenario={"workload": {"requests_per_day": "many"}}), "scenario.workload"),
        (asked(scenario={"workload": {"requests_per_day": 1e999}}), "scenario.workload"),
        (asked(scenario={"options": ["a"] * 99}), "scenario.options"),
        (asked(scenario={"options": ["a\u202eb"]}), "scenario.options"),
        (asked(own=[["../x.toml", ""]]), "no file of a catalogue"),
        (asked(own=[["api/x.toml", 5]]), "own"),
        (asked(own=[["cards.toml", ""]] * 300), "own"),
        (asked(terms={"corpus_tokens": -5}), "corpus"),
        (asked(terms={"current": "x" * 400}), "too long, or cannot be shown"),
        (asked(demands={"providers": ["a\x1b[31m"]}), "too long, or cannot be shown"),
        (asked(ranges=[["labour", {"kind": "no", "low": 1, "high": 2}]]), "ranges"),
        ("bq1." + "A" * 1_000_000, "more than 1,000,000 characters"),
    ],
)
def test_a_hostile_text_is_refused_in_one_sentence(text: str, said: str) -> None:
    """A bomb, another version, depth, other types: no traceback, no wait, no half of it taken."""
    with pytest.raises(ScenarioError) as error:
        read_snapshot(text, "The text")
    assert said in str(error.value), error.value
    assert len(str(error.value)) < 700


def test_own_rows_of_a_stranger_are_as_strict_as_ones_own(frozen_catalog: Catalog) -> None:
    """No key, no row that ships, nothing half-written."""
    text = MINE.replace("[endpoint]", '[endpoint]\nkey_env = "OPENAI_API_KEY"')
    for own, said in (
        ((("api/mine.toml", text),), "names no variable"),
        ((("api/mine.toml", MINE[:200]),), "mine.toml"),
        ((("api/alpha.toml", MINE.replace('"mine"', '"alpha"')),), "only newer prices"),
    ):
        with pytest.raises(Exception, match=said):
            catalog_for(Question(own=own), frozen_catalog)


def test_nothing_of_the_readers_own_folder_is_in_the_answer(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """The answer is that of who asked."""
    write(tmp_path, "api/mine.toml", MINE)
    catalog = catalog_for(Question(), frozen_catalog)
    assert catalog.find_api("mine/small") is None
