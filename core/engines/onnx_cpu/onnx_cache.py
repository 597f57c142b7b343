"""The cache of exported models, written atomically: one folder a model and set of versions.

A folder is written under another name and renamed when it is complete, so that a killed export
leaves nothing that looks like a model.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from core.engines.common.token_rows import TextLayout
from core.engines.model_files.model_source import ModelSource
from core.engines.model_files.weights import sha256_of

FORMAT: Final = "1"
"""Rises when what an export holds changes: older ones are then made anew."""
VERSIONED: Final = (
    "torch",
    "transformers",
    "sentence-transformers",
    "tokenizers",
    "onnx",
    "onnxscript",
    "onnxruntime",
)
"""Packages whose version may change an export or its vectors."""
GRAPH: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
MANIFEST: Final = "manifest.json"
SMALL_BYTES: Final = 50_000_000
"""Files of a model below this (configuration, tokenizer) take part in its key by content."""
KEPT: Final = 6
"""Exports kept; the longest unused go first."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a graph needs to be run, and what was found when it was made."""

    dims: int
    max_tokens: int
    inputs: tuple[str, ...]
    """Names of the graph's inputs, in order."""
    pad_id: int
    pad_left: bool
    prompt: str
    layers: int | None
    hidden: int | None
    params_non_embedding: int | None
    lowest_cosine: float
    """To torch's vectors of the check texts, when it was exported."""
    digests: tuple[tuple[str, str], ...]
    """File -> sha256."""
    refused: str = ""
    """Why this export must not be used: its vectors are not torch's, or it failed."""

    @property
    def layout(self) -> TextLayout:
        """How it wants its texts."""
        return TextLayout(self.pad_id, self.pad_left, self.prompt)


@dataclass(frozen=True, slots=True)
class Export:
    """A complete folder of the cache."""

    folder: Path
    manifest: Manifest


def versions() -> tuple[tuple[str, str], ...]:
    """Installed versions of all that takes part. Imports none of it."""
    return tuple((name, _version(name)) for name in VERSIONED)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def folder_of(cache: Path, source: ModelSource) -> Path:
    """Where the export of a model by the installed libraries is, or would be."""
    parts = [FORMAT, source.name, source.revision, *(f"{n} {v}" for n, v in versions())]
    parts += [
        f"{path.relative_to(source.folder)} {sha256_of((path,))}"
        for path in sorted(source.folder.rglob("*"))
        if path.suffix in {".json", ".txt", ".model"} and path.stat().st_size < SMALL_BYTES
    ]
    return cache / hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def find_export(cache: Path, source: ModelSource) -> Export | None:
    """A complete export of this model, used or refused before; None where there is none.

    One that is damaged is removed: it is made again as if it had never been.
    """
    folder = folder_of(cache, source)
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = {field.name for field in fields(Manifest)}
        raw["inputs"] = tuple(raw["inputs"])
        raw["digests"] = tuple((name, digest) for name, digest in raw["digests"])
        manifest = Manifest(**{name: value for name, value in raw.items() if name in known})
        whole = all(sha256_of((folder / name,)) == digest for name, digest in manifest.digests)
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of itself, it is made again
        whole = False
    if not whole:
        shutil.rmtree(folder, ignore_errors=True)
        return None
    with contextlib.suppress(OSError):  # a folder that we may only read is used all the same
        os.utime(folder)
    return Export(folder, manifest)


@contextlib.contextmanager
def new_export(cache: Path, source: ModelSource) -> Iterator[Path]:
    """A draft folder for an export; renamed atomically into place where the block ends well."""
    target = folder_of(cache, source)
    cache.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=cache))
    try:
        yield draft
        # Another process may have been quicker: its folder is as good.
        with contextlib.suppress(OSError):
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        _prune(cache)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file of an export."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")


def digests_of(folder: Path) -> tuple[tuple[str, str], ...]:
    """sha256 of every file in a folder."""
    return tuple((path.name, sha256_of((path,))) for path in sorted(folder.iterdir()))


def _prune(cache: Path) -> None:
    exports = [path for path in cache.iterdir() if (path / MANIFEST).exists()]
    exports.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in exports[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
