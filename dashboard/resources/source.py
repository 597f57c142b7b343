"""The code behind a formula: what a section of the method names, as it runs in this process."""

import importlib
import inspect
import textwrap
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

NOT_INSTALLED: Final = "# The source is not installed with this copy; this is its docstring.\n"


@dataclass(frozen=True, slots=True)
class Code:
    """A function, or a class, and where it is."""

    name: str
    """Dotted, from the root package."""
    file: str
    """Path from the project's folder."""
    line: int | None
    """Of its first line, decorators included; None without a source."""
    source: str
    module_doc: str


def code_of(dotted: str) -> Code:
    """Find a function, method, property or class by its dotted name.

    Its module is imported now: a page that shows no source pays for no import. Raises LookupError
    where the name leads nowhere, TypeError where it leads to something without a source.
    """
    module, definition = _found(dotted)
    file = Path(inspect.getfile(module)).resolve()
    shown = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file.name
    line, source = _source(definition)
    return Code(dotted, str(shown), line, source, inspect.getdoc(module) or "")


def _found(dotted: str) -> tuple[ModuleType, object]:
    """The module, the longest part of the name that is one, and what the rest names in it."""
    parts = dotted.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:cut])
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is not None and not (name + ".").startswith(error.name + "."):
                raise  # the module is there, and misses one of its own
            continue
        return module, _inside(module, parts[cut:], dotted)
    raise LookupError(f"no module of {dotted}")


def _inside(module: ModuleType, names: list[str], dotted: str) -> object:
    definition: object = module
    for name in names:
        if not hasattr(definition, name):
            raise LookupError(f"{dotted}: there is no {name}")
        definition = getattr(definition, name)
    return definition


def _source(definition: object) -> tuple[int | None, str]:
    """First line and text; the docstring alone where there is no source file."""
    if isinstance(definition, property):
        definition = definition.fget
    plain = inspect.unwrap(definition) if callable(definition) else definition
    if not isinstance(plain, (FunctionType, type)):
        raise TypeError(f"{plain!r} is no function or class")
    try:
        lines, line = inspect.getsourcelines(plain)
    except OSError:
        return None, NOT_INSTALLED + (inspect.getdoc(plain) or "")
    return line, textwrap.dedent("".join(lines))
