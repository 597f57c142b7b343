"""What a browser may do with the page: headers of every answer."""

import base64
import hashlib
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import streamlit

INDEX: Final = Path(streamlit.__file__).parent / "static" / "index.html"


@cache
def safety_headers() -> tuple[tuple[bytes, bytes], ...]:
    """Headers that keep the page to itself.

    No other site can read it or put it into a frame (clickjacking), and nothing in it can load
    from, or send to, any place but the page's own address. A link to another site still opens,
    but sends no referrer.
    """
    return (
        (b"content-security-policy", _content_policy().encode()),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    )


def _content_policy() -> str:
    """As little as Streamlit's browser part needs; ``blob:`` is what the page itself has made."""
    policy = {
        "default-src": "'self'",
        "script-src": f"'self' blob: {_inline_scripts()}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def _inline_scripts() -> str:
    """The scripts that Streamlit's own page has within it, each by its hash: no other may run."""
    reader = _InlineScripts()
    reader.feed(INDEX.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(script.encode()).digest() for script in reader.scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


class _InlineScripts(HTMLParser):
    """Collects the text of every script that has no address."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False
