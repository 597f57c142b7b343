"""The reference of the model: numpy's plainest pass over as many numbers, by turns in one run.

A bill at its plainest is a price by the token and a fixed sum: one multiplication and one addition
a number, an option at a time, as anybody writes it. What the model takes beyond that is its steps,
tiers, spare replicas, capacities and the search for break-evens.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.cost.curve.piecewise import Floats
from tests.benchmarks.report import Spread, ratios

ROUNDS = 5
PASS_NUMBERS = 2_000_000
"""A round of the reference goes over so many numbers at least: one short pass is noise."""
PIECE = 4_096
"""Numbers worked on at a time, 32 KB: fresh memory beyond that is the system's work, not numpy's,
and takes twice as long on some runs as on others."""
PRICE, FIXED_USD = 2e-8, 50.0


@dataclass(frozen=True, slots=True)
class Beside:
    """Processor time of five rounds, ms a call: of the model and of the pass."""

    own_ms: list[float]
    plain_ms: list[float]

    @property
    def ratio(self) -> Spread:
        """How many times as long the model took, round by round."""
        return ratios(self.own_ms, self.plain_ms)

    def row(self, what: str) -> tuple[str, ...]:
        """One row of a report under COLUMNS."""
        own, plain = Spread.of(self.own_ms), Spread.of(self.plain_ms)
        return what, own.text(digits=2), plain.text(digits=4), self.ratio.text(digits=1)


COLUMNS = ("what", "ms of processor", "numpy pass, ms", "times as long")


def plain_bills(options: int, tokens: Floats, piece: int) -> list[Floats]:
    """USD of every option at its plainest; of the last piece of the volumes."""
    usd: list[Floats] = []
    for start in range(0, tokens.size, piece):
        volumes = tokens[start : start + piece]
        usd = [volumes * (PRICE * (1 + option)) + FIXED_USD for option in range(options)]
    return usd


def beside_numpy(
    call: Callable[[], object], options: int, volumes: int, repeats: int = 1, piece: int = PIECE
) -> Beside:
    """Time a call by turns with the pass over ``options`` times ``volumes`` numbers.

    ``piece``: volumes that the pass works on at a time; all of them where the model hands out every
    cost in new memory too.

    Each side is called once before; of the rounds themselves none is dropped. Processor time of
    this process, because neighbours lengthen the clock's time alone.
    """
    tokens = np.geomspace(1e7, 1e13, volumes)
    passes = max(repeats, PASS_NUMBERS // (options * volumes))
    beside = Beside([], [])
    call()
    plain_bills(options, tokens, piece)
    for _ in range(ROUNDS):
        beside.own_ms.append(_ms(call, repeats))
        beside.plain_ms.append(_ms(lambda: plain_bills(options, tokens, piece), passes))
    return beside


def _ms(call: Callable[[], object], repeats: int) -> float:
    began = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - began) / repeats * 1e3
