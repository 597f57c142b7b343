"""The shapes in which a secret may come back: as it is, in an address, encoded."""

import base64
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

NAMES_A_PASSWORD: Final = re.compile("pass", re.IGNORECASE)
"""Of an address's options: password, sslpassword, passwd."""


def secrets_in(secret: str) -> Iterator[str]:
    """The secret, or of an address what of it is secret: the passwords."""
    if "://" not in secret:
        yield secret
        return
    try:
        parts = urlsplit(secret)
        passwords = [parts.password or ""]
    except ValueError:  # brackets that are no IPv6 address
        yield secret
        return
    passwords += [value for name, value in parse_qsl(parts.query) if NAMES_A_PASSWORD.search(name)]
    for password in filter(None, passwords):
        yield password
        yield unquote(password)


def encoded(secret: str) -> Iterator[str]:
    """The same in base64 at each alignment, percent-encoded, in hexadecimal, and inside JSON."""
    data = secret.encode()
    yield data.hex()
    yield quote(secret, safe="")
    yield secret.replace("\\", "\\\\").replace('"', '\\"')
    for before in range(3):
        text = base64.b64encode(bytes(before) + data).decode().rstrip("=")
        # The characters at the ends depend on what stands beside the secret.
        end = len(text) if (before + len(data)) % 3 == 0 else -1
        inner = text[(0, 2, 3)[before] : end]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")
