"""A model's files before they are loaded: there, whole, and whose they are.

Damaged weights would give wrong vectors at the right speed, half-downloaded ones an error that
names no file.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from core.errors import EngineError

SINGLE: Final = ("model.safetensors", "pytorch_model.bin")
INDEXES: Final = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
POINTER: Final = b"version https://git-lfs"
"""What a Git checkout without its large files holds in their place."""
HEADER_BYTES: Final = 8


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The files that hold a model's weights, each looked at. EngineError names what is wrong."""
    for name in INDEXES:
        if (folder / name).exists():
            shards = sorted(set(read_json(folder / name).get("weight_map", {}).values()))
            files = tuple(folder / str(shard) for shard in shards)
            missing = [path.name for path in files if not path.exists()]
            if missing or not files:
                raise EngineError(
                    f"The download of {folder} is not complete: {name} lists "
                    f"{', '.join(missing) or 'no file'} that is missing. Download it again."
                )
            return tuple(map(_whole, files))
    for name in SINGLE:
        if (folder / name).exists():
            return (_whole(folder / name),)
    raise EngineError(
        f"{folder} holds no weights ({' or '.join(SINGLE)}). Name a folder of a "
        "sentence-transformers or transformers model, or download its files first."
    )


def _whole(path: Path) -> Path:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(max(HEADER_BYTES, len(POINTER)))
    except OSError as error:
        raise EngineError(f"The weights {path} cannot be read ({error.strerror}).") from error
    if start.startswith(POINTER):
        raise EngineError(
            f"{path} is a pointer to weights, not the weights: run `git lfs pull` in its folder."
        )
    if path.suffix == ".safetensors":
        _check_safetensors(path, size)
    elif not size:
        raise EngineError(f"The weights {path} are empty. Download them again.")
    return path


def _check_safetensors(path: Path, size: int) -> None:
    """Its header says how long the file must be."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(HEADER_BYTES), "little")
            header = json.loads(file.read(length)) if 0 < length < size else None
        parts = header.values() if isinstance(header, dict) else []
        ends = [part["data_offsets"][1] for part in parts if "data_offsets" in part]
        whole = HEADER_BYTES + length + max(ends)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise EngineError(
            f"The weights {path} are damaged: no safetensors header can be read. "
            "Download them again."
        ) from error
    if size != whole:
        raise EngineError(
            f"The weights {path} have {size:,} bytes of {whole:,}: the download did not finish. "
            "Download them again."
        )


def sha256_of(files: tuple[Path, ...]) -> str:
    """One hash over the weights: of one file its own, as the hub states it."""
    digests = []
    for path in files:
        try:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise EngineError(f"The weights {path} cannot be read ({error.strerror}).") from error
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a model's folder. EngineError names a file that is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{path} cannot be read as JSON. Download the model again.") from error
    if not isinstance(content, dict):
        raise EngineError(f"{path} holds no JSON object. Download the model again.")
    return content
