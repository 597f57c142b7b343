"""What a person demands besides being cheap, and what is out without it."""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, Field, field_validator

from core.scenario.knobs import STRICT, Choice, Knob

MOST_BUDGET_USD: Final = 1e12
"""USD a month. Nobody pays more: a budget above is a slip."""

Language = Literal[
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro",
    "ru", "sk", "sl", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
]  # fmt: skip
"""Languages that may be demanded, by their ISO 639-1 codes."""

LANGUAGES: Final[dict[Language, str]] = dict(
    zip(
        get_args(Language),
        (
            *("Arabic", "Bulgarian", "Bengali", "Czech", "Danish", "German", "Greek", "English"),
            *("Spanish", "Estonian", "Persian", "Finnish", "French", "Hebrew", "Hindi", "Croatian"),
            *("Hungarian", "Indonesian", "Italian", "Japanese", "Korean", "Lithuanian", "Latvian"),
            *("Dutch", "Norwegian", "Polish", "Portuguese", "Romanian", "Russian", "Slovak"),
            *("Slovenian", "Serbian", "Swedish", "Swahili", "Tamil", "Telugu", "Thai", "Turkish"),
            *("Ukrainian", "Urdu", "Vietnamese", "Chinese"),
        ),
        strict=True,
    )
)
"""What each is called."""


class Retention(StrEnum):
    """Whether a provider may keep texts after the answer."""

    ALLOWED = ""
    ZERO = "zero"
    APPROVED = "approved"
    """Zero, and who grants it on approval alone has approved this account."""


class Licence(StrEnum):
    """What the licence of weights that one hosts must allow."""

    ANY = "any"
    NOT_FORBIDDEN = "business"
    """A business may host them as far as anybody knows: what is known to be forbidden is out."""
    KNOWN = "known"
    """It must be known that a business may."""


class Demands(BaseModel):
    """What an option must satisfy, whatever it costs.

    The defaults rule out weights alone whose licence is known to forbid a business to host them.
    """

    model_config = STRICT

    budget_usd_per_month: Annotated[
        float | None,
        Field(
            ge=0,
            le=MOST_BUDGET_USD,
            description="A month's bill, at most. What costs more at your volume is out. What the "
            "bill leaves out (moving, embedding a corpus) is not held against it. Empty: any bill.",
        ),
    ] = None
    retention: Annotated[
        Retention,
        Field(
            description="Whether a provider may keep your texts after the answer. Who keeps them "
            "is out; of whom nobody knows it, that must be asked first. Of machines that you run "
            "you decide yourself, rented ones too."
        ),
        Choice(
            "Providers may keep texts",
            "keep",
            (
                (Retention.ALLOWED, "yes"),
                (Retention.ZERO, "no (zero retention)"),
                (Retention.APPROVED, "no, and my account is approved for it where that is needed"),
            ),
        ),
    ] = Retention.ALLOWED
    languages: Annotated[
        tuple[Language, ...],
        Field(
            max_length=len(LANGUAGES),
            description="Languages that your texts are in. A model of another language alone is "
            "out; where nobody says that a model reads one of them, that must be tested first. "
            "Empty: not asked.",
        ),
    ] = ()
    least_tokens: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000,
            description="Length of a text that a model must read whole, at least. 0: not asked; "
            "what is cut off is then judged by the share of all tokens.",
        ),
        Knob("Text to be read whole", "tokens", "whole", 512),
    ] = 0
    licence: Annotated[
        Licence,
        Field(
            description="What the licence of weights that you host must allow. Where nobody read "
            "its terms, that is a remark beside the option, unless it must be known."
        ),
        Choice(
            "Weights that I host are for",
            "licence",
            (
                (Licence.ANY, "any use: research, private"),
                (Licence.NOT_FORBIDDEN, "business, if it is not known to be forbidden"),
                (Licence.KNOWN, "business, and that must be known to be allowed"),
            ),
        ),
    ] = Licence.NOT_FORBIDDEN

    @field_validator("languages", mode="before")
    @classmethod
    def _known(cls, languages: Any) -> Any:
        for code in languages if isinstance(languages, list | tuple) else ():
            if code not in LANGUAGES:
                there = ", ".join(LANGUAGES)
                raise ValueError(f"no language {str(code)[:20]!r}; there are: {there}")
        return languages

    @field_validator("languages")
    @classmethod
    def _each_once(cls, languages: tuple[Language, ...]) -> tuple[Language, ...]:
        return tuple(sorted(set(languages)))
