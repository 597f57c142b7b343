"""A store of every earlier version is brought up to date with all that was in it."""

from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from core.settings import Settings
from core.store.database.connect import connect, database_url, place
from core.store.database.sqlite import IMMEDIATE
from core.store.database.upgrade import upgrade
from core.store.open import Store, open_store
from core.store.runs import RunState, get_run, live_runs
from core.store.samples import get_samples
from tests.oracles.ledger_totals import spent_in_all
from tests.store.support import NOON, plan, write_run

API_PLAN = (
    '{"subject":{"option_id":"endpoint/x/m","label":"x","model":"m","revision":null,'
    '"hardware":null,"place":null},"target":{"kind":"api","endpoint":{"wire":'
    '"openai_compatible","base_url":"https://example.com/v1","key_env":null},"wire_model":"m",'
    '"dimensions":null,"expected_dims":null,"allow_loopback":false},"texts":["one"],'
    '"requests":80,"warm_up_requests":3,"rate_per_s":8.0,"arrivals":"poisson","seed":0,'
    '"texts_per_request":1,"in_flight_cap":64,"timeout_s":30.0}'
)
"""As version 1 wrote it."""


@pytest.fixture
def first_version(settings: Settings) -> Settings:
    """A database of version 0001 with a local run, a live API run, a sample and a day's money."""
    url = database_url(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = connect(url)
    with engine.connect() as plain:
        connection = plain.execution_options(**{IMMEDIATE: True})
        with connection.begin():
            upgrade(connection, version=None, head="0001", where=place(url))
            _run(connection, "local", plan().model_dump_json(), "done")
            _run(connection, "remote", API_PLAN, "running", held_nano_usd=70)
            connection.execute(
                text(
                    "INSERT INTO samples (run_id, seq, phase, outcome, intended_ns, "
                    "new_connection, texts, detail) "
                    "VALUES ('local', 0, 'cold', 'ok', 5, :new, 1, 'x')"
                ),
                {"new": True},
            )
            connection.execute(
                text("INSERT INTO ledger VALUES (:day, :held, :spent)"),
                [
                    {"day": "2026-11-22", "held": 0, "spent": 30},
                    {"day": "2026-11-23", "held": 70, "spent": 5},
                ],
            )
    engine.dispose()
    return settings


def _run(connection: Connection, run_id: str, a_plan: str, state: str, **changes: Any) -> None:
    row: dict[str, Any] = {
        "id": run_id,
        "option_id": "o",
        "plan": a_plan,
        "state": state,
        "host": "here" if state == "done" else "there",
        "created_at": "2026-11-23 12:00:00.000000",
        "heartbeat_at": "2026-11-23 12:00:00.000000",
        "planned": 84,
        "done": 1,
        "worst_case_nano_usd": 70,
        "spend_day": "2026-11-23",
        "held_nano_usd": 0,
        "spent_nano_usd": 0,
    } | changes
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO runs ({columns}) VALUES ({values})"), row)  # noqa: S608


def test_runs_of_the_first_version_keep_their_rows_and_get_their_lanes(
    first_version: Settings,
) -> None:
    """Nothing is lost, and a live API run takes no seat of the local model."""
    store = open_store(first_version)
    with store.read() as connection:
        local, remote = get_run(connection, "local"), get_run(connection, "remote")
        (sample,) = get_samples(connection, "local")
        assert [run.run_id for run in live_runs(connection).readable] == ["remote"]
    store.close()
    assert local is not None
    assert remote is not None
    assert (local.lane, local.slot, local.kind, local.state) == ("local", 0, "probe", RunState.DONE)
    assert (remote.lane, remote.held_nano_usd, remote.created_at) == ("api", 70, NOON)
    assert (remote.report, remote.imported_from) == (None, None)
    assert (sample.intended_ns, sample.detail, sample.new_connection) == (5, "x", True)
    assert (sample.target, sample.step, sample.attempts, sample.input_tokens) == (0, 0, 1, None)
    assert (sample.server_said, sample.server_load_ms) == ("", None)


def test_the_money_of_all_days_is_summed_up(first_version: Settings) -> None:
    """The cap of the installation counts what was spent before there was one."""
    store = open_store(first_version)
    with store.read() as connection:
        assert spent_in_all(connection) == (70, 35)
    store.close()


def test_the_rule_of_one_seat_a_run_holds_after_the_upgrade(first_version: Settings) -> None:
    """The old index is gone, the new one is there: per host, lane and slot."""
    store = open_store(first_version)
    write_run(store, "beside", host="there", lane="local")
    write_run(store, "second", host="there", lane="api", slot=1)
    with pytest.raises(IntegrityError):
        write_run(store, "third", host="there", lane="api", slot=1)
    store.close()


def test_a_new_store_has_a_total_of_nothing(store: Store) -> None:
    """The row of the total is there from the start."""
    with store.read() as connection:
        assert spent_in_all(connection) == (0, 0)
