"""What `breakeven probe` takes where an address was typed and no model."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr
from rich.console import Console

from core.catalog.schema import AUTHORIZATION
from core.cli.probing.following import plainly
from core.errors import BreakevenError, MissingKeyError, RunError
from core.probe.embedders.by_name import EMBEDDERS
from core.probe.recognise.mended_address import mended
from core.probe.recognise.recognised import OPENAI, Recognised, ServedModel
from core.runs.starting.meant_address import meant, mends_sentence
from core.runs.trust.origin import typed_authority
from core.settings import Settings

NAMED: int = 8
"""So many models are named in a sentence."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is probed."""

    base_url: str
    model: str
    wire: str
    more: Mapping[str, object] = field(default_factory=dict)
    """What else goes with each request: ``key_header`` and ``query``."""


def target_taken(typed: Taken, settings: Settings, key_env: Collection[str], say: Console) -> Taken:
    """The typed address mended, and where no model was typed, what the server says of itself.

    Everything that was changed or taken is said. Raises EgressError, and RunError where nothing is
    recognised or several models may be meant.
    """
    if typed.model.strip():
        return _mended(typed, say)
    # Imported here: its HTTP client costs a tenth of a second where a model was typed.
    from core.runs.starting.asked_server import recognised_at  # noqa: PLC0415

    key, header = key_for(typed.base_url, key_env), typed.more.get("key_header") or AUTHORIZATION
    server = recognised_at(typed.base_url, settings, key, str(header), mine=True)
    model = sole_embedder(server)
    _say_mends(server.what_was_mended, say)
    spoken = server.spoken((typed.wire,) if typed.wire != OPENAI else EMBEDDERS)
    if spoken is None:
        raise RunError(f"{server.label} was recognised, and it does not speak {typed.wire}.")
    plainly(
        say,
        f"Recognised {server.label} ({server.by_what}). Taking {model.name} at {spoken.base_url}.",
    )
    return Taken(spoken.base_url, model.name, spoken.wire, _with(typed.more, _more(server)))


def _mended(typed: Taken, say: Console) -> Taken:
    """The typed address mended; a format whose own path was pasted is taken where it is spoken."""
    address = meant(typed.base_url, typed.wire)
    _say_mends(address.what_was_mended, say)
    own = {"query": dict(address.query)} if address.query else {}
    return Taken(address.url, typed.model, address.wire, _with(typed.more, own))


def _with(typed: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """What a server wants with each request; what was typed comes first."""
    return {**own, **{name: value for name, value in typed.items() if value}}


def _more(server: Recognised) -> dict[str, object]:
    header = {} if server.key_header is None else {"key_header": server.key_header}
    return header | ({"query": dict(server.query)} if server.query else {})


def _say_mends(what_was_mended: Collection[str], say: Console) -> None:
    if sentence := mends_sentence(what_was_mended):
        plainly(say, sentence)


def sole_embedder(server: Recognised) -> ServedModel:
    """The one model that is meant. Raises RunError for several, named, or for none."""
    models = server.embedders
    if len(models) == 1:
        return models[0]
    if not models:
        raise RunError(
            f"{server.label} was recognised, and it names no model that embeds: type --model NAME."
        )
    names = ", ".join(model.name for model in models[:NAMED])
    more = f" and {len(models) - NAMED} more" if len(models) > NAMED else ""
    raise RunError(
        f"{server.label} has {len(models)} models that may embed: {names}{more}. Say which one you "
        "mean: --model NAME."
    )


def key_for(typed: str, key_env: Collection[str]) -> SecretStr | None:
    """The key whose variable was typed for this server, or as the only one. Raises RunError."""
    authority = _authority(typed)
    for given in key_env:
        host, named, variable = given.rpartition("=")
        alone = not named and len(key_env) == 1
        if alone or (named and typed_authority(host) == authority):
            return _key_in(variable, authority)
    return None


def _authority(typed: str) -> str:
    """Host and port that an address means; "" where it is none, which is said elsewhere."""
    try:
        return typed_authority(mended(typed, version=False).url)
    except BreakevenError:
        return ""


def _key_in(variable: str, authority: str) -> SecretStr:
    if not variable.isidentifier():
        # What was typed instead may be the key itself: it is not repeated.
        raise RunError("--key-env takes the name of an environment variable, never the key itself.")
    if not (key := os.environ.get(variable)):
        raise MissingKeyError(
            f"The key for {authority} is not set: set {variable} and start again."
        )
    return SecretStr(key)
