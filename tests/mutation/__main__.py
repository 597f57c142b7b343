"""Change the model's code in small ways; the tests must notice: ``python -m tests.mutation``.

Mutants are drawn with a seed, which is printed, and tried with mutmut, each against the tests of
its own room. The draw goes by the function and the number of its mutant: it is the same whatever
else is tried, and wherever the function lies. A survivor needs a test, or a written reason in
``equivalent.toml``. The exit status is 1 where fewer than 90 % were killed, or where a survivor
has no reason.
"""

import argparse
import secrets
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.markup import escape

from tests.benchmarks.report import load, say
from tests.mutation.mutants import Mutant
from tests.mutation.rooms import ROOMS, Room
from tests.mutation.workshop import prepared, tried

LEAST_KILLED: Final = 0.9
SHARE: Final = 0.07
"""Of all mutants: about 350."""
EQUIVALENT: Final = Path(__file__).parent / "equivalent.toml"


def main(arguments: Sequence[str]) -> int:
    """Draw, try and report."""
    asked = _parser().parse_args(arguments)
    say(f"=== seed {asked.seed}, {load()}")
    began = time.perf_counter()
    rooms = [room for room in ROOMS if not asked.rooms or room.name in asked.rooms]
    fates: dict[Mutant, str] = {}
    for room in rooms:
        fates |= _tried(room, asked)
    say(f"=== {time.perf_counter() - began:.0f} s, {load()}")
    return _report(fates)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="*", help=f"of {', '.join(r.name for r in ROOMS)}")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--share", type=float, default=SHARE, help="of all mutants, 0 to 1")
    parser.add_argument("--only", default="", help="of functions whose name has this in it")
    return parser


def _tried(room: Room, asked: argparse.Namespace) -> dict[Mutant, str]:
    """Try what is drawn from a room; every mutant has the same chance."""
    there, fates = tried(prepared(room), asked.seed, asked.share, asked.only)
    say(f"{room.name}: {len(fates)} of {there} mutants, {dict(Counter(fates.values()))}")
    return fates


def _report(fates: dict[Mutant, str]) -> int:
    """Print the survivors with their reasons; return the exit status."""
    reasons = _reasons()
    alive = [mutant for mutant, fate in fates.items() if fate not in ("killed", "timeout")]
    unexplained = 0
    for mutant in alive:
        reason = reasons.get((mutant.function, mutant.before, mutant.after))
        unexplained += reason is None
        say(escape(f"{fates[mutant].upper()} {mutant}\n    {reason or 'NO REASON'}"))
    killed = 1 - len(alive) / max(1, len(fates))
    say(f"=== {killed:.1%} of {len(fates)} killed, {unexplained} survivors without a reason")
    return int(killed < LEAST_KILLED or unexplained > 0)


def _reasons() -> dict[tuple[str, str, str], str]:
    rows = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("mutant", [])
    return {(row["function"], row["before"], row["after"]): row["reason"] for row in rows}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
