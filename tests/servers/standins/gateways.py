"""LiteLLM, LocalAI and an unknown server of OpenAI's kind as their documentation has them."""

from typing import Any

from tests.servers.standins.standin import StandIn, model_list

EMBEDS: dict[str, Any] = {
    "model_name": "bge-m3",
    "litellm_params": {"model": "openai/bge-m3", "api_base": "http://10.0.0.7:8080/v1"},
    "model_info": {"id": "1", "mode": "embedding", "max_input_tokens": 8192},
}


def litellm(key: str = "") -> StandIn:
    """LiteLLM's proxy: GET /health/liveliness, /health/readiness, /model/info, /v1/models.

    https://docs.litellm.ai/docs/proxy/health , https://docs.litellm.ai/docs/proxy/model_management
    """
    chats = EMBEDS | {"model_name": "gpt", "model_info": {"id": "2", "mode": "chat"}}
    pages = {
        "/v1/models": model_list("bge-m3", "gpt", owned_by="openai"),
        "/health/liveliness": '"I\'m alive!"',
        "/health/readiness": {
            "status": "healthy",
            "db": "Not connected",
            "litellm_version": "1.83.7",
        },
        "/model/info": {"data": [EMBEDS, chats]},
    }
    return StandIn(pages, key=key, without_key=("/health/liveliness", "/health/readiness"))


def localai() -> StandIn:
    """LocalAI: GET /system and GET /version. https://localai.io/reference/system-info/ .

    It answers Ollama's questions, too.
    """
    pages = {
        "/v1/models": model_list("bert-embeddings"),
        "/system": {"backends": ["llama-cpp"], "loaded_models": [{"id": "bert-embeddings"}]},
        "/version": {"version": "2.26.0 (a1b2c3d4)"},
        "/readyz": "OK",
        "/api/version": {"version": "0.9.0"},
        "/api/tags": {"models": [{"name": "bert-embeddings", "model": "bert-embeddings"}]},
    }
    return StandIn(pages)


def plain(*names: str) -> StandIn:
    """Whoever lists models as OpenAI does, and says nothing else."""
    return StandIn({"/v1/models": model_list(*names, owned_by="somebody")})
