"""A plan from a file. A file says what is sent; whom to trust with it, only a person says.

What a file holds of trust is never read: which variable holds a key, whether an address is this
computer's own, whether a model's code may run. Its targets get what the catalogue or this very
command says of them.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from core.catalog.schema import Endpoint, Provider
from core.errors import RunError
from core.measurement.latency import Subject
from core.probe.addresses.hosts import is_this_computer
from core.probe.records.probe_plan import (
    ApiTarget,
    LocalTarget,
    ProbePlan,
    Rival,
    Target,
)
from core.refusals import first_fault
from core.runs.files.run_file import FORMAT
from core.runs.files.run_file_reading import read_runs
from core.runs.starting.fresh_plan import fresh
from core.runs.trust.claims import CUSTOM_PREFIX, endpoint_id
from core.runs.trust.origin import origin_of, typed_authority
from core.runs.trust.shipped import offer_asked

HEAD: Final = 200
"""A file of runs names its format within so many characters."""


class Granted:
    """What was typed beside the name of the file."""

    def __init__(
        self, file: Path, to: Collection[str], key_env: Collection[str], *, custom_code: bool
    ) -> None:
        """``to``: servers, as ``HOST:PORT``. Raises RunError for one that is none."""
        self._file = file
        self._to = {typed_authority(host) for host in to}
        typed = [given.rpartition("=")[0] for given in key_env]
        self._keys = {host and typed_authority(host) for host in typed}
        """Servers that a key was typed for; "" where it is the only one."""
        self._custom_code = custom_code

    def asked(self, subject: Subject, target: Target) -> Rival:
        """A target as it may be asked, under a name that is its own. Raises RunError."""
        for model in target.local_models:
            self._refuse_code(model)
        granted = target.with_apis(self._api)
        return Rival(subject=_named(subject, granted), target=granted)

    def _refuse_code(self, model: LocalTarget) -> None:
        if model.allow_custom_code and not self._custom_code:
            raise RunError(
                f"{self._file} asks to run Python code that comes with the model {model.model}. "
                "Read that code, and type --allow-custom-code if it may run here."
            )

    def _api(self, target: ApiTarget) -> ApiTarget:
        listed = offer_asked(target)
        if listed is not None:
            return target.model_copy(
                update={"endpoint": _listed(listed[0], target), "allow_loopback": False}
            )
        origin, endpoint = origin_of(target.endpoint), target.endpoint
        if origin.authority not in self._to:
            raise RunError(
                f"{self._file} sends to {origin}, which is no option of the catalogue. If you mean "
                f"that server, type --to {origin.authority}, and --free or its price."
            )
        if endpoint.key_env is not None and not self._keys & {"", origin.authority}:
            raise RunError(
                f"{self._file} wants the key in {endpoint.key_env} for {origin}, and no file reads "
                f"a key. Type --key-env {origin.authority}={endpoint.key_env} if that server may "
                "have it, or take key_env out of the file."
            )
        untrusted = endpoint.model_copy(update={"key_env": None, "account_env": None})
        here = is_this_computer(origin.host)
        return target.model_copy(update={"endpoint": untrusted, "allow_loopback": here})


def _listed(provider: Provider, asked: ApiTarget) -> Endpoint | None:
    """The catalogue's endpoint, asked with the file's own fields: these are what is sent."""
    endpoint, fields = provider.endpoint, asked.endpoint
    return endpoint and endpoint.model_copy(update={"query": fields.query, "body": fields.body})


def plan_from(text: str, file: Path, granted: Granted) -> ProbePlan:
    """The plan in a file, or of the one run in a file of runs, with the trust that was typed.

    Raises RunError in a sentence.
    """
    plan = _of_a_run(text, file) or _plan(text, file)
    own, *others = (granted.asked(s, t) for s, t in zip(plan.subjects, plan.targets, strict=True))
    update = {"subject": own.subject, "target": own.target, "rivals": tuple(others)}
    return plan.model_copy(update=update)


def _of_a_run(text: str, file: Path) -> ProbePlan | None:
    """The plan of what `probe --json` printed; None where the file is something else."""
    if f'"{FORMAT}"' not in text[:HEAD]:
        return None
    plans = [run.plan for run, _ in read_runs(text.encode(), str(file))]
    if len(plans) != 1:
        raise RunError(f"{file} holds {len(plans)} runs: export the one whose plan you mean.")
    # The arrivals of that run are its own.
    return fresh(plans[0], plans[0].model_fields_set - {"seed"})


def _plan(text: str, file: Path) -> ProbePlan:
    try:
        plan = ProbePlan.model_validate_json(text)
    except ValidationError as error:
        raise RunError(f"{file} holds no plan: {first_fault(error, ProbePlan)}.") from None
    return fresh(plan, plan.model_fields_set)


def _named(subject: Subject, target: Target) -> Subject:
    """A name of another address would put the run among that address's runs."""
    api = target.sole_api
    if api is None or not subject.option_id.startswith(CUSTOM_PREFIX):
        return subject
    return subject.model_copy(update={"option_id": endpoint_id(api)})
