"""Servers of llama.cpp's family, on one's own desk: Ollama, llama.cpp, LM Studio."""

from collections.abc import Mapping
from typing import Any, Final

from core.probe.recognise.answer_fields import (
    Answers,
    count_of,
    fields_of,
    listed,
    object_of,
    objects_of,
    owners,
    text_of,
)
from core.probe.recognise.mended_address import OLLAMA
from core.probe.recognise.recognised import OPENAI, Recognised, ServedModel, Spoken
from core.probe.recognise.serving_readers import MODELS

LLAMA_CPP: Final = "llamacpp"
SHOW: Final = "/api/show"
TRAINED_CONTEXT: Final = (
    "A model's context is what it was trained with; the server may read less of a text (num_ctx)."
)
WANTS_EMBEDDINGS: Final = (
    "It embeds if it was started with --embeddings; a text must fit into its --ubatch-size, which "
    "it does not tell."
)


def read_ollama(answers: Answers, root: str) -> Recognised | None:
    """Ollama: GET /api/version, GET /api/tags, and POST /api/show of a model.

    Its own POST /api/embed says what a request took, in ns: total_duration and load_duration;
    OpenAI's interface below /v1 says neither. https://docs.ollama.com/api
    """
    version = text_of(fields_of(answers, "/api/version"), "version")
    tags = objects_of(fields_of(answers, "/api/tags"), "models")
    if version is None or "models" not in fields_of(answers, "/api/tags"):
        return None
    named = [entry for entry in tags if text_of(entry, "name", "model")]
    return Recognised(
        server="Ollama",
        version=version,
        by_what="GET /api/version and GET /api/tags",
        speaks=(
            Spoken(wire=OPENAI, base_url=f"{root}/v1"),
            Spoken(wire=OLLAMA, base_url=root),
        ),
        models=tuple(_of_tags(entry, answers) for entry in named),
        notes=(TRAINED_CONTEXT,),
    )


def _of_tags(entry: Mapping[str, Any], answers: Answers) -> ServedModel:
    """A local model; what /api/show says of it stands under its architecture's name."""
    name = text_of(entry, "name", "model") or ""
    show = fields_of(answers, f"{SHOW} {name}")
    info, can = object_of(show, "model_info"), show.get("capabilities")
    family = text_of(info, "general.architecture") or ""
    return ServedModel(
        name=name,
        embeds="embedding" in can if isinstance(can, list) and can else None,
        max_tokens=count_of(info, f"{family}.context_length"),
        dimensions=count_of(info, f"{family}.embedding_length"),
        dtype=text_of(object_of(entry, "details"), "quantization_level"),
        revision=text_of(entry, "digest"),
    )


def ollama_models(answers: Answers) -> list[str]:
    """Names of the local models, as they are asked for."""
    tags = objects_of(fields_of(answers, "/api/tags"), "models")
    return [name for entry in tags if (name := text_of(entry, "name", "model"))]


def read_llama_cpp(answers: Answers, root: str) -> Recognised | None:
    """llama.cpp's llama-server: owned_by "llamacpp" at /v1/models; GET /props.

    ``n_ctx`` is the context of one slot. It sends times of generated text alone.
    https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    """
    if LLAMA_CPP not in owners(answers, MODELS):
        return None
    props = fields_of(answers, "/props")
    context = count_of(object_of(props, "default_generation_settings"), "n_ctx")
    return Recognised(
        server="llama.cpp",
        version=text_of(props, "build_info"),
        by_what='GET /v1/models: owned_by "llamacpp"',
        speaks=(Spoken(wire=OPENAI, base_url=f"{root}/v1"),),
        models=tuple(_of_gguf(entry, context) for entry in listed(answers, MODELS)),
        notes=(WANTS_EMBEDDINGS,),
    )


def _of_gguf(entry: Mapping[str, Any], context: int | None) -> ServedModel:
    meta = object_of(entry, "meta")
    return ServedModel(
        name=text_of(entry, "id") or "",
        max_tokens=context or count_of(meta, "n_ctx"),
        dimensions=count_of(meta, "n_embd"),
        dtype=text_of(meta, "ftype"),
    )


def read_lm_studio(answers: Answers, root: str) -> Recognised | None:
    """LM Studio: GET /api/v0/models, each with its type, state and context.

    It sends no times of its own, and may count no tokens of an embedding (usage 0).
    https://lmstudio.ai/docs/developer/rest/endpoints
    """
    entries = listed(answers, "/api/v0/models")
    if not any(text_of(entry, "type") and text_of(entry, "state") for entry in entries):
        return None
    return Recognised(
        server="LM Studio",
        by_what="GET /api/v0/models: type and state",
        speaks=(Spoken(wire=OPENAI, base_url=f"{root}/v1"),),
        models=tuple(
            ServedModel(
                name=text_of(entry, "id") or "",
                embeds=text_of(entry, "type") == "embeddings",
                max_tokens=count_of(entry, "loaded_context_length", "max_context_length"),
                dtype=text_of(entry, "quantization"),
            )
            for entry in entries
        ),
    )
