"""What a command may spend, and the keys that it finds."""

import os
from decimal import Decimal

from pydantic import SecretStr

from core.catalog.load import load_catalog
from core.catalog.schema import PriceUnit
from core.errors import MissingKeyError, RunError
from core.measurement import Subject
from core.probe.plan import ApiTarget, Target, parts
from core.runs.candidates import Candidate, catalogue_candidate
from core.runs.job import Access
from core.runs.worst_case import FREE, Rate


def price_of(usd_per_mtok: float, usd_per_second: float) -> Rate:
    """The typed price. Raises RunError for two of them."""
    if usd_per_mtok and usd_per_second:
        raise RunError("Give one price: by the token, or by the second.")
    if usd_per_second:
        return Rate(Decimal(str(usd_per_second)), PriceUnit.PER_SECOND)
    return Rate(Decimal(str(usd_per_mtok)), PriceUnit.PER_MTOK) if usd_per_mtok else FREE


def access_to(subject: Subject, target: Target, price: Rate | None, key_env: str) -> Access:
    """Price and key of a target: the catalogue's where it is the catalogue's, else the typed ones.

    ``price`` None: somebody says that a call costs nothing. Raises RunError without a price, for
    a cap means nothing without one, and MissingKeyError.
    """
    asked = parts(target)[-1]
    if not isinstance(asked, ApiTarget):
        return Access.at(FREE, None)
    listed = _listed(subject, asked)
    if listed is not None:
        return Access.at(listed.rate, _key(listed.label, listed.key_env))
    if price is not None and price.usd == 0 and not asked.on_this_computer:
        raise RunError(
            f"Without a price for {subject.label} no spending cap can hold: give --usd-per-mtok "
            "or --usd-per-second, or --free for a server of your own."
        )
    return Access.at(price or FREE, _key(subject.label, key_env or asked.endpoint.key_env))


def _listed(subject: Subject, target: ApiTarget) -> Candidate | None:
    """The catalogue's own entry, if that is what is asked."""
    catalog = load_catalog()
    if catalog.find_api(subject.option_id) is None:
        return None
    listed = catalogue_candidate(catalog, subject.option_id)
    same = isinstance(listed.target, ApiTarget) and (
        (listed.target.endpoint, listed.target.wire_model) == (target.endpoint, target.wire_model)
    )
    return listed if same else None


def _key(label: str, key_env: str | None) -> SecretStr | None:
    """The key from its variable. Raises MissingKeyError."""
    if not key_env:
        return None
    if not (found := os.environ.get(key_env)):
        raise MissingKeyError(f"The key for {label} is not set: set {key_env} and start again.")
    return SecretStr(found)
