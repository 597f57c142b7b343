"""How each fault of the test server must end, whatever wire format meets it: told here alone."""

from typing import Final

from core.probe.records.sample import Outcome

IN_EVERY_FORMAT: Final = {
    "400": Outcome.HTTP_ERROR,
    "401": Outcome.UNAUTHORISED,
    "403": Outcome.UNAUTHORISED,
    "404": Outcome.HTTP_ERROR,
    "429": Outcome.RATE_LIMITED,
    "429_date": Outcome.RATE_LIMITED,
    "500": Outcome.SERVER_ERROR,
    "503": Outcome.SERVER_ERROR,
    "hang": Outcome.TIMEOUT,
    "drip_header": Outcome.TIMEOUT,
    "drip_body": Outcome.TIMEOUT,
    "reset": Outcome.RESET,
    "short_body": Outcome.RESET,
    "short_header": Outcome.RESET,
    "close_unanswered": Outcome.STALE_CONNECTION,  # the connection was used before
    "bad_json": Outcome.BAD_JSON,
    "json_list": Outcome.BAD_JSON,
    "deep_json": Outcome.BAD_JSON,
    "html": Outcome.BAD_JSON,
    "empty": Outcome.BAD_JSON,
    "error_object": Outcome.ERROR_IN_BODY,
    "no_data": Outcome.BAD_JSON,
    "fewer": Outcome.WRONG_COUNT,
    "more": Outcome.WRONG_COUNT,
    "null_vector": Outcome.MISSING_VECTOR,
    "text_vector": Outcome.MISSING_VECTOR,
    "nested_vector": Outcome.MISSING_VECTOR,
    "cut_base64": Outcome.MISSING_VECTOR,
    "null_component": Outcome.NOT_FINITE,
    "nan": Outcome.NOT_FINITE,
    "infinity": Outcome.NOT_FINITE,
    "wrong_dims": Outcome.WRONG_DIMENSIONS,
    "empty_vector": Outcome.WRONG_DIMENSIONS,
    "zeros": Outcome.ZERO_NORM,
    "swapped_silently": Outcome.UNSTABLE_VECTOR,
    "unstable": Outcome.UNSTABLE_VECTOR,
    "bad_gzip": Outcome.BAD_HTTP,
    "cut_gzip": Outcome.BAD_HTTP,
    "redirect": Outcome.REDIRECT,
    "redirect_loop": Outcome.REDIRECT,
    "redirect_elsewhere": Outcome.REDIRECT,
    "conflicting_length": Outcome.BAD_HTTP,
    "endless_header": Outcome.TOO_LARGE,
    "no_length": Outcome.BAD_HTTP,
    "bare_lf": Outcome.BAD_HTTP,
    "not_http": Outcome.BAD_HTTP,
}
"""What every wire format meets, and is asked for in every one."""

BELOW_THE_BODY: Final = {
    *("hang", "drip_header", "drip_body", "reset", "short_body", "short_header"),
    *("close_unanswered", "bad_gzip", "cut_gzip", "redirect", "redirect_loop"),
    *("redirect_elsewhere", "conflicting_length", "endless_header", "no_length", "bare_lf"),
    *("not_http", "500", "503", "403", "429_date"),
}
"""Of these no reader of a format sees anything."""

OF_THE_WIRE: Final = {
    "402": Outcome.NO_CREDIT,
    "408": Outcome.HTTP_ERROR,
    "529": Outcome.SERVER_ERROR,
    "big_integers": Outcome.NOT_FINITE,
    "true_vector": Outcome.MISSING_VECTOR,
    "object_vector": Outcome.MISSING_VECTOR,
    "bad_utf8": Outcome.BAD_JSON,
    "hang_after_head": Outcome.TIMEOUT,
    "hang_in_body": Outcome.TIMEOUT,
    "drip_chunks": Outcome.TIMEOUT,
    "drip_interim": Outcome.TIMEOUT,
    "both_lengths": Outcome.BAD_HTTP,
    "absurd_length": Outcome.TOO_LARGE,
    "overflowing_length": Outcome.BAD_HTTP,
    "negative_length": Outcome.BAD_HTTP,
    "bad_chunk": Outcome.BAD_HTTP,
    "reset_at_once": Outcome.STALE_CONNECTION,  # the connection was used before
    "switch": Outcome.BAD_HTTP,
    "endless_interim": Outcome.TOO_LARGE,
    "no_content": Outcome.BAD_HTTP,
    "deflate": Outcome.BAD_HTTP,
    "nested_gzip": Outcome.BAD_HTTP,
    "huge_body": Outcome.TOO_LARGE,
    "huge_chunks": Outcome.TOO_LARGE,
    "gzip_bomb": Outcome.TOO_LARGE,
    "endless_trailer": Outcome.TOO_LARGE,
    "long_header": Outcome.TOO_LARGE,
}
"""What every wire format meets in the same code: driven once, with OpenAI's format."""

WITH_AN_INDEX: Final = {"no_index": Outcome.WRONG_ORDER}
WITH_A_MODEL: Final = {"other_model": Outcome.WRONG_MODEL}
WITH_TOKENS: Final = dict.fromkeys(("usage_absurd", "usage_negative"), Outcome.IMPLAUSIBLE_USAGE)
"""What only a format meets whose answers state a place, a model, a count of tokens."""

RIGHT: Final = {
    *("split", "interim", "chunked", "gzip", "extra_bytes", "idle_close", "no_usage"),
    *("trailer", "absurd_headers"),
}
"""Unusual but right answers."""

SEEN_BY_AN_INSPECTION: Final = {"truncating", "limited", "coarse_numbers"}

SLOW: Final = {
    "hang",
    "hang_after_head",
    "hang_in_body",
    "drip_header",
    "drip_body",
    "drip_chunks",
    "drip_interim",
}
"""What ends by the time limit alone: a test gives it a short one."""
