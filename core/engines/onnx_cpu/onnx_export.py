"""From a loaded torch model to a graph for ONNX Runtime, held against torch before it is used."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.engines.common.engine_faults import in_sentences
from core.engines.common.info import EngineInfo
from core.engines.common.same_vectors import CHECK_TEXTS, lowest_cosine
from core.engines.common.token_rows import layout_of
from core.engines.model_files.model_source import ModelSource
from core.engines.onnx_cpu.onnx_cache import (
    GRAPH,
    TOKENIZER,
    Export,
    Manifest,
    digests_of,
    find_export,
    new_export,
    write_manifest,
)
from core.engines.onnx_cpu.onnx_engine import OnnxEngine, open_session, open_tokenizer, side_by_side
from core.errors import EngineError

LEAST_COSINE: Final = 0.99999
"""Below this an export's vectors are others than torch's, and it is refused."""
ONE_FILE_PARAMS: Final = 400_000_000
"""Above this the weights are beside the graph: one file of a graph holds 2 GB at most."""


def export(model: Any, source: ModelSource, cache: Path, info: EngineInfo) -> Export:
    """Export a sentence-transformers model, check it and put it into the cache.

    What cannot be exported, or gives other vectors, is cached as refused, with its reason: the
    next start does not try again. Raises EngineError where the cache cannot be written.
    """
    if (cached := find_export(cache, source)) is not None:
        return cached
    with (
        in_sentences(f"writing the export of {source.name} to {cache}"),
        new_export(cache, source) as draft,
    ):
        try:
            manifest = _checked(model, draft, info)
        except Exception as error:  # noqa: BLE001 - torch raises nearly anything while it exports
            manifest = _refusal(_facts(model, info, ()), _first_line(error))
        if manifest.refused:
            for path in draft.iterdir():
                path.unlink()
        write_manifest(draft, manifest)
    made = find_export(cache, source)
    if made is None:
        raise EngineError(f"The export of {source.name} in {cache} is gone: is the disk full?")
    return made


def _checked(model: Any, draft: Path, info: EngineInfo) -> Manifest:
    inputs = _write_graph(model, draft / GRAPH, info)
    model.tokenizer.backend_tokenizer.save(str(draft / TOKENIZER))
    manifest = _facts(model, info, inputs)
    engine = OnnxEngine(
        open_session(draft, info.threads),
        open_tokenizer(draft, info.max_tokens),
        manifest,
        info,
        side_by_side(draft, info.threads),
    )
    texts = list(CHECK_TEXTS)
    expected = np.asarray(model.encode(texts, show_progress_bar=False), dtype=np.float32)
    lowest = min(
        lowest_cosine(engine.embed(texts), expected),
        lowest_cosine(engine.embed_in_one_batch(texts), expected),
    )
    if not lowest > LEAST_COSINE:
        return _refusal(manifest, f"its vectors are not torch's (lowest cosine {lowest:.6f})")
    return replace(manifest, lowest_cosine=lowest, digests=digests_of(draft))


def _write_graph(model: Any, path: Path, info: EngineInfo) -> tuple[str, ...]:
    """The graph of all modules (transformer, pooling, normalisation); its inputs' names."""
    import torch  # noqa: PLC0415 - loaded already by whoever has the model

    class Whole(torch.nn.Module):  # type: ignore[misc]  # torch is not followed
        """All modules in a row, with inputs by place."""

        def __init__(self, names: tuple[str, ...]) -> None:
            super().__init__()
            self.model = model
            self.names = names

        def forward(self, *values: Any) -> Any:
            """Tensors in, vectors out."""
            return self.model(dict(zip(self.names, values, strict=True)))["sentence_embedding"]

    features = _features(model, ["two texts of", "different length, padded"])
    names = tuple(features)
    dynamic = torch.export.Dim.DYNAMIC
    with _quietly(), _plain_attention(model):
        program = torch.onnx.export(
            Whole(names).eval(),
            tuple(features.values()),
            input_names=list(names),
            output_names=["sentence_embedding"],
            dynamic_shapes=(tuple({0: dynamic, 1: dynamic} for _ in names),),
            dynamo=True,
            verbose=False,
        )
    large = (info.params_non_embedding or 0) > ONE_FILE_PARAMS
    program.save(str(path), external_data=large)
    return tuple(value.name for value in program.model.graph.inputs)


def _features(model: Any, texts: list[str]) -> dict[str, Any]:
    """Tokenized texts, tensors only."""
    ask = getattr(model, "preprocess", None) or model.tokenize
    return {name: value for name, value in ask(texts).items() if hasattr(value, "shape")}


@contextmanager
def _plain_attention(model: Any) -> Iterator[None]:
    """Attention as plain products: torch's fused one exports with checks of every softmax.

    On two cores the plain graph is 10 to 15 % quicker.
    """
    inner = getattr(model[0], "auto_model", None) or getattr(model[0], "model", None)
    choose = getattr(inner, "set_attn_implementation", None)
    before = getattr(getattr(inner, "config", None), "_attn_implementation", None)
    if choose is None or before is None:
        yield
        return
    choose("eager")
    try:
        yield
    finally:
        choose(before)


@contextmanager
def _quietly() -> Iterator[None]:
    """The exporter warns of its own future and of packages that nobody needs here."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _facts(model: Any, info: EngineInfo, inputs: tuple[str, ...]) -> Manifest:
    layout = layout_of(model)
    return Manifest(
        dims=info.dims,
        max_tokens=info.max_tokens,
        inputs=inputs,
        pad_id=layout.pad_id,
        pad_left=layout.pad_left,
        prompt=layout.prompt,
        layers=info.layers,
        hidden=info.hidden,
        params_non_embedding=info.params_non_embedding,
        lowest_cosine=0.0,
        digests=(),
    )


def _refusal(manifest: Manifest, reason: str) -> Manifest:
    return replace(manifest, refused=reason, digests=())


def _first_line(error: Exception) -> str:
    line = next(iter(str(error).splitlines()), "")
    return f"torch cannot export it ({type(error).__name__}{': ' + line if line else ''})"[:300]
