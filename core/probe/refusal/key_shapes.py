"""What looks like a key, whoever's it is: servers repeat the one that they refuse.

The names of models stay: "text-embedding-3-small" and "BAAI/bge-m3" have no stretch of sixteen
letters and digits mixed. What is no key and looks like one, such as the id of a request, goes, too.
"""

import re
from collections.abc import Iterator
from typing import Final

_KEY: Final = re.compile(
    r"""
    \b(?:sk|pk|rk|nvapi|xai|pplx|key)-[\w\-*.]{6,}              # by the beginning of a key
    | \b(?:sk|pk|gsk|hf|r8|jina|fw|ghp|gho|ghs)_[\w\-*]{6,}
    | \bAIza[\w-]{10,}
    | \beyJ[\w-]{8,}(?:\.[\w-]*)*                               # a JSON web token
    | \b(?:bearer|basic)\s+["']?[^\s"']{6,}                     # by what stands before it
    | (?:key|token|secret|password|passwd|authorization|signature)
      (?:\s+(?:provided|was|is))?["']?\s*[:=]\s*["']?
      (?:bearer\s+)?(?=\S*\d|\S{16})[^\s"',;]{6,}
    | [^\s"']*\*{3,}[^\s"']*                                    # masked by the server itself
    | (?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{16,}  # by chance alone
    | (?<![A-Za-z0-9])[0-9]{16,}
    """,
    re.IGNORECASE | re.VERBOSE,
)


def key_spans(message: str) -> Iterator[tuple[int, int]]:
    """Where something stands that looks like a key."""
    yield from (match.span() for match in _KEY.finditer(message))
