"""The mutants there are, those that count, and those that are drawn.

Made by mutmut's operators. Left out: whatever stands in a text (labels, explanations, errors), a
value that becomes None and an argument without a name that is dropped (they crash: no law is
tested), the guards ``strict=`` and ``dtype=``, and what mutmut leaves out itself: annotations,
decorators, module constants, calls of ``len`` and ``isinstance``.
"""

import difflib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from mutmut.mutation.file_mutation import Mutation, deep_replace
from mutmut.mutation.trampoline_templates import mangle_function_name
from mutmut.utils.format_utils import get_mutant_name

from tests.mutation.plain import name_of

TEXTS = (cst.BaseString, cst.FormattedString, cst.Raise, cst.Assert)
GUARDS = ("strict", "dtype")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function."""

    key: str
    """The tool's name of it."""
    function: str
    """``function`` or ``Class.function``: it stays when the function moves to another file."""
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.function}: {self.before or '(nothing)'}  ->  {self.after or '(nothing)'}"


class Draw:
    """Draws from the mutants that count: by function and number, wherever the function lies."""

    def __init__(self, seed: int, share: float, only: str = "") -> None:
        """Let ``share`` of the mutants through, of functions whose name has ``only`` in it."""
        self._seed = seed
        self._share = share
        self._only = only

    def __call__(self, function: str, number: int) -> bool:
        """Return whether a mutant is drawn; the same for the same seed."""
        chance = random.Random(f"{self._seed} {function} {number}").random()
        return chance < self._share and self._only in function


def chosen(
    module: cst.Module, mutations: list[Mutation], draw: Draw
) -> tuple[int, list[tuple[str, Mutation]]]:
    """Return how many of a module's mutations count, and those drawn with their function."""
    owners = dict(_functions(module))
    hidden = _inside_texts(module)
    numbers: Counter[str] = Counter()
    drawn = []
    for mutation in mutations:
        function = owners.get(id(mutation.contained_by_top_level_function))
        if function is None or not _counts(mutation, hidden):
            continue
        numbers[function] += 1
        if draw(function, numbers[function]):
            drawn.append((function, mutation))
    return numbers.total(), drawn


def described(
    path: Path, module: cst.Module, drawn: list[tuple[str, Mutation]]
) -> Iterator[Mutant]:
    """Each drawn mutation by its line before and after, under the name that the tool gives it."""
    numbers: Counter[str] = Counter()
    for function, mutation in drawn:
        numbers[function] += 1
        original = mutation.contained_by_top_level_function
        changed = deep_replace(original, mutation.original_node, mutation.mutated_node)
        before, after = _difference(module.code_for_node(original), module.code_for_node(changed))
        owner = function.rpartition(".")[0] or None
        mangled = mangle_function_name(name=original.name.value, class_name=owner)
        key = get_mutant_name(path, f"{mangled}__mutmut_{numbers[function]}")
        yield Mutant(key, function, before, after)


def _functions(module: cst.Module) -> Iterator[tuple[int, str]]:
    """Each function that the tool mutates, by its name in the project."""
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            yield id(statement), statement.name.value
        elif isinstance(statement, cst.ClassDef):
            for child in statement.body.body:
                if isinstance(child, cst.FunctionDef):
                    yield id(child), f"{statement.name.value}.{name_of(child.name.value)}"


def _inside_texts(node: cst.CSTNode, *, hidden: bool = False) -> set[int]:
    hidden = hidden or isinstance(node, TEXTS) or _is_guard(node)
    below = (_inside_texts(child, hidden=hidden) for child in node.children)
    return set().union({id(node)} if hidden else (), *below)


def _counts(mutation: Mutation, hidden: set[int]) -> bool:
    before, after = mutation.original_node, mutation.mutated_node
    if id(before) in hidden or isinstance(before, cst.Lambda):
        return False
    if isinstance(before, cst.Assign | cst.AnnAssign):
        return False
    return not isinstance(before, cst.Call) or _drops_a_value(before, after)


def _drops_a_value(before: cst.Call, after: cst.Call) -> bool:
    """Whether a call loses a named value that is neither a text nor a guard."""
    if len(after.args) == len(before.args):
        return after.func is not before.func
    (gone,) = [arg for arg in before.args if all(arg is not left for left in after.args)]
    return gone.keyword is not None and not _is_guard(gone) and not isinstance(gone.value, TEXTS)


def _is_guard(node: cst.CSTNode) -> bool:
    named = isinstance(node, cst.Arg) and node.keyword is not None
    return named and node.keyword.value in GUARDS


def _difference(before: str, after: str) -> tuple[str, str]:
    """Lines that are gone, and those that came in their place."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))
    gone, new = (
        "; ".join(line[1:].strip() for line in lines[2:] if line.startswith(sign)) for sign in "-+"
    )
    return gone, new
