"""TEI, vLLM, Infinity, NIM and OpenVINO as their documentation has them."""

from typing import Any

from tests.servers.standins.standin import Asked, StandIn, model_list

SHA = "5617a9f61b028005a4858fdac845db406aefb181"
INFO: dict[str, Any] = {
    "model_id": "BAAI/bge-m3",
    "model_sha": SHA,
    "model_dtype": "float16",
    "model_type": {"embedding": {"pooling": "cls"}},
    "max_concurrent_requests": 512,
    "max_input_length": 8192,
    "max_batch_tokens": 16384,
    "max_batch_requests": None,
    "max_client_batch_size": 32,
    "auto_truncate": False,
    "tokenization_workers": 8,
    "version": "1.8.0",
    "sha": None,
    "docker_label": None,
}


def tei(**changes: Any) -> StandIn:
    """Text Embeddings Inference: ``Info`` of router/src/lib.rs; te_* of core/src/queue.rs.

    https://huggingface.github.io/text-embeddings-inference/
    """
    return StandIn({"/info": INFO | changes, "/metrics": tei_metrics})


def tei_metrics(standin: StandIn, _: Asked) -> str:
    """Each request was 4 texts of 10 tokens in a batch, 20 ms in the queue and 50 ms in the model.

    As many looks into an empty queue stand beside them: 0 texts, 0 tokens. There were 7 requests
    before anybody looked.
    """
    n = standin.embedded + 7
    return f"""# TYPE te_request_count counter
te_request_count{{method="batch"}} {n}

# TYPE te_queue_size gauge
te_queue_size 0

# TYPE te_batch_next_size histogram
te_batch_next_size_bucket{{le="1"}} {n}
te_batch_next_size_bucket{{le="+Inf"}} {2 * n}
te_batch_next_size_sum {4 * n}
te_batch_next_size_count {2 * n}

# TYPE te_batch_next_tokens histogram
te_batch_next_tokens_bucket{{le="1"}} {n}
te_batch_next_tokens_bucket{{le="+Inf"}} {2 * n}
te_batch_next_tokens_sum {40 * n}
te_batch_next_tokens_count {2 * n}

# TYPE te_request_queue_duration histogram
te_request_queue_duration_sum {0.02 * n}
te_request_queue_duration_count {n}

# TYPE te_request_inference_duration histogram
te_request_inference_duration_sum {0.05 * n}
te_request_inference_duration_count {n}
"""


def vllm() -> StandIn:
    """vLLM: ``ModelCard`` of vllm/entrypoints/openai/engine/protocol.py, GET /version.

    https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html ; its metrics:
    https://docs.vllm.ai/en/latest/design/metrics.html
    """
    entry = {
        "owned_by": "vllm",
        "root": "Qwen/Qwen3-Embedding-0.6B",
        "parent": None,
        "max_model_len": 32768,
        "permission": [{"id": "modelperm-1", "object": "model_permission"}],
    }
    pages = {
        "/v1/models": model_list("Qwen/Qwen3-Embedding-0.6B", **entry),
        "/version": {"version": "0.12.0"},
        "/metrics": vllm_metrics,
    }
    return StandIn(pages)


def vllm_metrics(standin: StandIn, _: Asked) -> str:
    """Steps of 300 tokens; 1.5 s in the queue."""
    n = standin.embedded + 3
    model = '{model_name="Qwen/Qwen3-Embedding-0.6B"}'
    return f"""# HELP vllm:num_requests_waiting Number of requests waiting to be processed.
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{model} 0.0
# TYPE vllm:iteration_tokens_total histogram
vllm:iteration_tokens_total_sum{model} {300.0 * n}
vllm:iteration_tokens_total_count{model} {n}.0
# TYPE vllm:request_queue_time_seconds histogram
vllm:request_queue_time_seconds_sum{model} {1.5 * n}
vllm:request_queue_time_seconds_count{model} {n}.0
"""


def infinity(prefix: str = "") -> StandIn:
    """Infinity: ``ModelInfo`` of libs/infinity_emb/infinity_emb/fastapi_schemas/pymodels.py.

    https://michaelfeil.eu/infinity/ . It answers at the root, or below --url-prefix.
    """
    entry = {
        "owned_by": "infinity",
        "backend": "torch",
        "capabilities": ["embed"],
        "stats": {
            "queue_fraction": 0.0,
            "queue_absolute": 0,
            "results_pending": 0,
            "batch_size": 32,
        },
    }
    pages = {f"{prefix}/models": model_list("BAAI/bge-small-en-v1.5", **entry)}
    return StandIn(pages | {"/health": {"unix": 1_700_000_000.0}}, f"{prefix}/embeddings")


def nim() -> StandIn:
    """NVIDIA's embedding NIM: GET /v1/models, /v1/metadata, /v1/health/ready, /v1/metrics.

    https://docs.nvidia.com/nim/nemo-retriever/text-embedding/latest/reference.html , the metadata's
    fields: https://docs.nvidia.com/nim/harmonizer/openapi/metadata-v-1-metadata-get ;
    Triton's counters: https://docs.nvidia.com/deeplearning/triton-inference-server
    """
    metadata = {
        "assetInfo": [],
        "licenseInfo": {"name": "LICENSE", "path": "/opt/nim/LICENSE", "sha": "0", "size": 1},
        "modelInfo": [{"modelUrl": "ngc://nim/nvidia/nv-embedqa:1", "shortName": "nv-embedqa:1"}],
        "repository_override": "",
        "version": "1.6.0",
    }
    pages = {
        "/v1/models": model_list("nvidia/nv-embedqa-e5-v5", owned_by="organization-owner"),
        "/v1/metadata": metadata,
        "/v1/health/ready": {"object": "health.response", "message": "ready", "ready": True},
        "/v1/metrics": nim_metrics,
    }
    return StandIn(pages)


def nim_metrics(standin: StandIn, _: Asked) -> str:
    """Batches of 6 texts; 250 microseconds in the queue; a GPU that is busy 93 % of the time."""
    n, model = standin.embedded, '{model="nv_embedqa",version="1"}'
    return f"""# TYPE nv_inference_request_success counter
nv_inference_request_success{model} {n}
nv_inference_count{model} {6 * n}
nv_inference_exec_count{model} {n}
nv_inference_queue_duration_us{model} {250 * n}
nv_gpu_utilization{{gpu_uuid="GPU-1"}} 0.93
"""


def openvino() -> StandIn:
    """OpenVINO Model Server: GET /v1/config, embeddings at /v3/embeddings.

    https://docs.openvino.ai/2025/model-server/ovms_docs_rest_api_tfs.html ,
    https://docs.openvino.ai/2025/model-server/ovms_docs_rest_api_embeddings.html
    """
    status = {"error_code": "OK", "error_message": "OK"}
    versions = [{"version": "1", "state": "AVAILABLE", "status": status}]
    gone = [{"version": "1", "state": "END", "status": status}]
    config = {
        "gte-large": {"model_version_status": versions},
        "old": {"model_version_status": gone},
    }
    return StandIn({"/v1/config": config}, "/v3/embeddings")
