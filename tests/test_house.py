"""How the house is laid out: a folder answers one question, and nothing lies in it unused."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.cli.late_commands import LATE
from tests.harness.calls import defined_names, reached_names
from tests.test_architecture import ALL_MODULES, ROOT, imports, tree_of, within

MOST_FILES = 12

# The public door of README: it hands on names and holds nothing else.
DOORS = {"core/scenario/__init__.py"}

# What README shows to a program: all of it may be called by others.
README = ("core.probe.embedders.library", "core.decide.compare")

# Called by a library that is handed the object, by these names: httptools reads an answer so.
BY_NAME = tuple(
    f"core.probe.wire.http_answer.ResponseReader.{name}"
    for name in (
        *("on_message_begin", "on_header", "on_headers_complete"),
        *("on_body", "on_message_complete"),
    )
)

# Where the product begins. The modules of the second line are started by name, not imported.
ENTRIES = (
    *("core.cli.main", "core.cli.__main__", "dashboard.app", "dashboard.app_pages"),
    *("core.runs.working.__main__", "core.probe.wire.null_server", "core.serving.queue.tabulate"),
    *("core.store.migrations",),  # loaded by Alembic
    "core.cli.commands",
    *(late.module for late in LATE),  # imported when they are called
    *README,
)

DOORS_OF_OTHERS = (*README, *BY_NAME, *(late.module for late in LATE))

FOLDERS = sorted(
    {path.parent for top in ("core", "dashboard", "tests") for path in (ROOT / top).rglob("*.py")}
)
INITS = [path for _, path in ALL_MODULES if path.name == "__init__.py"]


def short(path: Path) -> str:
    """A path from the project's root."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", FOLDERS, ids=short)
def test_a_folder_can_be_looked_over(folder: Path) -> None:
    """At most twelve files lie side by side; data, subfolders and conftest.py are not counted."""
    names = {path.name for path in folder.glob("*.py")} - {"__init__.py", "conftest.py"}
    assert len(names) <= MOST_FILES, f"give some of these a folder: {sorted(names)}"


@pytest.mark.parametrize("init", INITS, ids=short)
def test_an_init_says_what_is_here_and_holds_no_code(init: Path) -> None:
    """Whoever opens a folder reads its question, and one line for each file."""
    tree = tree_of(init)
    text = ast.get_docstring(tree) or ""
    if short(init) in DOORS:
        rest = [node for node in tree.body[1:] if not isinstance(node, ast.ImportFrom)]
        assert [ast.unparse(node).split(" = ")[0] for node in rest] == ["__all__"]
        return
    assert len(tree.body) == 1
    assert text
    if "migrations" in short(init):
        return
    files = {f"``{path.stem}``:" for path in init.parent.glob("*.py") if path != init}
    folders = {f"``{path.parent.name}/``:" for path in init.parent.glob("*/__init__.py")}
    assert not {entry for entry in files | folders if entry not in text}
    named = {line.split("``")[1] for line in text.splitlines() if line.startswith("``")}
    assert len(named & {e.strip("`:") for e in files | folders}) == len(files | folders)


def test_a_name_stands_for_one_module() -> None:
    """An open file's name says which one it is."""
    count = Counter(path.stem for _, path in ALL_MODULES)
    twice = {name for name, number in count.items() if number > 1}
    assert twice <= {"__init__", "__main__"}


def siblings(base: str) -> dict[str, set[str]]:
    """Which folder or file right below a package imports which beside it."""
    arrows: dict[str, set[str]] = defaultdict(set)
    for name, path in ALL_MODULES:
        if (
            not within(name, base)
            or name == base
            or path == ROOT.joinpath(*base.split("."), "__init__.py")
        ):
            continue
        here = name.removeprefix(base + ".").split(".")[0]
        for target, _ in imports(path):
            there = target.removeprefix(base + ".").split(".")[0]
            if within(target, base) and target != base and there != here:
                arrows[here].add(there)
    return arrows


def circle(arrows: dict[str, set[str]]) -> set[str]:
    """Take away whatever imports nothing that is left, again and again: circles stay."""
    left = {name: set(targets) for name, targets in arrows.items()}
    while ends := {name for targets in left.values() for name in targets} - {
        n for n, t in left.items() if t
    }:
        left = {name: targets - ends for name, targets in left.items() if name not in ends}
    return {name for name, targets in left.items() if targets}


PACKAGES = sorted({short(path.parent).replace("/", ".") for path in INITS})


def test_a_circle_is_seen_by_any_way_round() -> None:
    """The check of the next test can fail: also where the way round takes three steps."""
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a", "e"}}) == {"a", "b", "c", "d"}
    assert not circle({"a": {"b", "c"}, "b": {"c"}})


@pytest.mark.parametrize("package", PACKAGES)
def test_folders_beside_each_other_import_one_way(package: str) -> None:
    """No two folders of a package need each other, by any way round."""
    assert not circle(siblings(package))


def test_every_module_is_reached_from_an_entry_point() -> None:
    """What only tests need stands in tests/oracles, or nowhere."""
    targets = {name: {target for target, _ in imports(path)} for name, path in ALL_MODULES}
    seen: set[str] = set()
    todo = [name for name in targets if any(within(name, entry) for entry in ENTRIES)]
    while todo:
        name = todo.pop()
        if name in targets and name not in seen:
            seen.add(name)
            todo += [*targets[name], name.rpartition(".")[0]]
    packages = {name for name, path in ALL_MODULES if path.name == "__init__.py"}
    assert set(targets) - seen - packages == set()


@cache
def reached() -> set[str]:
    """Dotted names of all that the product can run."""
    return reached_names(ALL_MODULES, ENTRIES, DOORS_OF_OTHERS)


def test_the_method_names_only_what_the_product_runs() -> None:
    """A formula that nobody computes is no method."""
    from dashboard.components.method import method_texts  # noqa: PLC0415 -- the page's own reading

    named = {
        name for text in method_texts.FORMULAS for name in method_texts.section(text).functions
    }
    assert named
    assert named - reached() == set()


def test_nothing_is_defined_that_the_product_cannot_run() -> None:
    """No function, method or class is there for tests alone."""
    left = defined_names(ALL_MODULES) - reached()
    assert {name for name in left if ".migrations." not in name} == set()


@cache
def nodes() -> list[tuple[Path, ast.AST]]:
    """Every node of the product's code, with its file."""
    return [(path, node) for _, path in ALL_MODULES for node in ast.walk(tree_of(path))]


def kinds_of(door: str) -> set[str]:
    """A class that is asked, whatever the kind, and every class that is one of it."""
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for _, node in nodes()
        if isinstance(node, ast.ClassDef)
    }
    kinds = {door}
    while new := {name for name, its in bases.items() if its & kinds} - kinds:
        kinds |= new
    return kinds


def looks_at_a_kind(node: ast.AST, kinds: set[str]) -> bool:
    """``isinstance``, ``type(...) is`` or a ``match`` with one of these classes."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"isinstance", "issubclass"}:
        asked: list[ast.AST] = [*node.args[1:]]
    elif isinstance(node, ast.Compare) and ast.unparse(node.left).startswith("type("):
        asked = [*node.comparators]
    elif isinstance(node, ast.Match):
        asked = [case.pattern for case in node.cases]
    else:
        return False
    names = (inner for one in asked for inner in ast.walk(one) if isinstance(inner, ast.Name))
    return any(name.id in kinds for name in names)


def test_a_look_at_a_kind_is_seen_however_it_is_written() -> None:
    """The check of the next test can fail."""
    for code in (
        "isinstance(a, B)",
        "isinstance(a, B | C)",
        "isinstance(a, (C, B))",
        "type(a) is B",
        "match a:\n    case C():\n        pass\n    case B():\n        pass",
    ):
        tree = ast.parse(code)
        assert sum(looks_at_a_kind(node, {"B"}) for node in ast.walk(tree)) == 1
        assert not any(looks_at_a_kind(node, {"D"}) for node in ast.walk(tree))


@pytest.mark.parametrize(
    ("door", "most"),
    [
        ("MonthlyBill", 1),
        # What makes the embedder, and the claim to be a hybrid.
        ("AnyTarget", 2),
    ],
)
def test_bills_and_targets_are_asked_and_their_kind_is_not_looked_at(door: str, most: int) -> None:
    """A new kind answers the door's questions; it need not be looked for in other files."""
    kinds = kinds_of(door)
    assert len(kinds) > 3
    looks = [
        f"{short(path)}:{node.lineno}"
        for path, node in nodes()
        if isinstance(node, ast.expr | ast.stmt) and looks_at_a_kind(node, kinds)
    ]
    assert len(looks) <= most, looks


def test_every_folder_of_code_says_its_question() -> None:
    """A folder without an __init__ has no question, whether it holds files or folders."""
    silent = [
        short(folder)
        for top in ("core", "dashboard")
        for folder in (ROOT / top).rglob("*")
        if folder.is_dir() and any(folder.rglob("*.py")) and not (folder / "__init__.py").exists()
    ]
    assert silent == []


# Words that say that there is a value, not which one it is.
EMPTY_WORDS = {"found", "said", "told", "kept"}
MOST_LINES_FOR_AN_EMPTY_WORD = 5
WELL_NAMED = ("core", "dashboard")


def bound_names(node: ast.AST) -> Iterator[str]:
    """Names that a node gives to a value: an assignment, an argument, an alias, a capture."""
    match node:
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.arg():
            yield node.arg
        case ast.alias():
            yield node.asname or node.name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name


def empty_words(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Function and word, for each function of more than five lines that calls a value so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.body[0].lineno + 1
            names = {name for part in ast.walk(node) for name in bound_names(part)}
            if lines > MOST_LINES_FOR_AN_EMPTY_WORD:
                yield from ((node.name, name) for name in sorted(names & EMPTY_WORDS))


@pytest.mark.parametrize(
    "binding",
    [
        *("found = 1", "for found in x: pass", "y = [0 for found in x]", "y = lambda found: 0"),
        *(
            "import told as found",
            "with x as found: pass",
            "if (found := x): pass",
            "x, *found = y",
        ),
        "try: pass\n  except E as found: pass",
        "match x:\n    case [found]: pass",
    ],
)
def test_an_empty_word_is_seen_however_it_is_bound(binding: str) -> None:
    """The check of the next test can fail, and leaves a function of a few lines alone."""
    more = "  pass\n" * MOST_LINES_FOR_AN_EMPTY_WORD
    for code, seen in (
        (f"def f(x):\n{more}  {binding}\n", [("f", "found")]),
        (f"def f(found):\n{more}  pass\n", [("f", "found")]),
        (f"def f(found):\n{more}", []),
    ):
        assert list(empty_words(ast.parse(code))) == seen


@pytest.mark.parametrize("place", WELL_NAMED)
def test_a_name_says_what_the_value_is(place: str) -> None:
    """In the middle of a long function the name alone says what a value is."""
    modules = [
        path
        for _, path in ALL_MODULES
        if short(path) == place or short(path).startswith(f"{place}/")
    ]
    assert modules
    named = [(short(path), *where) for path in modules for where in empty_words(tree_of(path))]
    assert named == []
