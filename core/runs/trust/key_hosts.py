"""A provider's key goes to that provider's server, and to no other."""

import os
from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr

from core.errors import BudgetError, EgressError, RunError
from core.probe.addresses.hosts import is_this_computer
from core.probe.records.probe_plan import ApiTarget, ProbePlan
from core.runs.spending.worst_case import Rate
from core.runs.trust.origin import HTTPS, Origin, origin_of
from core.runs.trust.secret_names import SECRET_NAME
from core.runs.trust.shipped import offer_asked, origins_of_keys, provider_at

LEAST_KEY: Final = 8
"""A shorter key may stand in a plan by chance."""


def refuse_strange_host(target: ApiTarget, key: SecretStr | None) -> None:
    """Raise EgressError where a provider's key would go to another server.

    Known by the variable that a target names and by the key itself, where it is in the
    environment. A server on this computer may get any key: it goes nowhere. What is on this
    computer is judged by the address, never by what a plan says of it.
    """
    origin = origin_of(target.endpoint)
    if is_this_computer(origin.host):
        return
    for name, origins in origins_of_keys().items():
        named = target.endpoint.key_env == name
        carried = key is not None and key.get_secret_value() in {os.environ.get(name)} - {"", None}
        if (named or carried) and origin not in origins:
            owners = " and ".join(sorted(_shown(known) for known in origins))
            raise EgressError(
                f"The key in {name} belongs to {owners}: it is not sent to {_shown(origin)}. "
                "Give this address a key of its own."
            )


def refuse_free(target: ApiTarget, rate: Rate) -> None:
    """Raise BudgetError where a provider's server would be asked as if it cost nothing."""
    if rate.usd:
        return
    provider, listed = provider_at(origin_of(target.endpoint)), offer_asked(target)
    if provider is None or (listed is not None and Rate.highest(listed[1].price).usd == 0):
        return
    raise BudgetError(
        f"{provider.name} bills what is sent to {_shown(origin_of(target.endpoint))}, and without "
        "a price no spending cap can hold. Give its price, or choose the catalogue's option."
    )


def refuse_key_in_plan(plan: ProbePlan, key: SecretStr | None) -> None:
    """Raise RunError where the key stands in what is stored: a model's name, a text, an address.

    And where any key of this environment is in what an endpoint is asked with.
    """
    for api in (api for target in plan.targets for api in target.apis):
        refuse_key_asked(api)
    secret = "" if key is None else key.get_secret_value()
    if len(secret) >= LEAST_KEY and secret in plan.model_dump_json():
        raise RunError(
            "The key stands in the plan, too: in the address, the model's name or a text, which "
            "are stored. Take it out there."
        )


def refuse_known_key(fields: Mapping[str, object]) -> None:
    """Raise RunError where a key of this environment is in a field that is stored and shown.

    Known by the name of its variable. An address that stands in such a variable is no key.
    """
    known = {
        value: name
        for name, value in os.environ.items()
        if len(value) >= LEAST_KEY and "://" not in value and SECRET_NAME.search(name)
    }
    for field, value in fields.items():
        if name := next((known[key] for key in known if key in str(value)), None):
            raise RunError(
                f"The field {field} holds what is in {name}, and a field is stored and shown. Name "
                "the header of the key instead (key_header), and give the key as a key."
            )


def refuse_key_asked(target: ApiTarget) -> None:
    """The same of all that an endpoint is asked with. Raises RunError."""
    endpoint = target.endpoint
    asked = {"address": endpoint.base_url, "key_header": endpoint.key_header}
    refuse_known_key({**asked, "model": target.wire_model, **endpoint.query, **endpoint.body})


def _shown(origin: Origin) -> str:
    return origin.host if (origin.scheme, origin.port) == HTTPS else str(origin)
