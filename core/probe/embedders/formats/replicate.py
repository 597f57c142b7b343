"""Replicate's predictions: a model of somebody's, run once for each request.

https://replicate.com/docs/topics/predictions/create-a-prediction (three addresses; ``Prefer:
wait=n`` holds the request open for up to 60 s, else the prediction is asked for again),
https://replicate.com/docs/topics/predictions (the prediction object),
https://replicate.com/docs/reference/http (cancelling; the key as a bearer token).

Each model names its own inputs. Embedding models take the texts as one JSON-formatted list, most
under ``texts`` (nateraw/bge-large-en-v1.5), some under another name (``text_batch``,
``texts_json``), and give a list of vectors, a list of objects with an ``embedding``, or an object
with ``embeddings``. What is billed is ``metrics.predict_time``, in seconds.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import orjson
from pydantic import SecretStr

from core.errors import RunError
from core.probe.embedders.bodies.answer_body import answer_in_order, json_object
from core.probe.embedders.formats.json_post import JsonPost
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings, now_ns
from core.probe.refusal.cleaned import cleaned
from core.probe.wire.route import DIRECT, Route
from core.units import NS_PER_SECOND

LONGEST_WAIT_S: Final = 60
"""As long the service holds a request open at most."""
POLL_S: Final = 0.5
"""Pause between two looks, the official client's own default."""
CANCEL_S: Final = 2.0
"""Time for telling the service that nobody waits any more."""
MADE: Final = frozenset({200, 201, 202})
"""Statuses of a prediction that was made or found."""
ENDED: Final = frozenset({"succeeded", "failed", "canceled"})
LONGEST_BILL_S: Final = 86_400.0
MS_PER_SECOND: Final = 1_000.0

_OWNER_AND_NAME: Final = r"[A-Za-z0-9][\w.-]*/[\w.-]+"
_VERSIONED: Final = re.compile(rf"(?:{_OWNER_AND_NAME}:)?([0-9a-f]{{64}})")
_MODEL: Final = re.compile(_OWNER_AND_NAME)
_DEPLOYMENT: Final = re.compile(rf"deployments/{_OWNER_AND_NAME}")
_ID: Final = re.compile(r"[a-z0-9]{1,64}")


class Replicate:
    """Makes one prediction for each request, and waits or asks again until it has ended."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError, or RunError for an impossible key, model or dimensions."""
        if target.dimensions is not None:
            raise RunError("A model on Replicate has its own dimensions: leave them out.")
        self._post = JsonPost(target, key, route=route)
        self._path, self._fields = _place(self._post.base_path, target.wire_model)
        self._input = target.input_field or "texts"
        self._more = target.endpoint.body
        self._echo = _echo(target.wire_model)

    async def open(self) -> None:
        """Load certificates; nothing is sent."""
        self._post.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._post.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One prediction. Raises Fault where it brings no answer, EgressError for a forbidden IP.

        What runs out of time, or is given up, is cancelled there: it would be billed on.
        """
        prediction = _Prediction(self._post, texts, timeout_s, timings)
        inputs = {**self._more, self._input: orjson.dumps(list(texts)).decode()}
        try:
            await prediction.make(self._path, {**self._fields, "input": inputs})
            await prediction.follow()
        except (Fault, asyncio.CancelledError):
            await prediction.give_up()
            raise
        return _read(prediction.document, prediction.reported, texts, echo=self._echo)


class _Prediction:
    """One prediction from its making to its end."""

    def __init__(
        self, post: JsonPost, texts: Sequence[str], timeout_s: float, timings: Timings
    ) -> None:
        self._post = post
        self._texts = texts
        self._timings = timings
        self._timeout_s = timeout_s
        self._deadline_ns = now_ns() + round(timeout_s * NS_PER_SECOND)
        self._path = ""
        self.document: dict[str, Any] = {}
        self.reported = Reported()

    async def make(self, path: str, document: dict[str, Any]) -> None:
        """Ask for it, and wait for its end as long as the service lets us."""
        wait_s = max(1, min(LONGEST_WAIT_S, int(self._timeout_s)))
        body, self.reported = await self._post.exchange(
            "POST",
            path,
            orjson.dumps(document),
            texts=self._texts,
            timeout_s=self._timeout_s,
            timings=self._timings,
            prefer=f"wait={wait_s}",
            right=MADE,
        )
        self._take(body)

    async def follow(self) -> None:
        """Look again until it has ended. Raises Fault (TIMEOUT) at the deadline."""
        while self.document["status"] not in ENDED:
            left_s = self._left_s()
            if left_s <= POLL_S:
                state = "starting" if self.document["status"] == "starting" else "running"
                raise Fault(
                    Outcome.TIMEOUT,
                    f"the prediction was still {state} after {self._timeout_s:g} s",
                    reported=self.reported,
                )
            await asyncio.sleep(POLL_S)
            look = Timings()
            body, self.reported = await self._post.exchange(
                "GET", self._path, texts=self._texts, timeout_s=self._left_s(), timings=look
            )
            self._timings.first_byte_ns = look.first_byte_ns
            self._timings.completed_ns = look.completed_ns
            self._take(body)

    async def give_up(self) -> None:
        """Tell the service, if it knows of the prediction and it has not ended."""
        if not self._path or self.document.get("status") in ENDED:
            return
        with suppress(Fault, asyncio.CancelledError):
            await self._post.exchange(
                "POST", f"{self._path}/cancel", texts=(), timeout_s=CANCEL_S, timings=Timings()
            )

    def _left_s(self) -> float:
        return max(0.001, (self._deadline_ns - now_ns()) / NS_PER_SECOND)

    def _take(self, body: bytes) -> None:
        """Keep what was said. The address of the next look is ours, never one that is sent."""
        document = json_object(body)
        prediction_id, status = document.get("id"), document.get("status")
        if not isinstance(status, str):
            raise Fault(Outcome.BAD_JSON, "the JSON has no 'status'", reported=self.reported)
        if not isinstance(prediction_id, str) or not _ID.fullmatch(prediction_id):
            raise Fault(Outcome.BAD_JSON, "the JSON has no 'id'", reported=self.reported)
        self._path = f"{self._post.base_path}/predictions/{prediction_id}"
        self.document = document


def _place(base: str, model: str) -> tuple[str, dict[str, str]]:
    """Path and fields by which a model is asked for. Raises RunError."""
    versioned = _VERSIONED.fullmatch(model)
    if versioned:
        return f"{base}/predictions", {"version": versioned[1]}
    if _DEPLOYMENT.fullmatch(model):
        return f"{base}/{quote(model)}/predictions", {}
    if _MODEL.fullmatch(model):
        return f"{base}/models/{quote(model)}/predictions", {}
    raise RunError(
        f"{model} names no model on Replicate: give owner/name:version, owner/name for an "
        "official model, or deployments/owner/name."
    )


def _echo(model: str) -> str:
    """The field of a prediction that repeats what was asked for; a deployment repeats nothing."""
    if model.startswith("deployments/"):
        return ""
    return "model" if "/" in model else "version"


def _read(
    document: dict[str, Any], reported: Reported, texts: Sequence[str], *, echo: str
) -> Answer:
    """The vectors of a prediction that has ended. Raises Fault."""
    reported = _with_metrics(reported, document.get("metrics"))
    if document["status"] != "succeeded":
        words = "failed" if document["status"] == "failed" else "was cancelled by the service"
        sentence = cleaned(str(document.get("error") or ""), texts)
        raise Fault(
            Outcome.ERROR_IN_BODY,
            f"the prediction {words}",
            reported=replace(reported, said=sentence),
        )
    try:
        answer = answer_in_order(_values(document.get("output")), reported)
    except Fault as fault:
        raise Fault(fault.outcome, fault.detail, reported=reported) from None
    model = document.get(echo)
    return Answer(
        answer.vectors,
        answer.positions,
        model=model if isinstance(model, str) else None,
        reported=reported,
    )


def _values(output: Any) -> list[Any]:
    """The vectors, however the model wraps them. Raises Fault."""
    if isinstance(output, dict):
        output = output.get("embeddings")
    if not isinstance(output, list):
        raise Fault(Outcome.BAD_JSON, "the output is no list of vectors")
    return [item.get("embedding") if isinstance(item, dict) else item for item in output]


def _with_metrics(reported: Reported, metrics: Any) -> Reported:
    """The times that a prediction states of itself; the billed one in seconds."""
    times = metrics if isinstance(metrics, dict) else {}
    predict_s, total_s = _seconds(times.get("predict_time")), _seconds(times.get("total_time"))
    queue_s = None if predict_s is None or total_s is None else max(0.0, total_s - predict_s)
    return Reported(
        http_status=reported.http_status,
        server_ms=_ms(total_s if total_s is not None else predict_s),
        server_queue_ms=_ms(queue_s),
        server_inference_ms=_ms(predict_s),
        billed_s=predict_s,
    )


def _seconds(value: Any) -> float | None:
    """A time of 0 or more that can be; NaN compares as False."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= LONGEST_BILL_S else None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * MS_PER_SECOND
