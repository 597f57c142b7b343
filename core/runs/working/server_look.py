"""Looks at a server's own counters before the first and after the last request of a run.

Of typed servers alone: a provider shows nobody his. Nothing of it is timed, no key is sent, and a
server that shows none, or answers late, changes nothing.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from core.errors import BreakevenError
from core.measurement.beside.server_metrics import ServerMetrics
from core.probe.recognise.mended_address import AZURE_HOSTS, root_of
from core.probe.recognise.metrics_difference import PREFIXES, difference
from core.probe.recognise.metrics_text import MOST_METRICS_BYTES, Metrics, read_metrics
from core.probe.records.probe_plan import ApiTarget, Target
from core.probe.wire.route import Route
from core.runs.trust.origin import origin_of
from core.runs.trust.shipped import provider_at

PATHS: Final = ("/metrics", "/v1/metrics")
"""TEI's and vLLM's, and a NIM's."""
PATIENCE_S: Final = 0.5
"""The first number does not wait for longer."""


class ServerLook:
    """Two looks at one server."""

    def __init__(self, target: Target, route: Route) -> None:
        api = target.sole_api
        self._api = api if api is not None and _is_own(api) else None
        self._route = route
        self._path = ""
        self._before: Metrics | None = None

    async def before(self) -> None:
        """The first look, which finds out where they are."""
        if self._api is None:
            return
        looks = await _metrics(self._api, self._route, PATHS)
        self._path, self._before = next(
            ((path, metrics) for path, metrics in looks.items() if metrics is not None), ("", None)
        )

    async def after(self, sent: int) -> ServerMetrics | None:
        """What they say of the time between; None where they say nothing."""
        if self._api is None or self._before is None:
            return None
        now = (await _metrics(self._api, self._route, (self._path,))).get(self._path)
        return None if now is None else difference(self._before, now, sent)


async def _metrics(api: ApiTarget, route: Route, paths: Sequence[str]) -> dict[str, Metrics | None]:
    """What stands at these paths; nothing where the server may not be asked."""
    # Imported here: its HTTP client costs every other run a tenth of a second.
    from core.probe.recognise.judged_asking import Asking  # noqa: PLC0415

    root = root_of(str(api.endpoint.base_url))
    mine = replace(route, reach=route.reach.with_this_computer(meant=api.allow_loopback))
    with suppress(BreakevenError):
        async with Asking(root, route=mine) as asking:
            looks = (
                asking.ask(path, most_bytes=MOST_METRICS_BYTES, timeout_s=PATIENCE_S)
                for path in paths
            )
            answers = await asyncio.gather(*looks)
        read = (read_metrics(answer.text, PREFIXES) for answer in answers)
        return dict(zip(paths, read, strict=True))
    return {}


def _is_own(api: ApiTarget) -> bool:
    """Whether a server is nobody's who is known to sell."""
    origin = origin_of(api.endpoint)
    return provider_at(origin) is None and not origin.host.endswith(AZURE_HOSTS)
