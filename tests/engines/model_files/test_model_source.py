"""Models that the user names: found on this computer, whole, and without code nobody allowed."""

import json
import struct
from pathlib import Path

import pytest

from core.engines.model_files.model_source import find_model
from core.engines.model_files.weights import weight_files
from core.errors import EngineError


def safetensors(path: Path, *, missing_bytes: int = 0) -> None:
    """A whole file with one weight of 16 numbers, or one whose download stopped early."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [16], "data_offsets": [0, 64]}}).encode()
    data = struct.pack("<Q", len(header)) + header + bytes(64)
    path.write_bytes(data[: len(data) - missing_bytes])


def model_folder(folder: Path) -> Path:
    """The least that looks like a model."""
    (folder / "config.json").write_text('{"hidden_size": 4}', encoding="utf-8")
    safetensors(folder / "model.safetensors")
    return folder


def test_a_folder_is_a_model_with_the_hash_of_its_weights(tmp_path: Path) -> None:
    """Other weights have another revision, whatever they are called."""
    first = find_model(str(model_folder(tmp_path)))
    assert first.folder == tmp_path
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert find_model(str(tmp_path)).revision != first.revision


def test_a_download_that_stopped_early_is_named_by_file(tmp_path: Path) -> None:
    """Its header says how long it must be."""
    safetensors(model_folder(tmp_path) / "model.safetensors", missing_bytes=10)
    with pytest.raises(EngineError, match=r"model\.safetensors have 118 bytes of 128|did not fin"):
        find_model(str(tmp_path))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no safetensors header"),
        (b"\x00" * 200, "no safetensors header"),
        (b"\xff" * 200, "no safetensors header"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
    ],
)
def test_damaged_weights_are_named_by_file(tmp_path: Path, content: bytes, said: str) -> None:
    """Empty, zeros, noise, or Git's pointer instead of the file."""
    (model_folder(tmp_path) / "model.safetensors").write_bytes(content)
    with pytest.raises(EngineError, match=said) as raised:
        find_model(str(tmp_path))
    assert "model.safetensors" in str(raised.value)


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    """The index lists two files; one is there."""
    model_folder(tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": shards}), encoding="utf-8")
    with pytest.raises(EngineError, match=r"model-00002-of-00002\.safetensors that is missing"):
        weight_files(tmp_path)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", '{"auto_map": {"AutoModel": "modeling_own.OwnModel"}}'),
        ("modules.json", '[{"idx": 0, "path": "", "type": "custom_st.Transformer"}]'),
    ],
)
def test_code_of_a_model_is_refused_unless_allowed(tmp_path: Path, file: str, content: str) -> None:
    """A file that was downloaded does not run with the user's rights unasked."""
    (model_folder(tmp_path) / file).write_text(content, encoding="utf-8")
    with pytest.raises(EngineError, match="Python code of its own"):
        find_model(str(tmp_path))
    assert find_model(str(tmp_path), allow_custom_code=True).folder == tmp_path


@pytest.mark.parametrize("name", ["acme/no-such-model", "no-such-model"])
def test_weights_that_are_not_here_get_a_sentence(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is downloaded; the command that would is named."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineError, match=f"not on this computer.*hf download {name}"):
        find_model(name)


@pytest.mark.parametrize("name", ["/no/such/folder", "./gone", "a/b/c"])
def test_a_folder_that_is_not_there_gets_a_sentence(name: str) -> None:
    """A path is not taken for a hub id."""
    with pytest.raises(EngineError, match="There is no folder"):
        find_model(name)


def test_a_folder_without_a_model_gets_a_sentence(tmp_path: Path) -> None:
    """Whatever else is in it."""
    (tmp_path / "readme.txt").write_text("no model", encoding="utf-8")
    with pytest.raises(EngineError, match=r"neither config\.json nor modules\.json"):
        find_model(str(tmp_path))
    (tmp_path / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(EngineError, match=r"config\.json cannot be read"):
        find_model(str(tmp_path))
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EngineError, match="holds no weights"):
        find_model(str(tmp_path))
