"""What a provider is asked: whether it keeps texts, and whether it stands with whoever asks."""

from typing import Any

import pytest

from core.catalog.schema import Catalog, Region
from core.decide.demands.of_provider import of_home, of_retention, retention_note
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import OptionKind
from core.decide.result.unknown import About, Unknown
from core.grade import Grade
from core.scenario import Retention


def row(catalog: Catalog, promise: Any) -> Region:
    """The place of a provider, with a promise on what it keeps."""
    mistral = next(provider for provider in catalog.providers if provider.id == "mistral")
    return mistral.regions[0].model_copy(update={"zero_retention": promise})


@pytest.mark.parametrize(
    ("promise", "demanded", "kind", "note"),
    [
        ("default", Retention.ZERO, type(None), ""),
        ("option", Retention.ZERO, type(None), "zero retention must be switched on"),
        ("on approval", Retention.ZERO, Unknown, "zero retention by the approval of your account"),
        (
            *("on approval", Retention.APPROVED, type(None)),
            "zero retention by the approval of your account",
        ),
        ("", Retention.APPROVED, Unknown, ""),
        ("no", Retention.APPROVED, Refusal, ""),
        ("no", Retention.ALLOWED, type(None), ""),
        ("", Retention.ALLOWED, type(None), ""),
    ],
)
def test_who_keeps_texts_is_out_and_who_says_nothing_must_be_asked(
    catalog: Catalog, promise: str, demanded: Retention, kind: type, note: str
) -> None:
    """What is an option or needs approval says what to do."""
    place = row(catalog, promise)
    said = of_retention(place, "Mistral AI", demanded, is_own=False)
    assert isinstance(said, kind)
    assert retention_note(place, demanded) == note
    if isinstance(said, Unknown):
        assert said.about is About.RETENTION
        assert said.next_step.startswith("Ask ")


def test_a_provider_without_a_row_is_not_known_to_keep_nothing() -> None:
    """Absent is not fine. Of what one added oneself, one can say it."""
    for is_own, step in ((False, "Ask Lab for zero retention."), (True, "You added it: say so")):
        said = of_retention(None, "Lab", Retention.ZERO, is_own=is_own)
        assert isinstance(said, Unknown)
        assert said.next_step.startswith(step)


@pytest.mark.parametrize("kind", list(OptionKind))
@pytest.mark.parametrize("is_own", [True, False])
def test_what_is_rented_does_not_stand_with_whoever_asks(kind: OptionKind, is_own: bool) -> None:
    """Cards and machines that are owned do, and this computer; an address of one's own may."""
    said = of_home(kind, "It", Grade.PUBLISHED, is_own=is_own)
    if kind in (OptionKind.OWNED, OptionKind.THIS_MACHINE):
        assert said is None
    elif is_own and kind is not OptionKind.RENTED:
        assert isinstance(said, Unknown)
    else:
        assert isinstance(said, Refusal)
        assert said.kind is Obstacle.PLACE
