"""Keeps secrets out of what the worker prints and stores, whoever put them there."""

import io
from typing import Final, TextIO

HIDDEN: Final = "[hidden]"


class Scrubber:
    """Replaces secrets in text."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        # Longest first: a secret may contain another.
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


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
