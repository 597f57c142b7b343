"""Redaction: secrets, and parts of them, are kept out of all that is printed and stored."""

import io
import re
import string
from collections.abc import Iterable
from typing import Any, Final, TextIO

from core.runs.secrets.secret_forms import encoded, secrets_in

HIDDEN: Final = "[hidden]"
PART: Final = 8
"""So many characters of a secret in a row, or more, are hidden wherever they stand."""
LEAST: Final = 3
"""A shorter secret is none: it stands in every text by chance."""

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
"""Lower case that keeps every place: str.lower makes two characters of some."""
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
"""A number as our own sentences write it: 12,345,678."""
_NUMBER: Final = frozenset("0123456789.e+-")


class Scrubber:
    """Replaces secrets in text: as a whole, in parts of eight characters or more, encoded.

    Upper and lower case count for the same. A text costs the same time however many secrets.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._wholes: set[str] = set()
        """Patterns of what is looked for as a whole: addresses, for their parts are common words,
        and the short, as words of their own: a server that wants no key gets "none"."""
        self._parts: set[str] = set()
        for secret in secrets:
            if "://" in secret:
                self._wholes.add(re.escape(secret.translate(_LOWER)))
            for one in secrets_in(secret):
                self._learn(one)
        self._in_numbers = any(_NUMBER.issuperset(part) for part in self._parts)

    def _learn(self, secret: str) -> None:
        low = secret.translate(_LOWER)
        if len(low) < PART:
            if len(low) >= LEAST:
                self._wholes.add(rf"(?<!\w){re.escape(low)}(?!\w)")
            return
        for form in (low, *(form.translate(_LOWER) for form in encoded(secret))):
            self._parts.update(form[i : i + PART] for i in range(len(form) - PART + 1))

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        pieces, end = [], 0
        for start, stop in _merged(self._spans(text.translate(_LOWER))):
            pieces += [text[end:start], HIDDEN]
            end = stop
        return "".join((*pieces, text[end:])) if pieces else text

    def tree(self, value: Any) -> Any:
        """A JSON value with each text in it scrubbed."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, list):
            return [self.tree(entry) for entry in value]
        if isinstance(value, dict):
            return {name: self.tree(entry) for name, entry in value.items()}
        return value

    def number(self, value: float | None) -> float | None:
        """A number that somebody else stated; None where its digits are a part of a secret."""
        if value is None or not self._in_numbers:
            return value
        return value if self(written := repr(value)) == written else None

    def _spans(self, low: str) -> list[tuple[int, int]]:
        numbers = _GROUPED.finditer(low) if self._in_numbers else ()
        wholes = (m for whole in self._wholes for m in re.finditer(whole, low))
        found = [(i, i + PART) for i in self._places(low)]
        found += [m.span() for m in numbers if self._places(m[0].replace(",", ""))]
        return sorted([*found, *(m.span() for m in wholes)])

    def _places(self, low: str) -> list[int]:
        """Where a part begins."""
        windows = range(len(low) - PART + 1) if self._parts else ()
        return [i for i in windows if low[i : i + PART] in self._parts]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch, as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


class ScrubbedStream(io.TextIOBase):
    """A stream for print, warnings and tracebacks that hides secrets.

    Writes whole lines, so that a secret which comes in two pieces is found.
    """

    def __init__(self, stream: TextIO, scrub: Scrubber) -> None:
        self._stream = stream
        self._scrub = scrub
        self._rest = ""

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, text: str) -> int:
        """Write what is complete."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._stream.write(self._scrub(line) + "\n")
        return len(text)

    def flush(self) -> None:
        """Pass on what is written; a line that is not complete waits, it may be half a secret."""
        self._stream.flush()

    def finish(self) -> None:
        """Write the last line, too: nothing more will come."""
        self._stream.write(self._scrub(self._rest))
        self._rest = ""
        self._stream.flush()
