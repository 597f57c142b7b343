"""What a command may spend and which keys it reads: by what was typed in it and the catalogue."""

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from pydantic import SecretStr

from core.catalog.schema import PriceUnit
from core.errors import MissingKeyError, RunError
from core.measurement.latency import Subject
from core.probe.addresses.hosts import is_this_computer
from core.probe.records.probe_plan import ApiTarget, ProbePlan, Target
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.candidates import Candidate
from core.runs.starting.job import Access
from core.runs.trust.origin import origin_of, typed_authority
from core.runs.trust.shipped import offer_asked

_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person typed for the servers that are no option of the catalogue."""

    price: Rate = FREE
    free: bool = False
    key_env: tuple[str, ...] = ()
    """``VARIABLE`` or ``HOST:PORT=VARIABLE``."""
    from_file: bool = False
    """Whether the plan came from a file: then nothing is taken for typed that stands in it."""
    options: Mapping[str, Candidate] = field(default_factory=dict)
    """Own options that were named, by their id: their rows say the price, a binding the key."""


def price_of(usd_per_mtok: float, usd_per_second: float) -> Rate:
    """The typed price. Raises RunError for two of them."""
    if not (math.isfinite(usd_per_mtok) and math.isfinite(usd_per_second)):
        raise RunError("A price is a number of US dollars: infinity is none.")
    if usd_per_mtok and usd_per_second:
        raise RunError("Give one price: by the token, or by the second.")
    if usd_per_second:
        return Rate(Decimal(str(usd_per_second)), PriceUnit.PER_SECOND)
    return Rate(Decimal(str(usd_per_mtok)), PriceUnit.PER_MTOK) if usd_per_mtok else FREE


def keys_of(access: Sequence[Access]) -> list[str]:
    """Every key of a run in plain text: what nothing that is printed may hold."""
    both = (key for one in access for key in (one.key, one.base_key))
    return [key.get_secret_value() for key in both if key]


def accesses(plan: ProbePlan, terms: Terms) -> list[Access]:
    """Price and keys of each target: the catalogue's where it is asked, else the typed ones.

    Raises RunError without a price, for a cap means nothing without one, and MissingKeyError.
    """
    if terms.free and terms.price.usd:
        raise RunError("Give a price or --free, not both.")
    variables = key_variables(plan, terms)
    return [
        _access(subject, target, terms, variables)
        for subject, target in zip(plan.subjects, plan.targets, strict=True)
    ]


def key_variables(plan: ProbePlan, terms: Terms) -> dict[str, str]:
    """Variable by ``HOST:PORT``, as typed. Raises RunError where it is not clear whose it is."""
    if not all(_VARIABLE.fullmatch(given.rpartition("=")[2]) for given in terms.key_env):
        # What was typed instead may be the key itself: it is not repeated.
        raise RunError(
            "--key-env takes the name of an environment variable, such as MY_KEY or "
            "localhost:8080=MY_KEY, never the key itself."
        )
    asked = [api for target in plan.targets for api in target.apis]
    hosts = [_authority(part) for part in asked]
    strange = [_authority(part) for part in asked if offer_asked(part) is None]
    bare = list(dict.fromkeys(strange or ([] if terms.from_file else hosts)))
    variables: dict[str, str] = {}
    for given in terms.key_env:
        host, named, variable = given.rpartition("=")
        if not named:
            variables[_the_one(bare, variable)] = variable
        elif (authority := typed_authority(host)) in hosts:
            variables[authority] = variable
        else:
            raise RunError(f"--key-env {given[:100]}: nothing is sent to {authority}.")
    return variables


def _the_one(hosts: Sequence[str], variable: str) -> str:
    if len(hosts) == 1:
        return hosts[0]
    where = " or ".join(f"--key-env {host}={variable}" for host in hosts)
    raise RunError(
        f"Say to which server the key in {variable} goes: {where or f'HOST:PORT={variable}'}."
    )


def _authority(target: ApiTarget) -> str:
    return origin_of(target.endpoint).authority


def _access(subject: Subject, target: Target, terms: Terms, variables: Mapping[str, str]) -> Access:
    asked = target.billed
    if asked is None:
        return Access.at(FREE, None)
    mine = terms.options.get(subject.option_id)
    base_key, label = None, f"the base of {subject.label}"
    for own in target.unbilled:
        base_key = _key(label, variables.get(_authority(own)))
        _refuse_billed_base(label, own, terms)
    if (listed := offer_asked(asked)) is None and mine is None:
        _refuse_unpriced(subject.label, asked, terms)
    rate = terms.price if listed is None else Rate.highest(listed[1].price)
    shipped = None if listed is None or listed[0].endpoint is None else listed[0].endpoint.key_env
    if mine is not None and listed is None:
        rate, shipped = terms.price if terms.price.usd else mine.rate, mine.key_env
    key = _key(subject.label, variables.get(_authority(asked)) or shipped)
    return Access.at(rate, key, base_key)


def _refuse_billed_base(label: str, base: ApiTarget, terms: Terms) -> None:
    """Raise RunError where a hybrid's base may bill its calls: no cap counts them."""
    here = is_this_computer(origin_of(base.endpoint).host) and not terms.from_file
    if not (terms.free or here):
        raise RunError(
            f"A call to {label} must cost nothing, for no cap counts it: type --free for a server "
            "of your own, or probe it alone with its price."
        )


def _refuse_unpriced(label: str, target: ApiTarget, terms: Terms) -> None:
    """Raise RunError where nobody typed what a call costs; a typed server here costs nothing."""
    here = is_this_computer(origin_of(target.endpoint).host) and not terms.from_file
    if not (terms.price.usd or terms.free or here):
        raise RunError(
            f"Without a price for {label} no spending cap can hold: give --usd-per-mtok "
            "or --usd-per-second, or --free for a server of your own."
        )


def _key(label: str, key_env: str | None) -> SecretStr | None:
    """The key from its variable. Raises MissingKeyError."""
    if not key_env:
        return None
    if not (key := os.environ.get(key_env)):
        raise MissingKeyError(f"The key for {label} is not set: set {key_env} and start again.")
    return SecretStr(key)
