"""What a model is asked: its languages, the length that it reads whole, its licence."""

import pytest

from core.catalog.schema import Catalog
from core.decide.demands.of_model import of_languages, of_licence, of_window
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.unknown import About, Unknown
from core.grade import Grade
from core.scenario import Language, Licence


@pytest.mark.parametrize(
    ("model", "demanded", "kind"),
    [
        ("BAAI/bge-large-en-v1.5", ("de",), Refusal),
        ("BAAI/bge-large-en-v1.5", ("en",), type(None)),
        ("BAAI/bge-large-en-v1.5", (), type(None)),
        ("BAAI/bge-m3", ("de", "fr"), type(None)),
        ("BAAI/bge-m3", ("pl",), Unknown),  # the list that is known of it need not be whole
        ("openai/text-embedding-3-small", ("de",), Unknown),  # nobody names its languages
        ("nobody/knows", ("de",), Unknown),
        ("nobody/knows", (), type(None)),
    ],
)
def test_a_model_of_one_other_language_is_out_and_an_unnamed_one_not_known(
    catalog: Catalog, model: str, demanded: tuple[Language, ...], kind: type
) -> None:
    """Whoever names one language says that the model is of that one."""
    said = of_languages(model, catalog.model(model), demanded)
    assert isinstance(said, kind)
    if isinstance(said, Refusal):
        assert (said.kind, said.grade) == (Obstacle.LANGUAGE, Grade.PUBLISHED)
        assert "English alone (PyPI: mteb 2.26.24" in said.sentence
    if isinstance(said, Unknown):
        assert (said.about, said.above_tokens_per_month) == (About.LANGUAGE, 0.0)


def test_every_language_of_the_catalogue_stands_on_one_source(catalog: Catalog) -> None:
    """Codes once each, and never without saying who names them."""
    named = [model for model in catalog.models if model.languages]
    assert len(named) >= 70
    for model in named:
        assert (model.languages_source or model.source).package == "mteb"
        assert len(set(model.languages)) == len(model.languages)


@pytest.mark.parametrize(
    ("reads", "least", "kind"),
    [(512, 0, type(None)), (512, 512, type(None)), (512, 513, Refusal), (None, 1, Unknown)],
)
def test_a_length_is_read_whole_or_not_or_nobody_knows(
    reads: int | None, least: int, kind: type
) -> None:
    """Exactly as long is whole; without a limit that anybody states it is not known."""
    said = of_window("It", reads, least)
    assert isinstance(said, kind)
    if isinstance(said, Refusal):
        assert said.relax == "Be content with 512 tokens."


@pytest.mark.parametrize(
    ("allowed", "demanded", "kind"),
    [
        (True, Licence.KNOWN, type(None)),
        (None, Licence.KNOWN, Unknown),
        (None, Licence.NOT_FORBIDDEN, type(None)),
        (False, Licence.NOT_FORBIDDEN, Refusal),
        (False, Licence.KNOWN, Refusal),
        (False, Licence.ANY, type(None)),
    ],
)
def test_a_licence_that_nobody_read_matters_where_it_must_be_known(
    catalog: Catalog, allowed: bool | None, demanded: Licence, kind: type
) -> None:
    """What is known to be forbidden is out for any business."""
    model = catalog.model("BAAI/bge-m3")
    assert model is not None
    judged = model.model_copy(update={"commercial_self_host": allowed})
    assert isinstance(of_licence(judged, demanded), kind)
    assert of_licence(None, demanded) is None
