"""What an endpoint does to texts, beyond answering them: asked with texts made for the purpose."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from core.plain_text import Few, Sentence


class Inspection(BaseModel):
    """Findings of one inspection. None: not asked, or no answer to judge by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repeat_cosine: float | None = None
    """Of the same text, sent twice."""
    encoding_difference: float | None = None
    """Largest difference of a component between base64 and JSON numbers."""
    reads_characters: int | None = None
    """Length of the longest text whose end was seen to matter."""
    truncation: Literal["none_seen", "silent", "refused"] | None = None
    """What becomes of a text that is too long: cut without a word, or refused with one."""
    truncation_characters: int | None = None
    """Length at which that was seen."""
    fresh_p50_s: float | None = None
    """Median service time of texts that were never sent before."""
    repeated_p50_s: float | None = None
    """Of one text, sent again and again between them."""
    cached: bool | None = None
    """Whether repeats were all quicker than fresh texts, and clearly so."""
    sentences: Annotated[tuple[Sentence, ...], Few(20)] = ()
    """The findings that a reader must know."""
