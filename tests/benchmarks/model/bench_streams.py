"""Queries and documents: the curves of two streams beside those of one."""

import time
from collections.abc import Callable
from typing import Final

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.streams.two_streams import TwoStreams
from core.scenario import Documents, Scenario
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import load, ratios, say

ROUNDS: Final = 5
REPEATS: Final = 10
MOST_FOR_STREAMS: Final = 2.0


def main() -> list[Figure]:
    """Print what two streams take, answer included, beside the curves of one."""
    catalog, asked = load_catalog(), Scenario(documents=Documents(requests_per_day=1e6))
    one, two = _curves(asked, catalog), _streams(asked, catalog)
    one(), two()
    rounds = [(_ms(two), _ms(one)) for _ in range(ROUNDS)]
    figure = Figure(
        "both streams with their pairs and who leads, against the curves of one",
        ratios(*zip(*rounds, strict=True)),
        MOST_FOR_STREAMS,
    )
    say(load())
    return [figure]


def _curves(asked: Scenario, catalog: Catalog) -> Callable[[], object]:
    return lambda: curves(Case(asked, catalog))


def _streams(asked: Scenario, catalog: Catalog) -> Callable[[], object]:
    def both() -> object:
        case = Case(asked, catalog)
        return TwoStreams(case, curves(case)).answer()

    return both


def _ms(call: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(REPEATS):
        call()
    return (time.process_time() - began) / REPEATS * 1e3


if __name__ == "__main__":
    main()
