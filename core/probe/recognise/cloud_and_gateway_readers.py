"""Servers before or beside models: Azure OpenAI, LiteLLM, LocalAI, and others of OpenAI's kind."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from core.probe.recognise.answer_fields import (
    NO_ACCESS,
    NOTHING,
    Answers,
    count_of,
    fields_of,
    listed,
    object_of,
    objects_of,
    text_of,
)
from core.probe.recognise.mended_address import AZURE_HOSTS, AZURE_PATH, Mended
from core.probe.recognise.recognised import OPENAI, Recognised, ServedModel, Spoken
from core.probe.recognise.serving_readers import MODELS, OWN_MODELS

ALIVE: Final = "I'm alive!"
LIVELINESS: Final = "/health/liveliness"
THROUGH_A_PROXY: Final = "What is measured is this proxy and the server behind it together."
WANTS_KEY: Final = "It lists its models to who has a key."
NAMED_BY_DEPLOYMENT: Final = "A model is asked for by the name of its deployment."
WANTS_VERSION: Final = "This path wants the query api-version: your portal shows which."
_DEPLOYMENT: Final = re.compile(r"/openai/deployments/(?P<name>[^/]+)")


def read_azure(address: Mended) -> Recognised | None:
    """Azure OpenAI, by its host's name alone: nothing is asked.

    Both paths: ``/openai/deployments/NAME`` with the query ``api-version``, and ``/openai/v1``
    without. The key goes into ``api-key``; the model's name is the deployment's. It sends no times
    of its own. https://learn.microsoft.com/azure/ai-foundry/openai/reference
    """
    parts = urlsplit(address.url)
    host = parts.hostname or ""
    if not host.endswith(AZURE_HOSTS):
        return None
    old = _DEPLOYMENT.fullmatch(parts.path)
    path = parts.path if old else AZURE_PATH
    names = [unquote(old["name"])] if old else []
    missing = old is not None and not address.query
    return Recognised(
        server="Azure OpenAI",
        by_what=f"its host: *{next(end for end in AZURE_HOSTS if host.endswith(end))}",
        speaks=(Spoken(wire=OPENAI, base_url=f"{parts.scheme}://{parts.netloc}{path}"),),
        models=tuple(ServedModel(name=name) for name in names),
        key_header="api-key",
        query=address.query if old else (),
        notes=(NAMED_BY_DEPLOYMENT, *((WANTS_VERSION,) if missing else ())),
    )


def read_litellm(answers: Answers, root: str) -> Recognised | None:
    """LiteLLM's proxy: GET /health/liveliness says "I'm alive!"; /health/readiness its version.

    GET /model/info, for who has a key: mode, max_input_tokens and output_vector_size of a model;
    since 1.108 its list of models has mode and max_input_tokens, and /health/readiness no version.
    It sends no times of the model's server. https://docs.litellm.ai/docs/proxy/health
    """
    alive, ready = answers.get(LIVELINESS), fields_of(answers, "/health/readiness")
    if alive is None or ALIVE not in (alive.document, alive.text.strip().strip('"')):
        return None
    shut = answers.get(MODELS, NOTHING).status in NO_ACCESS
    described = {text_of(one, "model_name"): one for one in objects_of(_info(answers), "data")}
    models: dict[str | None, Mapping[str, Any]]
    models = {text_of(one, "id"): {"model_info": one} for one in listed(answers, MODELS)}
    models |= described
    return Recognised(
        server="LiteLLM",
        version=text_of(ready, "litellm_version"),
        by_what=f'GET {LIVELINESS}: "{ALIVE}"',
        speaks=(Spoken(wire=OPENAI, base_url=f"{root}/v1"),),
        models=tuple(_of_litellm(name, entry) for name, entry in models.items() if name),
        notes=(THROUGH_A_PROXY, *((WANTS_KEY,) if shut else ())),
    )


def _info(answers: Answers) -> Mapping[str, Any]:
    return fields_of(answers, "/model/info")


def _of_litellm(name: str, entry: Mapping[str, Any]) -> ServedModel:
    info = object_of(entry, "model_info")
    mode = text_of(info, "mode")
    return ServedModel(
        name=name,
        embeds=None if mode is None else mode == "embedding",
        max_tokens=count_of(info, "max_input_tokens", "max_tokens"),
        dimensions=count_of(info, "output_vector_size"),
    )


def read_localai(answers: Answers, root: str) -> Recognised | None:
    """LocalAI: GET /system with backends and loaded_models; GET /version; models at /v1/models.

    It sends no times of its own. https://localai.io/reference/system-info/
    """
    system = fields_of(answers, "/system")
    if not isinstance(system.get("backends"), list) or "loaded_models" not in system:
        return None
    return Recognised(
        server="LocalAI",
        version=text_of(fields_of(answers, "/version"), "version"),
        by_what="GET /system: backends and loaded_models",
        speaks=(Spoken(wire=OPENAI, base_url=f"{root}/v1"),),
        models=_named(listed(answers, MODELS)),
    )


def read_openai_compatible(answers: Answers, root: str) -> Recognised | None:
    """Whoever lists models as OpenAI does: https://platform.openai.com/docs/api-reference/models .

    OpenAI's own servers send ``openai-processing-ms`` with each answer.
    """
    asked = next((one for one in (MODELS, OWN_MODELS) if listed(answers, one)), None)
    if asked is None:
        return None
    base = root + asked.removesuffix("/models")
    return Recognised(
        server="OpenAI-compatible server",
        by_what=f"GET {asked}: a list of models",
        speaks=(Spoken(wire=OPENAI, base_url=base),),
        models=_named(listed(answers, asked)),
    )


def _named(entries: Sequence[Mapping[str, Any]]) -> tuple[ServedModel, ...]:
    return tuple(
        ServedModel(name=text_of(entry, "id") or "", max_tokens=count_of(entry, "max_model_len"))
        for entry in entries
    )
