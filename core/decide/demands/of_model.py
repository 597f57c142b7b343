"""What a model must read, and what its weights must allow: languages, length, licence."""

from collections.abc import Sequence
from typing import Final

from core.catalog.schema import ModelCard, Source
from core.decide.demands.demand_words import listed
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.unknown import About, Unknown
from core.grade import Grade
from core.scenario import LANGUAGES, Language, Licence

Finding = Refusal | Unknown
"""A demand is known to be broken, or nobody knows."""

TEST_IT: Final = "Test it on texts of your own, or choose a model that names it."


def of_languages(
    model_id: str | None, model: ModelCard | None, demanded: Sequence[Language]
) -> Finding | None:
    """Whether a model reads the languages of the texts; None where it does, or none is demanded.

    A source that names one language says that the model is of that one. A longer list need not be
    whole, so what it does not name is not known.
    """
    name = model_id or "its model"
    if model is None or not model.languages:
        if not demanded:
            return None
        asked = listed([LANGUAGES[code] for code in demanded])
        sentence = f"Whether {name} reads {asked} is not known: nobody names its languages."
        return Unknown(About.LANGUAGE, 0.0, sentence, TEST_IT)
    missing = [LANGUAGES[code] for code in demanded if code not in model.languages]
    if not missing:
        return None
    source = model.languages_source or model.source
    if len(model.languages) > 1:
        sentence = (
            f"Whether {name} reads {listed(missing)} is not known: {_where(source)} names "
            f"{len(model.languages)} other languages."
        )
        return Unknown(About.LANGUAGE, 0.0, sentence, TEST_IT)
    known = LANGUAGES[model.languages[0]]
    return Refusal(
        Obstacle.LANGUAGE,
        f"{name} is a model of {known} alone ({_where(source)}); your texts are in "
        f"{listed(missing)}.",
        source.grade,
        f"Leave out texts in {listed(missing)}.",
    )


def of_window(
    label: str, max_tokens: int | None, least: int, grade: Grade | None = None
) -> Finding | None:
    """Whether a text of so many tokens is read whole; None where it is, or nothing is demanded.

    ``grade``: of the row that says how much is read.
    """
    if least == 0 or (max_tokens is not None and max_tokens >= least):
        return None
    if max_tokens is None:
        sentence = f"Whether {label} reads {least:,} tokens of a text is not known."
        return Unknown(About.WINDOW, 0.0, sentence, "Ask the provider, or try such a text.")
    return Refusal(
        Obstacle.WINDOW,
        f"It reads {max_tokens:,} tokens of a text; {least:,} must be read whole.",
        grade=grade,
        relax=f"Be content with {max_tokens:,} tokens.",
        times=least / max_tokens,
    )


def of_licence(model: ModelCard | None, demanded: Licence) -> Finding | None:
    """Whether a business may host the weights; None where it may, or nothing is demanded.

    What nobody read is a remark beside the option, unless it must be known. Of a model that the
    catalogue does not have, its owner knows the licence.
    """
    if model is None or demanded is Licence.ANY or model.commercial_self_host:
        return None
    if model.commercial_self_host is False:
        return Refusal(
            Obstacle.LICENCE,
            f"The licence of {model.id} ({model.licence}) forbids commercial self-hosting.",
            model.source.grade,
            "Choose another model for self-hosting, or buy a licence.",
        )
    if demanded is Licence.NOT_FORBIDDEN:
        return None
    sentence = f"Whether a business may host {model.id} ({model.licence}) is not known."
    return Unknown(About.LICENCE, 0.0, sentence, "Read its terms.")


def _where(source: Source) -> str:
    return f"{source.where or 'a judgement'}, {source.as_of}"
