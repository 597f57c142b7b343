"""Choices of runs: one an option, gone with their run."""

import pytest
from sqlalchemy.exc import IntegrityError

from core.store.adoptions import Adoption, adopt, adopted, release
from core.store.open import Store
from core.store.runs import RunState, change_run, delete_run
from tests.store.support import write_run


def test_one_choice_an_option_and_the_last_one_counts(store: Store) -> None:
    """Chosen twice, released, and nothing left."""
    for run_id in ("first", "second"):
        write_run(store, run_id)
        with store.write() as connection:
            change_run(connection, run_id, state=RunState.DONE.value)
            adopt(connection, Adoption("alpha/flat", run_id, 0))
    with store.read() as connection:
        assert adopted(connection) == [Adoption("alpha/flat", "second", 0)]
    with store.write() as connection:
        release(connection, "alpha/flat")
        assert adopted(connection) == []


def test_a_deleted_run_takes_its_choices_along(store: Store) -> None:
    """Its option is measured by the newest run again."""
    write_run(store, "gone")
    with store.write() as connection:
        change_run(connection, "gone", state=RunState.DONE.value)
        adopt(connection, Adoption("alpha/flat", "gone", 1))
        assert delete_run(connection, "gone")
        assert adopted(connection) == []


def test_a_run_that_is_not_there_cannot_be_chosen(store: Store) -> None:
    """The database itself refuses."""
    with pytest.raises(IntegrityError), store.write() as connection:
        adopt(connection, Adoption("alpha/flat", "never", 0))
