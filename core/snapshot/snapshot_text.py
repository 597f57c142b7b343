"""A question as a text for a link or a file, and back; what is hostile is refused.

The text is ``bq1.`` and the JSON of the question, compressed and in base64url. Whoever reads it
trusts none of it: its length, what it unpacks to, its version, its form and its values are checked.
"""

import base64
import binascii
import re
import zlib
from typing import Final

from pydantic import ValidationError

from core.errors import ModelInputError, ScenarioError
from core.refusals import first_fault
from core.snapshot.asked_question import Question

PREFIX: Final = "bq"
FORM: Final = 1
"""Of the text."""
MOST_IN_LINK: Final = 8_192
"""Characters that a link holds: most servers and browsers take as many."""
MOST_IN_FILE: Final = 1_000_000
MOST_UNPACKED: Final = 4_000_000
"""Bytes of JSON; a question of 24 options has some 6,000."""

_TEXT: Final = re.compile(r"([a-z]{1,8})(\d{1,6})\.([A-Za-z0-9_-]+)={0,2}", re.ASCII)


def snapshot_text(question: Question) -> str:
    """The question as a text, however long."""
    document = question.model_dump_json(exclude_defaults=True).encode()
    packed = base64.urlsafe_b64encode(zlib.compress(document, 9)).decode("ascii").rstrip("=")
    return f"{PREFIX}{FORM}.{packed}"


def link_text(question: Question) -> str:
    """The same for a link. Raises ScenarioError where it is too long for one."""
    text = snapshot_text(question)
    if len(text) > MOST_IN_LINK:
        raise ScenarioError(
            f"This question has {len(text):,} characters, and a link holds {MOST_IN_LINK:,}: "
            "export it to a file."
        )
    return text


def read_snapshot(text: str, where: str, most: int = MOST_IN_FILE) -> Question:
    """The question in a text. ``where``: what a sentence calls it. Raises ScenarioError."""
    if len(text) > most:
        raise ScenarioError(f"{where} has more than {most:,} characters: it holds no question.")
    match = _TEXT.fullmatch(text.strip())
    if match is None or match[1] != PREFIX:
        raise ScenarioError(
            f"{where} holds no question: it begins with {PREFIX}{FORM}. and has no blanks."
        )
    if int(match[2]) != FORM:
        raise ScenarioError(
            f"{where} holds a question of form {int(match[2])}, and this version reads form "
            f"{FORM}: update Breakeven, or export the question again."
        )
    return _question(_unpacked(match[3], where), where)


def _unpacked(packed: str, where: str) -> bytes:
    """The JSON; no more of it is unpacked than a question may have."""
    try:
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        reader = zlib.decompressobj()
        document = reader.decompress(data, MOST_UNPACKED)
    except (binascii.Error, zlib.error):
        raise ScenarioError(f"{where} is damaged: copy the whole of it.") from None
    if reader.unconsumed_tail:
        raise ScenarioError(f"{where} unpacks to more than {MOST_UNPACKED / 1e6:g} MB: refused.")
    if not reader.eof or reader.unused_data:
        raise ScenarioError(f"{where} is damaged: copy the whole of it.")
    return document


def _question(document: bytes, where: str) -> Question:
    try:
        return Question.model_validate_json(document)
    except ValidationError as error:
        fault = first_fault(error, Question)
        raise ScenarioError(f"{where} holds a question that cannot be asked: {fault}.") from None
    except ModelInputError as error:
        raise ScenarioError(f"{where} holds a question that cannot be asked: {error}.") from None
