"""From a choice to a target: an option of the catalogue, a typed address, this machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from core.catalog.option_names import with_model
from core.catalog.schema import ApiOffer, Catalog, Endpoint, Provider, WireFormat
from core.engines.common.status import MODEL, engine_status
from core.errors import EgressError, RunError
from core.measurement.latency import Subject
from core.probe.addresses.hosts import canonical_host, is_this_computer
from core.probe.embedders.by_name import EMBEDDERS
from core.probe.records.probe_plan import ApiTarget, LocalTarget, ProbePlan, Rival, Target
from core.refusals import first_fault
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.fresh_plan import fresh
from core.runs.trust.claims import endpoint_id, endpoint_label
from core.runs.trust.key_hosts import refuse_key_asked
from core.runs.trust.shipped import offer_asked
from core.scenario import THIS_MACHINE, machine_and_model, pair_id

Model = TypeVar("Model", ApiTarget, Endpoint, LocalTarget, ProbePlan, Subject)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that the probe may be pointed at, or what is missing for that."""

    option_id: str
    label: str
    model: str = ""
    target: Target | None = None
    rate: Rate = FREE
    key_env: str | None = None
    """Environment variable that holds the key; None where none is needed."""
    missing: str = ""
    """Why it cannot be probed ("" where it can): a sentence with what to do."""
    typed: bool = False
    """Whether a person typed its address; else it stands in a file."""
    remark: str = ""
    """What to know before it is: a key that does not apply any more."""


def this_machine(model_id: str | None = None) -> Candidate:
    """A model on this computer, the packaged one where none is named: no key, no network, no cost.

    Raises RunError for a name that is none.
    """
    status = engine_status()
    return Candidate(
        option_id=THIS_MACHINE if model_id is None else pair_id(THIS_MACHINE, model_id),
        label="This machine" if model_id is None else with_model("This machine", model_id),
        model=model_id or MODEL,
        target=_valid(LocalTarget, {"model": None if model_id == MODEL else model_id}),
        missing="" if status.ready else f"{status.summary}. Run: {status.advice}",
    )


def catalogue_candidate(catalog: Catalog, option_id: str) -> Candidate:
    """An option of the catalogue. Raises RunError where there is none that is called."""
    machine, model_id = machine_and_model(option_id)
    if machine == THIS_MACHINE:
        return this_machine(model_id)
    offer = catalog.find_api(option_id)
    if offer is None:
        near = [known for known in catalog.option_ids() if catalog.find_api(known) is not None]
        raise RunError(
            f"The catalogue has no API option {option_id[:80]!r}. It has {THIS_MACHINE}, "
            f"{', '.join(near)}."
        )
    return api_candidate(option_id, *offer)


def api_candidate(option_id: str, provider: Provider, offer: ApiOffer) -> Candidate:
    """An offer of a provider that is called over the network."""
    candidate = Candidate(option_id, offer.label, model=offer.model or offer.wire_model)
    endpoint = provider.endpoint
    if endpoint is None:
        return _without(candidate, f"The catalogue has no address for {provider.name}.")
    if endpoint.wire not in EMBEDDERS:
        return _without(
            candidate,
            f"The probe does not speak {provider.name}'s format ({endpoint.wire.value}) yet: "
            "its price is compared, its latency is not measured.",
        )
    here = is_this_computer(endpoint.base_url.host or "")
    target = ApiTarget(endpoint=endpoint, wire_model=offer.wire_model, allow_loopback=here)
    return Candidate(
        option_id,
        offer.label,
        model=candidate.model,
        target=target,
        rate=_most(target, Rate.highest(offer.price)),
        key_env=endpoint.key_env,
    )


def _most(target: ApiTarget, rate: Rate) -> Rate:
    """What the caps count: a row of one's own lowers no price of a server that ships."""
    listed = offer_asked(target)
    if listed is None:
        return rate
    shipped = Rate.highest(listed[1].price)
    return rate if rate.unit is shipped.unit and rate.usd > shipped.usd else shipped


def _without(candidate: Candidate, missing: str) -> Candidate:
    return Candidate(candidate.option_id, candidate.label, candidate.model, missing=missing)


def custom_candidate(
    base_url: str,
    model: str,
    rate: Rate = FREE,
    *,
    wire: str = WireFormat.OPENAI_COMPATIBLE.value,
    endpoint: Mapping[str, Any] | None = None,
    **target: Any,
) -> Candidate:
    """An address that somebody typed; ``target``: further fields of an ApiTarget.

    ``endpoint``: the header of its key, its query and its body. Raises RunError, which says what to
    type.
    """
    try:
        bare = Endpoint.model_validate({"wire": wire, "base_url": base_url})
        host = canonical_host(bare.base_url.host or "")
    except (ValidationError, EgressError):
        bare, host = None, ""
    if bare is None or not host or not model.strip():
        formats = ", ".join(known.value for known in EMBEDDERS)
        raise RunError(
            "Type the base address, such as https://host/v1, and the name of the model there. "
            f"The format is one of {formats}."
        )
    asking = _valid(Endpoint, {"wire": wire, "base_url": base_url} | dict(endpoint or {}))
    fields = {"endpoint": asking, "wire_model": model.strip()} | target
    asked = _valid(ApiTarget, fields | {"allow_loopback": is_this_computer(host)})
    refuse_key_asked(asked)  # before its label is shown
    label = endpoint_label(asked)
    return Candidate(endpoint_id(asked), label, model.strip(), asked, rate, typed=True)


def plan_for(
    candidate: Candidate,
    place: str | None,
    *,
    rivals: Sequence[Candidate] = (),
    **fields: Any,
) -> ProbePlan:
    """The plan of a run; ``fields``: its texts, its schedule and whatever else differs.

    ``rivals``: whom a comparison asks besides. What is not among ``fields`` and differs from run
    to run, such as the arrivals, is drawn. Raises RunError where something cannot be probed, a
    number or text is outside its limits, or the schedule takes too long.
    """
    first, *others = (_asked(one, place) for one in (candidate, *rivals))
    asked = {"subject": first.subject, "target": first.target, "rivals": others}
    plan = fresh(_valid(ProbePlan, asked | fields), fields)
    if plan.endless is not None:
        raise RunError(plan.endless)
    return plan


def _asked(candidate: Candidate, place: str | None) -> Rival:
    if candidate.target is None or candidate.missing:
        raise RunError(candidate.missing)
    names = {"option_id": candidate.option_id, "label": candidate.label, "model": candidate.model}
    subject = _valid(Subject, names | {"place": place})
    return Rival(subject=subject, target=candidate.target)


def _valid(kind: type[Model], fields: dict[str, Any]) -> Model:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise not_to_be_run(error) from None


def not_to_be_run(error: ValidationError) -> RunError:
    """The first fault of what somebody asked for, as a sentence."""
    return RunError(f"This cannot be run: {first_fault(error).replace('_', ' ')}.")
