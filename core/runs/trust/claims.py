"""A run is of what it was sent to, whatever its subject claims.

A plan, a file or an older version may call any server by the name of an option. The option is
measured only by what its own server answered: scheme, host, port, format and model name.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from core.catalog.schema import Catalog, WireFormat
from core.engines.common.status import MODEL
from core.measurement.latency import Subject
from core.plain_text import LABEL
from core.probe.records.probe_plan import (
    ApiTarget,
    HybridTarget,
    LocalTarget,
    ProbePlan,
    Rival,
    Target,
)
from core.runs.trust.origin import HTTPS, origin_of
from core.runs.trust.shipped import shipped
from core.scenario import (
    OWNED_PREFIX,
    THIS_MACHINE,
    hybrid_parts,
    machine_and_model,
    machine_id,
)

CUSTOM_PREFIX: Final = "endpoint/"
"""Option ids of addresses that the user typed."""
_OFFER: Final = re.compile(r"[a-z0-9][a-z0-9.\-]*/[a-z0-9][a-z0-9.\-]*")
"""Two ids of rows, as every catalogue must write them."""
USUAL_PATH: Final = "/v1"
HASH_CHARACTERS: Final = 16


def as_sent(plan: ProbePlan, known: Catalog | None = None) -> ProbePlan:
    """The plan with each subject whose claim does not hold named after its target.

    The very same plan where every claim holds. ``known``: the catalogue with the user's own
    options; None: as it ships.
    """
    true = [
        subject if holds(subject, target, known) else renamed(subject, target)
        for subject, target in zip(plan.subjects, plan.targets, strict=True)
    ]
    if true == list(plan.subjects):
        return plan
    own, *others = true
    rivals = tuple(
        Rival(subject=subject, target=target)
        for subject, target in zip(others, plan.targets[1:], strict=True)
    )
    return plan.model_copy(update={"subject": own, "rivals": rivals})


def holds(subject: Subject, target: Target, known: Catalog | None = None) -> bool:
    """Whether what is asked is the option of this name; a name that is no option claims nothing."""
    option_id, catalog = subject.option_id, known or shipped()
    if (mixed := hybrid_parts(option_id)) is not None:
        if not isinstance(target, HybridTarget) or not _is_offer(catalog, mixed[1], target.burst):
            return False
        return bool(target.local_models) or machine_id(mixed[0]) != THIS_MACHINE
    machine, model_id = machine_and_model(option_id)
    if machine == THIS_MACHINE and model_id is not None:
        return target.sole_local is not None and (target.sole_local.model or MODEL) == model_id
    if option_id == THIS_MACHINE or option_id.startswith(f"{THIS_MACHINE}/"):
        return target.sole_local is not None
    if _is_option(catalog, option_id):
        return target.sole_api is not None and _is_offer(catalog, option_id, target.sole_api)
    return not _has_older_id(option_id, target)


def _has_older_id(option_id: str, target: Target) -> bool:
    """Whether a run has the id of an older version, which several endpoints shared."""
    asked = target.sole_api if option_id.startswith(CUSTOM_PREFIX) else None
    return asked is not None and endpoint_id(asked) != older_endpoint_id(asked) == option_id


def claims_nothing(subject: Subject) -> bool:
    """Whether no catalogue at all can have an option of this name: none need be read to know."""
    machine = machine_id(subject.option_id)
    return not (
        hybrid_parts(subject.option_id)
        or machine.startswith(OWNED_PREFIX)
        or machine.partition("/")[0] == THIS_MACHINE
        or _OFFER.fullmatch(machine)
    )


def _is_option(catalog: Catalog, option_id: str) -> bool:
    machine = machine_id(option_id)
    known = catalog.find_api(machine) or catalog.find_machine(machine)
    return known is not None or machine.startswith(OWNED_PREFIX)


def own_options(known: Catalog) -> Iterator[tuple[str, str, ApiTarget]]:
    """Id, name and target of each API of the user's own that has an address."""
    for provider in known.providers:
        if provider.id in known.own_providers and provider.endpoint is not None:
            for offer in provider.api_offers:
                target = ApiTarget(endpoint=provider.endpoint, wire_model=offer.wire_model)
                yield f"{provider.id}/{offer.id}", offer.label, target


def _is_offer(catalog: Catalog, option_id: str, target: ApiTarget) -> bool:
    """Whether a target is an offer's own: its server, format and model, asked as the offer is.

    Of one's own servers several may stand behind one host and port: there the path counts, too.
    """
    offered = catalog.find_api(option_id)
    if offered is None or offered[0].endpoint is None:
        return False
    here = ApiTarget(endpoint=offered[0].endpoint, wire_model=offered[1].wire_model)
    if catalog.is_own(option_id) and _path(here) != _path(target):
        return False
    return _asked_as(here) == _asked_as(target)


def _asked_as(target: ApiTarget) -> tuple[object, ...]:
    asked = target.endpoint
    return (origin_of(asked), asked.wire, target.wire_model, asked.query, asked.body)


def renamed(subject: Subject, target: Target) -> Subject:
    """The subject by the name of what is asked. Of a hybrid its burst target says it."""
    asked = target.billed
    names = _names_here(target.local_models[0]) if asked is None else _names_there(asked)
    return subject.model_copy(update=dict(zip(("option_id", "label", "model"), names, strict=True)))


def _names_here(asked: LocalTarget) -> tuple[str, str, str]:
    option_id = f"{THIS_MACHINE}/{asked.model}" if asked.model else THIS_MACHINE
    return _within(option_id), "This machine", asked.model or MODEL


def _names_there(asked: ApiTarget) -> tuple[str, str, str]:
    return endpoint_id(asked), endpoint_label(asked), asked.wire_model


def endpoint_id(asked: ApiTarget) -> str:
    """Option id of an address that is no option of the catalogue: server, path, format and model.

    ``endpoint/<host>:<port>/<model>``, and ``~<path>`` after the port where the path is not /v1;
    ``;<format>`` after that where it is not OpenAI's; ``?<fields>`` after the model where the
    endpoint has a query or fields of its own, for another ``input_type`` is another question. Which
    header the key is in changes nothing. Two servers on one host are two options.
    """
    wire = asked.endpoint.wire
    spoken = "" if wire is WireFormat.OPENAI_COMPATIBLE else f";{wire.value}"
    model = asked.wire_model.replace("%", "%25").replace("?", "%3F")
    fields = "&".join(quote(field, safe="=:") for field in _fields(asked))
    return _id_of(f"{_place(asked)}{spoken}", model, fields)


def older_endpoint_id(asked: ApiTarget) -> str:
    """The id that an address had up to version 0.2.0: of all formats, and of fields with "&" alike.

    Up to version 0.1.0 an id had the host alone; such a run keeps it, and as no id of a later
    version is without a port it counts for no server of today.
    """
    return _id_of(_place(asked), asked.wire_model, quote("&".join(_fields(asked)), safe="=&:"))


def _id_of(place: str, model: str, fields: str) -> str:
    return _within(f"{CUSTOM_PREFIX}{place}/{model}{'?' if fields else ''}{fields}")


def _place(asked: ApiTarget) -> str:
    """Host, port and path."""
    path = _path(asked)
    return origin_of(asked.endpoint).authority + (f"~{quote(path, safe='')}" if path else "")


def endpoint_label(asked: ApiTarget) -> str:
    """The same for a person, without what is usual."""
    origin, wire = origin_of(asked.endpoint), asked.endpoint.wire
    usual = (origin.scheme, origin.port) == HTTPS
    place = origin.host if usual else origin.authority
    spoken = [] if wire is WireFormat.OPENAI_COMPATIBLE else [wire.value]
    more = ", ".join((*spoken, *_fields(asked)))
    return LABEL.made(f"{asked.wire_model} at {place}{_path(asked)}{f' ({more})' if more else ''}")


def _fields(asked: ApiTarget) -> list[str]:
    """What an endpoint's own fields add to its id."""
    query, body = asked.endpoint.query, asked.endpoint.body
    fields = [f"{name}={query[name]}" for name in sorted(query)]
    return fields + [f"{name}:{json.dumps(body[name])}" for name in sorted(body)]


def _path(asked: ApiTarget) -> str:
    """The path of a base address; "" for the usual one."""
    path = (asked.endpoint.base_url.path or "").rstrip("/")
    return "" if path == USUAL_PATH else path or "/"


def _within(option_id: str) -> str:
    """An id that is too long is cut, and told from others by a hash of the whole."""
    if LABEL.fits(option_id):
        return option_id
    digest = sha256(option_id.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_CHARACTERS]
    return f"{LABEL.made(option_id)[: LABEL.limit - HASH_CHARACTERS - 1]}~{digest}"
