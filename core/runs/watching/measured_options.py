"""Which run measures which option, as far as its claim holds."""

from sqlalchemy import Connection

from core.measurement.measured import Measurement
from core.runs.trust.claims import as_sent
from core.runs.trust.stands_for import as_option
from core.runs.watching.run_view import measurement_of
from core.store.adoptions import Adoption, adopted
from core.store.runs import StoredRun, done_runs_of, look_up, newest_done_runs


def probed_options(connection: Connection) -> dict[str, Measurement]:
    """What is measured of each option: by the run that was adopted for it, else by its newest."""
    newest = newest_done_runs(connection)
    strays = [run for run in newest if not _is_true(run)]
    # The stray may stand before a run of the option itself.
    hidden = [_newest_true(connection, run.plan.subject.option_id) for run in strays]
    true = [run for run in newest if _is_true(run)]
    measurements = (measurement_of(run) for run in (*strays, *hidden, *true) if run is not None)
    chosen = {key: measured for key, (_, measured) in adopted_options(connection).items()}
    return {one.subject.option_id: one for one in measurements if one is not None} | chosen


def adopted_options(connection: Connection) -> dict[str, tuple[Adoption, Measurement]]:
    """The choices of a person that are in force, with what they measure."""
    by_option = {}
    for choice in adopted(connection):
        for run in look_up(connection, choice.run_id).readable:
            measured = measurement_of(run, choice.target)
            if measured is not None and measured.fit is not None:  # a server may be said to be one
                measured = as_option(measured, choice.option_id)
            if measured is not None and measured.subject.option_id == choice.option_id:
                by_option[choice.option_id] = choice, measured
    return by_option


def _is_true(run: StoredRun) -> bool:
    return as_sent(run.plan) is run.plan


def _newest_true(connection: Connection, option_id: str) -> StoredRun | None:
    return next((run for run in done_runs_of(connection, option_id) if _is_true(run)), None)
