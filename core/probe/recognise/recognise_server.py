"""Asks a server what it is, a few questions, each led to by the answers before.

Most servers are told by their own list of models; a question is asked only where its answer would
tell two of them apart, or says a limit.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from pydantic import SecretStr

from core.errors import RunError
from core.probe.recognise.answer_fields import (
    NO_ACCESS,
    NOTHING,
    Answered,
    Answers,
    fields_of,
    listed,
    owners,
)
from core.probe.recognise.cloud_and_gateway_readers import (
    LIVELINESS,
    read_azure,
    read_litellm,
    read_localai,
    read_openai_compatible,
)
from core.probe.recognise.desktop_readers import (
    LLAMA_CPP,
    SHOW,
    ollama_models,
    read_llama_cpp,
    read_lm_studio,
    read_ollama,
)
from core.probe.recognise.judged_asking import BEARER, Asking
from core.probe.recognise.mended_address import Mended, root_of
from core.probe.recognise.recognised import Recognised
from core.probe.recognise.serving_readers import (
    INFINITY,
    MODELS,
    OWN_MODELS,
    VLLM,
    read_infinity,
    read_nim,
    read_openvino,
    read_tei,
    read_vllm,
)
from core.probe.wire.route import DIRECT, Route

ALL_S: Final = 5.0
"""All questions together take no longer."""
MOST_ASKED: Final = 9
SHOWN: Final = 2
"""Models of an Ollama that are asked about."""

_FIRST: Final = ("/info", MODELS, "/api/version")

READERS: Final[Sequence[Callable[[Answers, str], Recognised | None]]] = (
    read_tei,
    read_llama_cpp,
    read_localai,
    read_lm_studio,
    read_nim,
    read_vllm,
    read_infinity,
    read_litellm,
    read_openvino,
    read_ollama,
    read_openai_compatible,
)
"""Who speaks somebody else's interface beside his own comes before that one."""


async def recognise(
    address: Mended,
    *,
    route: Route = DIRECT,
    key: SecretStr | None = None,
    key_header: str = BEARER,
) -> Recognised:
    """What answers at a mended address. Its texts are plain, but may hold a key that was sent.

    ``key`` is sent with every question. Raises EgressError for an address that may not be called,
    and RunError where nothing is recognised: what was asked, and what came back.
    """
    by_name = read_azure(address)
    if by_name is not None:
        return _with_mends(by_name, address)
    root = root_of(address.url)
    asking = Asking(root, route=route, key=key, key_header=key_header)
    answers: dict[str, Answered] = {}
    async with asking:
        try:
            async with asyncio.timeout(ALL_S):
                await _ask_all(asking, answers)
        except TimeoutError:
            pass  # what came in time may be enough
    server = read(answers, root)
    if server is None:
        raise RunError(_unrecognised(asking.authority, answers))
    return _with_mends(server.preferring(address.native), address)


def _with_mends(server: Recognised, address: Mended) -> Recognised:
    """What was changed of the address that was typed, the path of the proposal at the end."""
    proposed, mends = server.speaks[0].base_url, list(address.what_was_mended)
    if proposed.startswith(address.url) and proposed != address.url:
        mends.append(f"{proposed.removeprefix(address.url)} was added")
    elif proposed != address.url:
        mends.append(f"the base address is {proposed}")
    return server.model_copy(update={"what_was_mended": tuple(mends)})


def read(answers: Answers, root: str) -> Recognised | None:
    """What the answers are of; None where nobody knows them."""
    return next((server for reader in READERS if (server := reader(answers, root))), None)


async def _ask_all(asking: Asking, answers: dict[str, Answered]) -> None:
    while wanted := next_questions(answers):
        await asyncio.gather(*(_ask(asking, asked, answers) for asked in wanted))


async def _ask(asking: Asking, asked: str, answers: dict[str, Answered]) -> None:
    path, _, model = asked.partition(" ")
    answers[asked] = NOTHING  # asked, should the time be over before it is answered
    answers[asked] = await asking.ask(path, {"model": model} if model else None)


def next_questions(answers: Answers) -> list[str]:
    """What to ask next; nothing where it is clear, or where enough was asked."""
    left = MOST_ASKED - len(answers)
    return [asked for asked in _wanted(answers) if asked not in answers][: max(0, left)]


def _wanted(answers: Answers) -> Sequence[str]:
    if not answers:
        return _FIRST
    if read_tei(answers, "") or all(one.status is None for one in answers.values()):
        return ()
    more = [*_of_list(answers), *_of_own(answers)]
    if read_litellm(answers, ""):
        more += ["/health/readiness", "/model/info"]
    return more


def _of_list(answers: Answers) -> Sequence[str]:
    """What the list of models leaves open."""
    owned_by = owners(answers, MODELS)
    if LLAMA_CPP in owned_by:
        return ("/props",)
    if INFINITY in owned_by:
        return ()
    if VLLM in owned_by:
        return ("/version", "/v1/metadata")
    if "" in owned_by:
        return ("/system", "/version", "/v1/metadata")
    if listed(answers, MODELS):
        return ("/api/v0/models", "/v1/metadata", LIVELINESS)
    return (OWN_MODELS, "/v1/config", LIVELINESS, "/v1/metadata")


def _of_own(answers: Answers) -> Sequence[str]:
    """What an Ollama has."""
    if not fields_of(answers, "/api/version") or LLAMA_CPP in owners(answers, MODELS):
        return ()
    return ("/api/tags", *(f"{SHOW} {name}" for name in ollama_models(answers)[:SHOWN]))


def _unrecognised(authority: str, answers: Answers) -> str:
    """One sentence on what came back, and one on what to do."""
    refused = [asked for asked, one in answers.items() if one.status in NO_ACCESS]
    if refused:
        status = answers[refused[0]].status
        return (
            f"{authority} asks for a key (GET {refused[0]}: status {status}). Give the key that is "
            "this server's, or type the name of its model."
        )
    if all(one.status is None for one in answers.values()):
        why = next((one.why for one in answers.values() if one.why), "no answer in time")
        return f"Nothing answers at {authority}: {why}. Is it started, and is the port right?"
    return (
        f"{authority} answers, and it is no server that is known here ({_what_came(answers)}). "
        "Type its base address and the name of its model."
    )


def _what_came(answers: Answers) -> str:
    """What came back to which question, the same words once."""
    asked_by_words: dict[str, list[str]] = {}
    for asked, one in answers.items():
        asked_by_words.setdefault(one.words, []).append(asked.partition(" ")[0])
    return "; ".join(f"{', '.join(asked)}: {words}" for words, asked in asked_by_words.items())
