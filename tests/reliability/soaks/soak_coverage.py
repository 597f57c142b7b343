"""How often the interval of a paired difference holds the true one: shapes of scores, numbers.

The figures of `core/quality/paired_bootstrap.py` are from here.
"""

from core.quality.corpus import LEAST_QUERIES
from tests.quality.simulated import SHAPES, coverage
from tests.reliability.trial import Trial

DRAWS = 2_000
LEAST_IN_FEW = 0.9
PROMISED = (0.92, 0.98)
ROUGH = {"recall high": 0.99}
"""Most where two of 50 queries differ: of so few different samples none holds just 95 %."""


def main(seed: int) -> Trial:
    """Simulate 1,000 corpora of each shape and number of queries."""
    trial = Trial()
    for queries in (LEAST_QUERIES, 20, 50, 500):
        least, most = PROMISED if queries >= 50 else (LEAST_IN_FEW, 1.0)
        for name, made in SHAPES.items():
            held = coverage(made, queries, seed, DRAWS)
            trial.figures[f"{name}, {queries} queries, share_held"] = held
            trial.expect(
                least <= held <= max(most, ROUGH.get(name, 0)),
                f"{name}, {queries} queries: {held:.1%}.",
            )
    return trial
