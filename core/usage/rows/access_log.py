"""Lines of an access log as nginx and Apache write them by default.

Formats: "combined", https://nginx.org/en/docs/http/ngx_http_log_module.html, and
https://httpd.apache.org/docs/2.4/logs.html#combined. Neither says how long a text is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

_LINE: Final = re.compile(
    rb'\S+ \S+ \S+ \[(?P<time>[^\]"]{1,40})\] "(?P<method>[A-Z]{1,10}) (?P<path>[^ "]{1,2000})'
    rb'[^"]{0,40}" (?P<status>\d{3})'
)


def is_access_log(content: bytes, start: int) -> bool:
    """Whether a file begins as one."""
    return _LINE.match(content, start) is not None


def access_log_rows(
    content: bytes, lines: Iterator[tuple[int, int]]
) -> Iterator[Mapping[str, object]]:
    """A row for each line; one that is no request has nothing in it."""
    for start, end in lines:
        match = _LINE.match(content, start, end)
        if match is None:
            yield {}
            continue
        path = match["path"].partition(b"?")[0]  # what stands behind may be a secret
        yield {
            "time_local": match["time"].decode("ascii", "replace"),
            "request_path": f"{match['method'].decode()} {path.decode('ascii', 'replace')[:80]}",
            "http_status": match["status"].decode(),
        }
