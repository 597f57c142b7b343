"""The id of a typed address: of one question alone, and those of older versions are still found."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.records.probe_plan import ApiTarget, ProbePlan
from core.runs.service import Runs
from core.runs.starting.candidates import custom_candidate, plan_for
from core.runs.trust.claims import as_sent, endpoint_id, older_endpoint_id
from core.settings import Settings
from core.store.adoptions import Adoption, adopt
from core.store.open import Store, open_store
from tests.catalog.own.own_texts import MINE, write
from tests.dashboard.past_runs import whole_run, write_run

URL = "http://localhost:8080/v1"
OLDER = "endpoint/localhost:8080/m"
TEI = "endpoint/localhost:8080;tei/m"
OPTION = "mine/small"


def asked(
    base_url: str = URL, model: str = "m", wire: str = "openai_compatible", **endpoint: Any
) -> ApiTarget:
    """A typed address as a target."""
    target = custom_candidate(base_url, model, wire=wire, endpoint=endpoint).target
    assert isinstance(target, ApiTarget)
    return target


VALUES = st.text(st.sampled_from('ab&=:;?%/ "'), min_size=1, max_size=4).filter(
    lambda text: text.strip() == text
)
FIELDS = st.dictionaries(st.sampled_from(["x", "y"]), VALUES, max_size=2)
MODELS = st.text(st.sampled_from("m?%=/&:"), min_size=1, max_size=4)
WIRES = st.sampled_from(["openai_compatible", "tei", "ollama"])
PATHS = st.sampled_from(["/v1", "", "/a;tei/v1", "/a", "/v1/a"])
ENDPOINTS = st.tuples(PATHS, MODELS, WIRES, FIELDS, FIELDS)


@given(ENDPOINTS, ENDPOINTS)
def test_two_questions_have_two_ids(one: Any, other: Any) -> None:
    """Format, path, model, query and body: whatever differs, and whichever signs are in it."""

    def target(parts: Any) -> ApiTarget:
        path, model, wire, query, body = parts
        return asked(f"http://localhost:8080{path}", model, wire, query=query, body=body)

    first, second = target(one), target(other)
    assert (endpoint_id(first) == endpoint_id(second)) is (one == other)


@given(PATHS, st.sampled_from(["m", "BAAI/bge-m3", "a=b"]), st.sampled_from(["", "1", "a=b:c"]))
def test_what_older_versions_could_tell_apart_keeps_its_id(
    path: str, model: str, value: str
) -> None:
    """Of OpenAI's format, as long as no value has a sign that divides two of them."""
    query = {"v": value} if value else {}
    target = asked(f"http://localhost:8080{path}", model, query=query)
    assert endpoint_id(target) == older_endpoint_id(target)


def test_the_format_is_in_the_id_and_in_the_name() -> None:
    """After the place; a person reads it in brackets."""
    candidate = custom_candidate("http://localhost:8080/v1", "m", wire="tei")
    assert (candidate.option_id, candidate.label) == (TEI, "m at localhost:8080 (tei)")


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """An empty store."""
    opened = open_store(Settings(data_dir=tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def runs(tmp_path: Path, store: Store) -> Any:
    """Runs over it, with the own catalogue beside."""
    opened = Runs(store, Settings(data_dir=tmp_path))
    yield opened
    opened.close()


def of_older_version(wire: str) -> ProbePlan:
    """A plan as version 0.2.0 stored it: under an id that says nothing of the format."""
    plan = plan_for(custom_candidate(URL, "m", wire=wire), None, texts=("one",), timeout_s=5)
    subject = plan.subject.model_copy(update={"option_id": OLDER})
    return plan.model_copy(update={"subject": subject})


def put(store: Store, wire: str, age_days: int) -> str:
    """Such a run in the store."""
    plan = of_older_version(wire)
    return write_run(store, plan, samples=whole_run(plan), age_days=age_days)


def test_runs_that_shared_an_id_are_told_apart(runs: Runs, store: Store) -> None:
    """Each is what was asked; that of OpenAI's format keeps the id."""
    openai, tei = put(store, "openai_compatible", 3), put(store, "tei", 1)
    assert {key: one.run_id for key, one in runs.measurements().items()} == {
        OLDER: openai,
        TEI: tei,
    }
    assert as_sent(of_older_version("tei")).subject.option_id == TEI
    assert runs.view(tei).plan.subject.option_id == TEI


@pytest.mark.parametrize(("wire", "ages"), [("tei", (1, 3)), ("tei", (3, 1)), ("ollama", (3, 1))])
def test_an_own_option_finds_its_older_run_behind_a_newer_one(
    tmp_path: Path, runs: Runs, store: Store, wire: str, ages: tuple[int, int]
) -> None:
    """Of its own format, whichever of the two is newer; the other one measures nothing of it."""
    openai, own = put(store, "openai_compatible", ages[0]), put(store, wire, ages[1])
    text = MINE.replace("https://api.mine.example/v1", URL).replace("mine-small", "m")
    write(tmp_path / "catalog", "api/mine.toml", text.replace("openai_compatible", wire))
    assert runs.measurements()[OPTION].run_id == own
    write(tmp_path / "catalog", "api/mine.toml", text)
    assert runs.measurements()[OPTION].run_id == openai


def test_a_choice_under_an_older_id_stays_in_force_and_is_taken_back(
    runs: Runs, store: Store
) -> None:
    """By the id that it has today: for it, replaced by another, or released."""
    first, second = put(store, "tei", 9), put(store, "tei", 2)
    with store.write() as connection:
        adopt(connection, Adoption(OLDER, first, 0))
    assert runs.adoptions() == {TEI: first}
    assert runs.measurements()[TEI].run_id == first
    runs.adopt(second)
    assert runs.adoptions() == {TEI: second}
    runs.release(TEI)
    assert runs.adoptions() == {}
    with store.write() as connection:
        adopt(connection, Adoption(OLDER, first, 0))
    runs.release(TEI)
    assert runs.adoptions() == {}
