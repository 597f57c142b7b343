"""What a name means now, judged before a worker is started for it."""

import threading
from typing import Final

from core.errors import EgressError
from core.probe.addresses.egress import Address, judge_ips, look_up
from core.probe.addresses.hosts import address_of

PATIENCE_S: Final = 2.0
"""A name service that takes longer says it to the worker."""


def refuse_forbidden_name(address: Address, patience_s: float = PATIENCE_S) -> None:
    """Raise EgressError where a name leads to what may not be called.

    A name that is unknown, or slow to be found, is no refusal: the worker asks again, and judges
    again whatever it is told.
    """
    if address_of(address.host) is not None:
        return  # no name: it was judged when it was read
    refusals: list[EgressError] = []

    def ask() -> None:
        try:
            judge_ips(address, look_up(address))
        except EgressError as error:
            refusals.append(error)
        except (OSError, UnicodeError):
            return

    # Not the pool of an event loop, which would wait at its end however long it takes.
    asking = threading.Thread(target=ask, name="look-up", daemon=True)
    asking.start()
    asking.join(patience_s)
    if refusals:
        raise refusals[0]
