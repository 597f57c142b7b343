"""A key is in no database, log, argument, environment or error."""

import base64
import io
import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from core.catalog.schema import PriceUnit
from core.runs.secrets.secrecy import HIDDEN, ScrubbedStream, Scrubber
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.starting.job import Access, Job
from core.runs.starting.launch import worker_environment
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState, get_run
from tests.runs.support import KEY, api_plan, finished, slow_plan, wait_until
from tests.servers.ground_truth import Config, GroundTruthServer

SECRET = KEY.get_secret_value()
Serve = Callable[..., GroundTruthServer]


def files_with_the_key(folder: Path) -> list[Path]:
    """Every file below a folder that contains the key."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [path for path in found if SECRET.encode() in path.read_bytes()]


def test_a_running_worker_shows_its_key_to_nobody(
    runs: Runs,
    store: Store,
    settings: Settings,
    embedding_server: Serve,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither its arguments nor its environment have the key, though the page's environment has."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("INNOCENT_NAME", f"Bearer {SECRET}")
    server = embedding_server(Config(api_key=SECRET))
    run_id = runs.start(slow_plan(server.base_url), rate=FREE, key=KEY)
    wait_until(runs, run_id, lambda view: view.done > 3)
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert all(truth.bearer for truth in server.truths)
    if sys.platform == "linux":
        process = Path(f"/proc/{run.pid}")
        shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        assert b"core.runs.working" in shown
        assert SECRET.encode() not in shown
    assert files_with_the_key(settings.data_dir) == []
    assert SECRET not in repr(runs.view(run_id)) + repr(run)


@pytest.mark.parametrize("fault", ["401", "500", "not_http", "error_object"])
def test_a_server_that_echoes_the_key_plants_it_nowhere(
    runs: Runs, settings: Settings, embedding_server: Serve, fault: str
) -> None:
    """Faulty answers that repeat the key leave no copy of it behind."""
    plan = api_plan(embedding_server().fault_url(fault))
    view = finished(runs, runs.start(plan, rate=FREE, key=KEY))
    assert view.state is RunState.FAILED
    assert files_with_the_key(settings.data_dir) == []


def test_a_key_that_cannot_be_sent_is_refused_without_showing_it(
    runs: Runs, settings: Settings, embedding_server: Serve
) -> None:
    """A key with a line break would be a header of its own."""
    plan = api_plan(embedding_server().base_url)
    view = finished(runs, runs.start(plan, rate=FREE, key=SecretStr(f"{SECRET}\r\nX: y")))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert "line break" in view.error
    assert files_with_the_key(settings.data_dir) == []


def test_the_workers_environment_is_without_secrets() -> None:
    """Names that smell of secrets go, values that contain the key go, the rest stays."""
    environment = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "OPENAI_API_KEY": "other",
        "HF_TOKEN": "other",
        "DB_PASSWORD": "other",
        "BREAKEVEN_DATABASE_URL": "postgresql://me:pw@host/db",
        "INNOCENT": f"x{SECRET}y",
    }
    kept = worker_environment(environment, (SECRET, ""))
    assert kept == {"PATH": "/bin", "HOME": "/home/me"}


def test_the_job_shows_its_secrets_only_in_its_document(tmp_path: Path) -> None:
    """The document carries the key through the pipe and reads back equal; a repr does not."""
    job = Job(
        run_id="a",
        data_dir=tmp_path,
        database_url=SecretStr("postgresql://me:hunter2@host/db"),
        targets=(
            Access(key=KEY, usd=Decimal("0.1"), unit=PriceUnit.PER_MTOK),
            Access(
                key=SecretStr("sk-of-the-rival"),
                usd=Decimal(0),
                unit=PriceUnit.PER_MTOK,
                proxy=SecretStr("http://me:pw@proxy:3128"),
                base_key=SecretStr("sk-of-its-base"),
            ),
        ),
        local_threads=None,
        place=None,
    )
    assert SECRET not in repr(job) + str(job)
    assert Job.model_validate_json(job.document()) == job
    assert set(job.secrets) == {
        SECRET,
        "postgresql://me:hunter2@host/db",
        "sk-of-the-rival",
        "http://me:pw@proxy:3128",
        "sk-of-its-base",
    }


def test_a_scrubbed_stream_hides_a_secret_that_comes_in_pieces() -> None:
    """Lines are passed on whole, so that half a secret never gets out."""
    written = io.StringIO()
    stream = ScrubbedStream(written, Scrubber(("abc", "abcdef", "")))
    stream.write("x ab")
    stream.flush()
    stream.write("cdef y abc\nlast abc")
    assert written.getvalue() == f"x {HIDDEN} y {HIDDEN}\n"
    stream.finish()
    assert written.getvalue().endswith(f"last {HIDDEN}")


LONG = "sk-proj-Quokka_Marmalade%Zebra/73910462845017+end"


@given(st.data(), st.text(max_size=30), st.text(max_size=30))
def test_a_part_of_a_secret_is_hidden_wherever_it_stands(
    data: st.DataObject, before: str, after: str
) -> None:
    """Any eight characters in a row, in any case; what stands beside them stays."""
    start = data.draw(st.integers(0, len(LONG) - 8))
    part = LONG[start : data.draw(st.integers(start + 8, len(LONG)))]
    part = data.draw(st.sampled_from((part, part.upper(), part.lower())))
    scrub = Scrubber((LONG, "another-secret"))
    hidden = scrub(f"{before}\n{part}\n{after}")
    low = hidden.lower()
    assert not any(LONG.lower()[i : i + 8] in low for i in range(len(LONG) - 7))
    assert hidden == f"{before}\n{HIDDEN}\n{after}"
    assert scrub(hidden) == hidden


@given(st.data(), st.integers(0, 2), st.sampled_from(["b64", "url", "hex", "percent", "json"]))
def test_an_encoded_part_is_hidden_too(data: st.DataObject, beside: int, form: str) -> None:
    """Base64 wherever it begins, an address, hexadecimal, JSON: no part can be read out again."""
    start = data.draw(st.integers(0, len(LONG) - 12))
    part = LONG[start : data.draw(st.integers(start + 12, len(LONG)))].encode()
    raw = b"x" * beside + part
    written = {
        "b64": base64.b64encode(raw),
        "url": base64.urlsafe_b64encode(raw),
        "hex": raw.hex().encode(),
        "percent": quote(raw, safe="").encode(),
        "json": json.dumps(raw.decode()).encode(),
    }[form].decode()
    hidden = Scrubber((LONG,))(f"it says {written} here")
    assert HIDDEN in hidden
    assert len(hidden.replace(HIDDEN, "")) - len("it says  here") <= 12


def test_of_an_address_its_passwords_are_secret_and_its_host_is_not() -> None:
    """The whole address, the password as typed and as it is meant, and none of its usual words."""
    address = (
        "postgresql://breakeven:hunt%40er2-long@localhost:5432/breakeven?sslpassword=other-one"
    )
    scrub = Scrubber((address, "http://me:p4ss@proxy.example:3128", "http://[bad"))
    for secret in (
        address,
        address.upper(),
        "hunt%40er2-long",
        "hunt@er2-long",
        "other-one",
        "p4ss",
    ):
        assert scrub(f"<{secret}>") == f"<{HIDDEN}>"
    plain = "The database breakeven on localhost:5432 cannot be reached: postgresql refuses."
    assert scrub(plain) == plain


def test_a_number_that_somebody_states_may_be_a_part_of_a_key() -> None:
    """Then it is unknown; a sentence that groups its digits shows none of them, either."""
    scrub = Scrubber((LONG,))
    for stated in (73910462, 73910462845017, 73910462.0, 173910462):
        assert scrub.number(stated) is None
    for harmless in (None, 0, 7391046, 73.910462):
        assert scrub.number(harmless) == harmless
    assert scrub("73,910,462 tokens, not 7,391,046") == f"{HIDDEN} tokens, not 7,391,046"
    assert Scrubber(("no-digits-here",)).number(73910462) == 73910462


def test_a_document_stays_one_and_our_own_words_stay() -> None:
    """Scrubbed value by value: a key may hold what JSON is made of."""
    scrub = Scrubber(('a","b":{"c":[1',))
    value = {"a": "b", 'x": {"': ['a","b":{"c":[1', 5, None, {"deep": 'zz","b":{"c"zz'}]}
    clean = scrub.tree(value)
    assert clean == {"a": "b", 'x": {"': [HIDDEN, 5, None, {"deep": f"zz{HIDDEN}zz"}]}
    assert Scrubber(("", "ab"))("ab abc") == "ab abc"


def test_what_is_typed_where_no_key_is_needed_is_hidden_as_a_word() -> None:
    """Such as "none": it is a part of words that a stored document needs."""
    scrub = Scrubber(("none", "EMPTY"))
    assert scrub("none_seen, nonesuch, none!") == f"none_seen, nonesuch, {HIDDEN}!"
    assert scrub('{"key": "empty"}') == f'{{"key": "{HIDDEN}"}}'


def test_a_long_text_costs_little() -> None:
    """A megabyte in a second, even where all of it is a secret."""
    scrub = Scrubber(tuple(f"{n}-{LONG}" for n in range(20)))
    began = time.process_time()
    assert len(scrub("harmless words. " * 2**16)) == 2**20
    assert scrub(LONG * 5_000) == HIDDEN
    assert scrub(f"{LONG[:9]} " * 50_000) == f"{HIDDEN} " * 50_000
    assert time.process_time() - began < 5
