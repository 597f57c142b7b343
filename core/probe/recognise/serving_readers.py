"""Servers that are made to serve models: TEI, vLLM, Infinity, NIM, OpenVINO.

Each reader takes what was answered and the server's root, and gives None where it is not its own.
"""

from collections.abc import Mapping
from typing import Any

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
from core.probe.recognise.mended_address import TEI
from core.probe.recognise.recognised import OPENAI, Recognised, ServedModel, Spoken

MODELS = "/v1/models"
OWN_MODELS = "/models"
VLLM = "vllm"
INFINITY = "infinity"


def read_tei(answers: Answers, root: str) -> Recognised | None:
    """Hugging Face's Text Embeddings Inference.

    GET /info: ``Info`` of router/src/lib.rs; the limits are of --max-client-batch-size and
    --max-batch-tokens. It sends its own times with each answer, in ms: x-total-time,
    x-tokenization-time, x-queue-time, x-inference-time; and Prometheus' te_* at /metrics.
    https://huggingface.github.io/text-embeddings-inference/
    """
    info = fields_of(answers, "/info")
    name, most = text_of(info, "model_id"), count_of(info, "max_client_batch_size")
    if name is None or most is None:
        return None
    kind = object_of(info, "model_type")
    model = ServedModel(
        name=name,
        embeds="embedding" in kind if kind else None,
        max_tokens=count_of(info, "max_input_length"),
        dtype=text_of(info, "model_dtype"),
        revision=text_of(info, "model_sha"),
    )
    return Recognised(
        server="Text Embeddings Inference",
        version=text_of(info, "version"),
        by_what="GET /info: model_id and max_client_batch_size",
        speaks=(_usual(root), Spoken(wire=TEI, base_url=root)),
        models=(model,),
        max_texts_per_request=most,
        max_tokens_per_batch=count_of(info, "max_batch_tokens"),
    )


def read_vllm(answers: Answers, root: str) -> Recognised | None:
    """The server of vLLM: ``ModelCard`` with owned_by "vllm" and max_model_len; GET /version.

    It sends no times of its own; Prometheus' vllm:* stand at /metrics.
    https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    """
    if VLLM not in owners(answers, MODELS):
        return None
    return Recognised(
        server="vLLM",
        version=text_of(fields_of(answers, "/version"), "version"),
        by_what='GET /v1/models: owned_by "vllm"',
        speaks=(_usual(root),),
        models=tuple(_of_openai(entry) for entry in listed(answers, MODELS)),
    )


def read_infinity(answers: Answers, root: str) -> Recognised | None:
    """Infinity: ``ModelInfo`` with owned_by "infinity", a backend and capabilities.

    Its interface stands at the root, or below --url-prefix. It sends no times of its own, and its
    /metrics counts HTTP requests alone.
    https://michaelfeil.eu/infinity/ , libs/infinity_emb/infinity_emb/fastapi_schemas/pymodels.py
    """
    asked = next((one for one in (MODELS, OWN_MODELS) if INFINITY in owners(answers, one)), None)
    if asked is None:
        return None
    base = root + asked.removesuffix("/models")
    return Recognised(
        server="Infinity",
        by_what=f'GET {asked}: owned_by "infinity"',
        speaks=(Spoken(wire=OPENAI, base_url=base),),
        models=tuple(_of_infinity(entry) for entry in listed(answers, asked)),
    )


def _of_infinity(entry: Mapping[str, Any]) -> ServedModel:
    can = entry.get("capabilities")
    return ServedModel(
        name=text_of(entry, "id") or "",
        embeds="embed" in can if isinstance(can, list) and can else None,
    )


def read_nim(answers: Answers, root: str) -> Recognised | None:
    """An NVIDIA NIM: GET /v1/metadata with modelInfo and assetInfo, and the models of /v1/models.

    It sends no times of its own; Triton's nv_* stand at /v1/metrics.
    https://docs.nvidia.com/nim/nemo-retriever/text-embedding/latest/reference.html
    """
    metadata = fields_of(answers, "/v1/metadata")
    if not objects_of(metadata, "modelInfo") or not isinstance(metadata.get("assetInfo"), list):
        return None
    return Recognised(
        server="NVIDIA NIM",
        version=text_of(metadata, "version"),
        by_what="GET /v1/metadata: modelInfo and assetInfo",
        speaks=(_usual(root),),
        models=tuple(_of_openai(entry) for entry in listed(answers, MODELS)),
        notes=("Many of its models want the body field input_type: query or passage.",),
    )


def read_openvino(answers: Answers, root: str) -> Recognised | None:
    """OpenVINO Model Server: GET /v1/config, each model with its model_version_status.

    OpenAI's interface stands at /v3. It sends no times of its own.
    https://docs.openvino.ai/2025/model-server/ovms_docs_rest_api_embeddings.html ,
    https://docs.openvino.ai/2025/model-server/ovms_docs_rest_api_tfs.html
    """
    config = fields_of(answers, "/v1/config")
    states = {
        name: {text_of(one, "state") for one in objects_of(entry, "model_version_status")}
        for name, entry in config.items()
        if isinstance(entry, dict)
    }
    names = [name for name, seen in states.items() if "AVAILABLE" in seen]
    if not names:
        return None
    return Recognised(
        server="OpenVINO Model Server",
        by_what="GET /v1/config: model_version_status",
        speaks=(Spoken(wire=OPENAI, base_url=f"{root}/v3"),),
        models=tuple(
            ServedModel(name=text_of({"name": name}, "name") or "") for name in sorted(names)
        ),
    )


def _usual(root: str) -> Spoken:
    return Spoken(wire=OPENAI, base_url=f"{root}/v1")


def _of_openai(entry: Mapping[str, Any]) -> ServedModel:
    """An entry of OpenAI's list, with the one limit that some servers add."""
    return ServedModel(name=text_of(entry, "id") or "", max_tokens=count_of(entry, "max_model_len"))
