"""What a start button does: the run is watched from then on, or why there is none is said."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from core.errors import AlreadyLiveError, BreakevenError
from core.money import DOLLARS
from dashboard import formats
from dashboard.components.shared import error_boxes
from dashboard.resources.cached import cached_store
from dashboard.state import session

STARTED: Final = "probe/started"
"""The run that this session has started last."""
WATCHED: Final = "probe/run"
"""The run that the strip shows."""


def cost_words(worst_usd: Decimal) -> str:
    """What a run may cost at most, and what the caps are."""
    caps = cached_store.settings()
    amounts = (worst_usd, caps.spend_cap_per_run_usd, caps.spend_cap_per_day_usd)
    worst, run, day = (formats.usd(float(usd), DOLLARS) for usd in amounts)
    return f"Costs at most {worst}; the caps are {run} a run and {day} a day."


def begun(start: Callable[[], str], where_it_is: str) -> bool:
    """Start a run and watch it; False where it was not, and why is shown.

    ``where_it_is``: how to see the same run where somebody else has started it.
    """
    try:
        run_id = start()
    except AlreadyLiveError as live:
        run_id = live.run_id
        if session.get(STARTED, default="") != run_id:  # else it was a double click
            session.put(WATCHED, run_id)
            error_boxes.show(live, where_it_is)
            return False
    except BreakevenError as error:
        error_boxes.show(error)
        return False
    session.put(STARTED, run_id)
    session.put(WATCHED, run_id)
    return True
