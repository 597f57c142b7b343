"""Which functions, methods and classes the product can run, read from its syntax trees.

A function is reached where reached code names it; a method where its class is reached and reached
code names an attribute like it. That is generous, never mean: what is not reached is dead.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
PLAIN = {"property", "staticmethod", "classmethod", "cached_property"}


@dataclass
class Part:
    """A function, a method, a class without its methods, or a module without its definitions."""

    module: str
    owner: str | None
    """Dotted name of the class of a method."""
    names: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    """Dotted names that it names outright: imported, or `module.name`."""
    by_itself: bool = False
    """Called by whoever has the class: a dunder, a validator."""


def defined_names(modules: Iterable[tuple[str, Path]]) -> set[str]:
    """Dotted names of all functions, methods and classes."""
    return {
        name
        for module, path in modules
        for name, part in _parts_of(module, ast.parse(path.read_text(encoding="utf-8")), {}).items()
        if name != part.module
    }


def reached_names(
    modules: Iterable[tuple[str, Path]], entries: Sequence[str], doors: Sequence[str]
) -> set[str]:
    """Dotted names of all that can be run from these modules.

    A door is called by others: a module by any of its public names, or one name alone.
    """
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules}
    bound = {name: _bound(name, tree) for name, tree in trees.items()}
    parts: dict[str, Part] = {}
    for name, tree in trees.items():
        parts |= _parts_of(name, tree, bound[name])
    todo = [name for name, part in parts.items() if name == part.module and _entry(name, entries)]
    todo += [
        name
        for name, part in parts.items()
        if (part.module in doors or name in doors) and "._" not in name
    ]
    reached: set[str] = set()
    attributes: set[str] = set()
    while todo:
        while todo:
            name = _home(todo.pop(), parts, bound)
            if name not in parts or name in reached:
                continue
            reached.add(name)
            attributes |= parts[name].attributes
            todo += [*parts[name].targets, parts[name].module]
        todo = [one for one, part in parts.items() if _called(one, part, reached, attributes)]
    return reached


def _home(name: str, parts: Mapping[str, Part], bound: Mapping[str, dict[str, str]]) -> str:
    """Where a name is defined: some are handed on by the module that they are imported from."""
    while name not in parts:
        module, _, own = name.rpartition(".")
        if own not in bound.get(module, {}):
            return name
        name = bound[module][own]
    return name


def _entry(name: str, entries: Sequence[str]) -> bool:
    return any(name == entry or name.startswith(entry + ".") for entry in entries)


def _called(name: str, part: Part, reached: set[str], attributes: set[str]) -> bool:
    if name in reached or (part.owner or part.module) not in reached:
        return False
    if part.owner is None:
        return part.by_itself
    return part.by_itself or name.rpartition(".")[2] in attributes


def _parts_of(module: str, tree: ast.Module, bound: dict[str, str]) -> dict[str, Part]:
    parts = {module: Part(module, None)}
    for node in tree.body:
        if not isinstance(node, Definition):
            _note(parts[module], node, bound)
            continue
        own = parts[f"{module}.{node.name}"] = Part(module, None, by_itself=_is_command(node))
        if not isinstance(node, ast.ClassDef):
            _note(own, node, bound)
            continue
        for line in [*node.bases, *node.keywords, *node.decorator_list, *node.body]:
            if not isinstance(line, Definition):
                _note(own, line, bound)
                continue
            called = _by_itself(line) or _of_a_library(node, bound)
            method = Part(module, f"{module}.{node.name}", by_itself=called)
            _note(method, line, bound)
            parts[f"{module}.{node.name}.{line.name}"] = method
    return parts


def _is_command(node: Definition) -> bool:
    """Whether it is handed to the terminal, or to the interpreter's end, where it is defined."""
    marks = {ast.unparse(mark).split("(")[0].rpartition(".")[2] for mark in node.decorator_list}
    return bool(marks & {"command", "callback", "register"})


def _of_a_library(node: ast.ClassDef, bound: Mapping[str, str]) -> bool:
    """Whether a base, or a promise in the docstring, lets somebody else call its methods."""
    bases = [ast.unparse(base).split("[")[0] for base in node.bases]
    others = [base for base in bases if not bound.get(base, "").startswith(("core.", "dashboard."))]
    return bool(set(others) - {"BaseModel", "Protocol", "StrEnum", "NamedTuple", "Exception"})


def _by_itself(node: Definition) -> bool:
    marks = {ast.unparse(mark).split("(")[0] for mark in node.decorator_list}
    return node.name.startswith("__") or bool(marks - PLAIN)


def _bound(module: str, tree: ast.Module) -> dict[str, str]:
    """Local name -> dotted name, of what a module imports anywhere and of what it defines."""
    bound = {
        node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, Definition)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return bound


def _note(part: Part, node: ast.AST, bound: dict[str, str]) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in bound:
            part.targets.add(bound[inner.id])
        elif isinstance(inner, ast.Attribute):
            part.attributes.add(inner.attr)
            if isinstance(inner.value, ast.Name) and inner.value.id in bound:
                part.targets.add(f"{bound[inner.value.id]}.{inner.attr}")
        elif isinstance(inner, ast.ImportFrom) and inner.module:
            part.targets.add(inner.module)
