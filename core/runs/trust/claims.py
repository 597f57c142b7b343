"""A run is of what it was sent to, whatever its subject claims.

A plan, a file or an older version may call any server by the name of an option. The option is
measured only by what its own server answered: scheme, host, port, format and model name.
"""

from typing import Final

from core.catalog.schema import Catalog
from core.engines.common.status import MODEL
from core.measurement.latency import Subject
from core.probe.records.probe_plan import (
    ApiTarget,
    HybridTarget,
    LocalTarget,
    ProbePlan,
    Rival,
    Target,
)
from core.runs.trust.origin import origin_of
from core.runs.trust.shipped import shipped
from core.scenario import OWNED_PREFIX, THIS_MACHINE, hybrid_parts

CUSTOM_PREFIX: Final = "endpoint/"
"""Option ids of addresses that the user typed."""


def as_sent(plan: ProbePlan) -> ProbePlan:
    """The plan with each subject whose claim does not hold named after its target.

    The very same plan where every claim holds.
    """
    true = [
        subject if holds(subject, target) else renamed(subject, target)
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


def holds(subject: Subject, target: Target) -> bool:
    """Whether what is asked is the option of this name; a name that is no option claims nothing."""
    option_id = subject.option_id
    if (mixed := hybrid_parts(option_id)) is not None:
        if not isinstance(target, HybridTarget) or not _is_offer(mixed[1], target.burst):
            return False
        return bool(target.local_models) or mixed[0] != THIS_MACHINE
    if option_id == THIS_MACHINE or option_id.startswith(f"{THIS_MACHINE}/"):
        return target.sole_local is not None
    if _is_option(shipped(), option_id):
        return target.sole_api is not None and _is_offer(option_id, target.sole_api)
    return True


def _is_option(catalog: Catalog, option_id: str) -> bool:
    known = catalog.find_api(option_id) or catalog.find_gpu(option_id)
    return known is not None or option_id.startswith(OWNED_PREFIX)


def _is_offer(option_id: str, target: ApiTarget) -> bool:
    """Whether a target is an offer's own: where it has one, its server, format and model."""
    offered = shipped().find_api(option_id)
    if offered is None or offered[0].endpoint is None:
        return False
    endpoint, offer = offered[0].endpoint, offered[1]
    return (origin_of(endpoint), endpoint.wire, offer.wire_model) == (
        origin_of(target.endpoint),
        target.endpoint.wire,
        target.wire_model,
    )


def renamed(subject: Subject, target: Target) -> Subject:
    """The subject by the name of what is asked. Of a hybrid its burst target says it."""
    asked = target.billed
    names = _names_here(target.local_models[0]) if asked is None else _names_there(asked)
    return subject.model_copy(update=dict(zip(("option_id", "label", "model"), names, strict=True)))


def _names_here(asked: LocalTarget) -> tuple[str, str, str]:
    option_id = f"{THIS_MACHINE}/{asked.model}" if asked.model else THIS_MACHINE
    return option_id[:200], "This machine", asked.model or MODEL


def _names_there(asked: ApiTarget) -> tuple[str, str, str]:
    host, model = (asked.endpoint.base_url.host or "").strip("[]"), asked.wire_model
    return endpoint_id(host, model), f"{model} at {host}", model


def endpoint_id(host: str, model: str) -> str:
    """Option id of an address that is no option of the catalogue."""
    return f"{CUSTOM_PREFIX}{host}/{model}"
