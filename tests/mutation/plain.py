"""Code as the mutation tool can take all of it: a property's body becomes a method of its own.

The tool leaves decorated functions alone, and a third of the model is properties. ``@property def
usd(self)`` becomes ``def _usd(self)`` and ``usd = property(_usd)``, which answers the same. Texts
lose their comments and docstrings, and each statement stands on one line, so that a mutant is
described by one line before and one after.
"""

import ast
from typing import Final

OF_A_VALUE: Final = ("property", "cached_property")
PREFIX: Final = "_of_"


class _Plain(ast.NodeTransformer):
    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Open the properties of a class."""
        node.body = [part for child in node.body for part in _opened(child)]
        self.generic_visit(node)
        return node


def plain(source: str) -> str:
    """Return the same code without docstrings of functions, its properties opened."""
    tree = _Plain().visit(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def name_of(function: str) -> str:
    """Return a function's name in the project."""
    return function.removeprefix(PREFIX)


def _opened(node: ast.stmt) -> list[ast.stmt]:
    if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
        return [node]
    decorator = node.decorator_list[0]
    if not isinstance(decorator, ast.Name) or decorator.id not in OF_A_VALUE:
        return [node]
    value, node.name, node.decorator_list = node.name, PREFIX + node.name, []
    made = ast.Call(decorator, [ast.Name(node.name, ast.Load())], [])
    return [node, ast.Assign([ast.Name(value, ast.Store())], made)]
