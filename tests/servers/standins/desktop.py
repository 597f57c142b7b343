"""Ollama, llama.cpp and LM Studio as their documentation has them."""

import json
from typing import Any

from tests.servers.standins.standin import Asked, StandIn, model_list

NOMIC = "nomic-embed-text:latest"
DIGEST = "0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f"


def ollama(*names: str) -> StandIn:
    """Ollama: GET /api/version, GET /api/tags, POST /api/show. https://docs.ollama.com/api ."""
    named = names or (NOMIC,)
    tags = [
        {
            "name": name,
            "model": name,
            "size": 274_302_450,
            "digest": DIGEST,
            "details": {"format": "gguf", "family": "nomic-bert", "quantization_level": "F16"},
        }
        for name in named
    ]
    pages = {
        "/api/version": {"version": "0.12.6"},
        "/api/tags": {"models": tags},
        "POST /api/show": _show,
        "/v1/models": model_list(*named, owned_by="library"),
    }
    return StandIn(pages)


def _show(_: StandIn, asked: Asked) -> dict[str, Any]:
    chats = "llama" in json.loads(asked.body)["model"]
    family = "llama" if chats else "nomic-bert"
    return {
        "details": {"family": family, "quantization_level": "F16"},
        "model_info": {
            "general.architecture": family,
            f"{family}.context_length": 2048,
            f"{family}.embedding_length": 768,
        },
        "capabilities": ["completion"] if chats else ["embedding"],
    }


def llama_cpp() -> StandIn:
    """llama-server: GET /v1/models and GET /props.

    https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    """
    meta = {
        "vocab_type": 3,
        "n_vocab": 30522,
        "n_ctx_train": 2048,
        "n_embd": 768,
        "n_params": 136_727_040,
        "size": 274_290_560,
    }
    pages = {
        "/v1/models": model_list("nomic.gguf", owned_by="llamacpp", meta=meta),
        "/props": {
            "default_generation_settings": {"id": 0, "n_ctx": 1024, "params": {}},
            "total_slots": 4,
            "model_path": "/models/nomic.gguf",
            "build_info": "b8681-Debian",
        },
        "/health": {"status": "ok"},
    }
    return StandIn(pages)


def lm_studio() -> StandIn:
    """LM Studio: GET /api/v0/models. https://lmstudio.ai/docs/developer/rest/endpoints ."""
    chats = {
        "id": "qwen2-vl-7b-instruct",
        "object": "model",
        "type": "vlm",
        "publisher": "mlx-community",
        "arch": "qwen2_vl",
        "compatibility_type": "mlx",
        "quantization": "4bit",
        "state": "not-loaded",
        "max_context_length": 32768,
    }
    embeds = chats | {
        "id": "text-embedding-nomic-embed-text-v1.5",
        "type": "embeddings",
        "quantization": "Q4_0",
        "state": "loaded",
        "max_context_length": 2048,
    }
    names = [str(one["id"]) for one in (chats, embeds)]
    pages = {
        "/v1/models": model_list(*names, owned_by="organization_owner"),
        "/api/v0/models": {"object": "list", "data": [chats, embeds]},
    }
    return StandIn(pages)
