"""mutmut, held to the mutants that are drawn: ``python tool.py SEED SHARE ONLY``, in a workshop.

mutmut would write every mutant of a file into it, thousands of functions, and the tests would run
through all of them. Here it writes those that are drawn, and beside each file what they are.
"""

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any, Final

from mutmut.__main__ import cli
from mutmut.mutation import file_mutation

from tests.mutation.mutants import Draw, chosen, described

DRAWN: Final = "drawn"
"""Folder of what was drawn, in the workshop."""


def drawing(draw: Draw) -> None:
    """Let mutmut make only the mutants that are drawn, and write down which they are."""
    every = file_mutation.create_mutations

    def some(filename: str, code: str, *limits: Any) -> tuple[Any, ...]:
        module, mutations, *ignored = every(filename, code, *limits)
        count, drawn = chosen(module, mutations, draw)
        mutants = [dataclasses.asdict(m) for m in described(Path(filename), module, drawn)]
        name = filename.replace("/", ".") + ".json"
        (Path(DRAWN) / name).write_text(json.dumps({"count": count, "mutants": mutants}))
        return module, [mutation for _, mutation in drawn], *ignored

    file_mutation.create_mutations = some


if __name__ == "__main__":
    seed, share, only = sys.argv[1:]
    Path(DRAWN).mkdir(exist_ok=True)
    drawing(Draw(int(seed), float(share), only))
    cli(["run", "--max-children", "2"])
