"""Replicate's predictions on loopback: made, waited for, looked at, cancelled.

https://replicate.com/docs/reference/http , https://replicate.com/docs/topics/predictions
Written without the product's own code, so that the two cannot share a mistake.
"""

import asyncio
import itertools
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.servers.embeddings import vector_of

KEY = "r8_right"
VERSION = "9cf9f015a9cb9c61d1a2610659cdac4a4ca222f2d3707a68517b18c198a9add1"
DIMS = 8


@dataclass
class Ran:
    """One prediction as the server has it."""

    ident: str
    model: str
    texts: list[str]
    made_s: float
    ends_s: float
    cancelled: bool = False
    looks: int = 0


@dataclass
class ReplicateServer:
    """Runs in a thread. ``with ReplicateServer() as server: server.base_url``."""

    takes_s: float = 0.05
    """How long a prediction runs."""
    queue_s: float = 0.0
    """How long it is "starting" before that."""
    input_field: str = "texts"
    shape: str = "lists"
    """How the model wraps its vectors: lists, objects, embeddings."""
    ends_as: str = "succeeded"
    waits: bool = True
    """Whether Prefer: wait is honoured; else every prediction must be looked at."""
    metrics: dict[str, Any] | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    """Fields of the prediction that are other than they should be."""
    ran: dict[str, Ran] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Method and path of every request."""

    def __enter__(self) -> Self:
        routes = [
            Route("/v1/predictions", self._make, methods=["POST"]),
            Route("/v1/models/{owner}/{name}/predictions", self._make, methods=["POST"]),
            Route("/v1/deployments/{owner}/{name}/predictions", self._make, methods=["POST"]),
            Route("/v1/predictions/{ident}", self._look),
            Route("/v1/predictions/{ident}/cancel", self._cancel, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=0, log_level="error", lifespan="off", ws="none"
        )
        self._numbers = itertools.count()
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._server.started:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(30)

    @property
    def base_url(self) -> str:
        """What a client is given, with /v1."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def _make(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        model = self._model(request, body)
        texts = json.loads(body.get("input", {}).get(self.input_field, "null"))
        if model is None or not isinstance(texts, list):
            return JSONResponse({"detail": "- input is invalid", "status": 422}, 422)
        now = time.monotonic()
        ran = Ran(f"gm3qorz{next(self._numbers)}", model, texts, now, now + self._whole_s)
        self.ran[ran.ident] = ran
        prefer = re.fullmatch(r"wait(?:=(\d+))?", request.headers.get("prefer", ""))
        if prefer and self.waits:
            await asyncio.sleep(min(self._whole_s, float(prefer[1] or 60)))
        return JSONResponse(self._prediction(ran), 201)

    async def _look(self, request: Request) -> Response:
        ran = self.ran.get(request.path_params["ident"])
        refusal = self._refusal(request)
        if refusal is not None or ran is None:
            return refusal or JSONResponse({"detail": "Not found", "status": 404}, 404)
        ran.looks += 1
        return JSONResponse(self._prediction(ran))

    async def _cancel(self, request: Request) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        ran = self.ran[request.path_params["ident"]]
        ran.cancelled = True
        return JSONResponse(self._prediction(ran))

    @property
    def _whole_s(self) -> float:
        return self.queue_s + self.takes_s

    def _refusal(self, request: Request) -> Response | None:
        self.asked.append(f"{request.method} {request.url.path}")
        if request.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return JSONResponse({"title": "Unauthenticated", "detail": "x", "status": 401}, 401)

    @staticmethod
    def _model(request: Request, body: dict[str, Any]) -> str | None:
        if "owner" in request.path_params:
            known = {"input"}
            model = "{owner}/{name}".format(**request.path_params)
        else:
            known = {"input", "version"}
            version = str(body.get("version")).rpartition(":")[2]
            if version != VERSION:
                return None
            model = "nateraw/bge-large-en-v1.5"
        return model if set(body) <= known else None

    def _prediction(self, ran: Ran) -> dict[str, Any]:
        now = time.monotonic()
        ended = now >= ran.ends_s
        status = self.ends_as if ended else "processing"
        if now < ran.made_s + self.queue_s:
            status = "starting"
        if ran.cancelled:
            status = "canceled"
        at = f"http://127.0.0.1:{self.port}/v1/predictions/{ran.ident}"
        succeeded = status == "succeeded"
        times = {"predict_time": self.takes_s, "total_time": self._whole_s}
        return {
            "id": ran.ident,
            "model": ran.model,
            "version": VERSION,
            "input": {self.input_field: json.dumps(ran.texts)},
            "logs": "",
            "output": self._output(ran.texts) if succeeded else None,
            "error": "CUDA out of memory" if status == "failed" else None,
            "status": status,
            "created_at": "2026-11-23T16:19:34.765994Z",
            "started_at": None if status == "starting" else "2026-11-23T16:19:34.779176Z",
            "completed_at": "2026-11-23T16:19:34.791859Z" if ended else None,
            "metrics": (times if self.metrics is None else self.metrics) if ended else {},
            "urls": {"get": at, "cancel": f"{at}/cancel"},
        } | self.changes

    def _output(self, texts: list[str]) -> Any:
        vectors = [vector_of(text, DIMS).tolist() for text in texts]
        if self.shape == "objects":
            return [{"embedding": vector} for vector in vectors]
        return {"embeddings": vectors} if self.shape == "embeddings" else vectors
