"""Machines with models of their own: curves of four models, and the search of the catalogue."""

import time
from collections.abc import Callable
from typing import Final

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import Hosting, Scenario, Workload, pair_id
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, say

MODELS: Final = (
    "BAAI/bge-small-en-v1.5",
    "BAAI/bge-large-en-v1.5",
    "BAAI/bge-m3",
    "Qwen/Qwen3-Embedding-0.6B",
)
MACHINES: Final = (
    *("aws/g6.xlarge", "aws/g6e.xlarge", "aws/g4dn.xlarge", "aws/g5.xlarge", "aws/p5.4xlarge"),
    *("aws/p3.2xlarge", "runpod/rtx-4090", "runpod/l40s", "owned/rtx-4080", "owned/rtx-4090"),
    *("modal/l4", "modal/t4"),
)
"""Twelve: by the hour, owned, by the second."""
DEAR: Final = "aws/p5.4xlarge"
VOLUMES: Final = (1e5, 1e7, 1e8, 1e9)
"""Requests a day: at the highest most machines of the catalogue could be the cheapest."""
ROUNDS: Final = 5
REPEATS: Final = 10
MOST_FOR_MODELS: Final = 1.5
MOST_FOR_SEARCH: Final = 5.0


def main() -> list[Figure]:
    """Print what four models cost beside one, and a search beside the curves."""
    catalog = load_catalog()
    turns = enumerate(MACHINES)
    many = _question(*(pair_id(name, MODELS[i % len(MODELS)]) for i, name in turns))
    one = _question(*(pair_id(name, MODELS[2]) for name in MACHINES))
    figures = [
        Figure(
            "curves of 12 options of 4 models, against 12 of one",
            _beside(_curves(many, catalog), _curves(one, catalog)),
            MOST_FOR_MODELS,
        )
    ]
    for volume in VOLUMES:
        what = f"search of all machines and models at {volume:g} requests a day, against curves"
        search = _search(_question(DEAR, requests_per_day=volume), catalog)
        figures.append(Figure(what, _beside(search, _curves(Scenario(), catalog)), MOST_FOR_SEARCH))
    say(load())
    return figures


def _question(*options: str, requests_per_day: float = 1e5) -> Scenario:
    load_asked = Workload(requests_per_day=requests_per_day)
    return Scenario(workload=load_asked, hosting=Hosting(model=MODELS[2]), options=options)


def _curves(asked: Scenario, catalog: Catalog) -> Callable[[], object]:
    return lambda: curves(Case(asked, catalog))


def _search(asked: Scenario, catalog: Catalog) -> Callable[[], object]:
    case = Case(asked, catalog)
    winner = at_volume(curves(case), case).rows[0]
    return lambda: cheaper_elsewhere(Case(asked, catalog), winner)


def _beside(call: Callable[[], object], other: Callable[[], object]) -> Spread:
    """Processor time of both by turns, each called once before."""
    call(), other()
    rounds = [(_ms(call), _ms(other)) for _ in range(ROUNDS)]
    return ratios(*zip(*rounds, strict=True))


def _ms(call: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(REPEATS):
        call()
    return (time.process_time() - began) / REPEATS * 1e3


if __name__ == "__main__":
    main()
