"""Targets: every kind answers every question, and none can hide where it sends to."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from core.probe.records.targets import AnyTarget, ApiTarget, HybridTarget, LocalTarget, Target


def api(host: str) -> ApiTarget:
    """A server of a name."""
    endpoint = {"wire": "openai_compatible", "base_url": f"https://{host}.example/v1"}
    return ApiTarget.model_validate({"endpoint": endpoint, "wire_model": host})


HERE, A, B = LocalTarget(), api("a"), api("b")
EVERY: dict[str, AnyTarget] = {
    "local": HERE,
    "api": A,
    "local base": HybridTarget(base=HERE, burst=B),
    "server base": HybridTarget(base=A, burst=B),
}
each = pytest.mark.parametrize("target", EVERY.values(), ids=EVERY)


def held(target: BaseModel) -> Iterator[AnyTarget]:
    """A target and those in its fields that have none in theirs."""
    inner = [value for _, value in target if isinstance(value, AnyTarget)]
    if not inner and isinstance(target, AnyTarget):
        yield target
    for value in inner:
        yield from held(value)


def test_every_kind_that_a_plan_may_have_is_looked_at_here() -> None:
    """A new kind has to come into this file, and so under the laws below."""
    assert {type(target) for target in EVERY.values()} == set(get_args(get_args(Target)[0]))


@each
def test_a_target_names_everything_that_it_is_made_of(target: AnyTarget) -> None:
    """No endpoint and no model in its fields is left out: checks ask for nothing else."""
    assert list(held(target)) == [*target.local_models, *target.apis]


@each
def test_what_has_a_price_and_what_has_none_is_every_endpoint(target: AnyTarget) -> None:
    """Each gets its key and its price once."""
    billed = () if target.billed is None else (target.billed,)
    assert (*target.unbilled, *billed) == target.apis


@each
def test_a_change_reaches_every_endpoint_and_nothing_else(target: AnyTarget) -> None:
    """What a file may not say of an address is taken out of each."""
    changed = target.with_apis(lambda one: one.model_copy(update={"allow_loopback": True}))
    assert type(changed) is type(target)
    assert all(one.allow_loopback for one in changed.apis)
    assert changed.with_apis(lambda one: one.model_copy(update={"allow_loopback": False})) == target


@each
def test_a_target_is_one_thing_or_a_mix(target: AnyTarget) -> None:
    """What answers everything alone is a model or an endpoint, never both, and of a mix neither."""
    alone = [one for one in (target.sole_local, target.sole_api) if one is not None]
    assert alone == ([] if target.is_mixed else [target])


@pytest.mark.parametrize("left_out", ["apis", "local_models", "with_apis"])
def test_a_kind_that_does_not_say_where_it_sends_cannot_be_made(left_out: str) -> None:
    """Neither by its name nor from a file."""
    answers: dict[str, Any] = {
        "apis": property(lambda _: ()),
        "local_models": property(lambda _: ()),
        "with_apis": lambda self, _: self,
    }
    del answers[left_out]
    kind: type[AnyTarget] = type("NewTarget", (AnyTarget,), answers)
    with pytest.raises(TypeError, match="abstract"):
        kind()
    with pytest.raises((TypeError, ValidationError)):
        kind.model_validate({})
