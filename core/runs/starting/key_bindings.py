"""Which variable holds the key of an own option: bound on this computer, to its host and port.

The binding lies beside the database, never in the catalogue folder, an export or a link, so no file
from elsewhere can have a key sent anywhere. Where the option's address is another than the one
that it was bound to, it does not apply.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from core.catalog.own.replacing import replace_all
from core.catalog.schema import Catalog, Endpoint
from core.errors import RunError, StoreError
from core.plain_text import Label, Plain
from core.probe.records.probe_plan import ApiTarget
from core.runs.starting.candidates import Candidate
from core.runs.trust.claims import own_options
from core.runs.trust.key_hosts import refuse_strange_host
from core.runs.trust.origin import origin_of
from core.settings import PREFIX

FILE: Final = "option-keys.json"
OWNER_ALONE: Final = 0o600

Variable = Annotated[str, Plain(100), Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class Binding(BaseModel):
    """One option's key, by the variable that holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: Label
    """Scheme, host and port that it was bound to."""
    env: Variable


class Bindings(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keys: dict[Label, Binding] = {}


def bindings(data_dir: Path) -> dict[str, Binding]:
    """All that are kept. Raises StoreError where the file is damaged: no key is then sent."""
    path = data_dir / FILE
    try:
        return dict(Bindings.model_validate_json(path.read_bytes()).keys)
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise StoreError(
            f"{path} cannot be read, so no key of your own options is used: mend it, or delete it "
            "and bind them again."
        ) from error


def bind(data_dir: Path, known: Catalog, option_id: str, variable: str) -> str:
    """Bind an option's key to where it answers now; returns that. Raises RunError, EgressError.

    A provider's variable is not bound to another server, nor one that holds a setting.
    """
    target = _target(known, option_id)
    try:
        binding = Binding(origin=str(origin_of(target.endpoint)), env=variable)
    except ValidationError:
        # What was typed instead may be the key itself: it is not repeated.
        raise RunError(
            "--env takes the name of an environment variable, such as MY_KEY, never the key itself."
        ) from None
    if variable.upper().startswith(PREFIX):
        raise RunError(
            f"{PREFIX}... hold settings of this product, not keys: use another variable."
        )
    named = target.model_copy(update={"endpoint": _asking(target, variable)})
    key = os.environ.get(variable)
    refuse_strange_host(named, SecretStr(key) if key else None)
    _keep(data_dir, bindings(data_dir) | {option_id: binding})
    return binding.origin


def forget(data_dir: Path, option_id: str) -> bool:
    """Take a binding away; whether there was one. Raises StoreError."""
    bound = bindings(data_dir)
    if option_id not in bound:
        return False
    _keep(data_dir, {name: value for name, value in bound.items() if name != option_id})
    return True


def with_bound_key(candidate: Candidate, known: Catalog, data_dir: Path) -> Candidate:
    """The candidate with the variable that is bound to it, or why that does not apply.

    Raises StoreError.
    """
    if not known.is_own(candidate.option_id) or candidate.target is None:
        return candidate
    binding, asked = bindings(data_dir).get(candidate.option_id), candidate.target.sole_api
    if binding is None or asked is None:
        return candidate
    origin = str(origin_of(asked.endpoint))
    if origin == binding.origin:
        return replace(candidate, key_env=binding.env)
    remark = (
        f"The key in {binding.env} is bound to {binding.origin}, and {candidate.label} is at "
        f"{origin} now: it is not used. Bind it again if that server may have it."
    )
    return replace(candidate, remark=remark)


def _asking(target: ApiTarget, variable: str) -> Endpoint:
    return target.endpoint.model_copy(update={"key_env": variable})


def _target(known: Catalog, option_id: str) -> ApiTarget:
    own = {name: target for name, _, target in own_options(known)}
    if option_id not in own:
        there = ", ".join(own) or "none yet"
        raise RunError(
            f"{option_id[:80]!r} is no API of your own with an address. There are: {there}."
        )
    return own[option_id]


def _keep(data_dir: Path, kept: dict[str, Binding]) -> None:
    text = Bindings(keys=kept).model_dump_json(indent=2) + "\n"
    try:
        replace_all({data_dir / FILE: text}, mode=OWNER_ALONE)
    except OSError as error:
        raise StoreError(f"{data_dir / FILE} cannot be written: {error.strerror}.") from error
