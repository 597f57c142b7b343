"""An exported model through ONNX Runtime on the CPU. Needs neither torch nor transformers."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engines.common.batch_groups import length_sorted
from core.engines.common.engine_faults import in_sentences, is_out_of_memory
from core.engines.common.info import EngineInfo
from core.engines.common.token_rows import Rows, cut_at, padded, rows_of
from core.engines.onnx_cpu.onnx_cache import GRAPH, TOKENIZER, Manifest

BATCH_TOKENS: Final = 1_024
"""Tokens that run together. More fall out of the processor's caches: on two cores 32 texts of 128
tokens took 8 % less time in four such batches than in one."""
SHARED_TOKENS: Final = 2_048
"""From this many tokens on, batches run at once: fewer cannot be shared evenly, and one thread
would wait for the other's last text."""
LEAST_SHARE: Final = 256
"""Fewer tokens are not worth a batch of their own."""
SIDE_BY_SIDE_BYTES: Final = 500_000_000
"""A second session holds the weights a second time: larger models go without."""
SPIN_US: Final = 50
BOUNDED_SPIN_SINCE: Final = (1, 32)
"""The version with which this was tried; older ones may take the limit for none."""


class OnnxEngine:
    """A loaded graph. One call at a time."""

    def __init__(
        self,
        session: Any,
        tokenizer: Any,
        manifest: Manifest,
        info: EngineInfo,
        side_by_side: Callable[[], Any] | None = None,
    ) -> None:
        self._session = session
        self._open_side_by_side = side_by_side
        """Opens a session of one thread, in which several batches run at once; None: one after
        another. Threads that share a batch meet after every operation, those with one each never.

        Opened when it is first needed: the first number does not wait for it.
        """
        self._side_by_side: Any = None
        self._pool = ThreadPoolExecutor(info.threads, thread_name_prefix="batch")
        self._tokenizer = tokenizer
        self._manifest = manifest
        self._batch_tokens = max(BATCH_TOKENS, manifest.max_tokens)
        self.info = info
        self.notes: list[str] = []
        """Sentences about what had to be changed on the way."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (texts, dims), float32. Raises EngineError."""
        with in_sentences(f"embedding {len(texts)} texts on the CPU"):
            rows = self._rows(texts)
            while True:
                try:
                    return self._in_batches(rows)
                except Exception as error:
                    if not is_out_of_memory(error) or not self._halve():
                        raise

    def embed_in_one_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same in one pass, however large. Raises EngineError where the memory is too small."""
        with in_sentences(f"embedding {len(texts)} texts in one batch on the CPU"):
            return self._pass(self._rows(texts), self._session)

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens that the model processes for these texts: truncated, special tokens counted."""
        with in_sentences(f"counting tokens of {len(texts)} texts"):
            return sum(map(len, self._rows(texts)))

    def warm_up(self, text: str, most_texts: int) -> None:
        """The smallest and the largest batch of such texts, once."""
        self.embed([text])
        self.embed([text] * most_texts)

    def _rows(self, texts: Sequence[str]) -> Rows:
        return rows_of(self._tokenizer, texts, self._manifest.layout.prompt)

    def _in_batches(self, rows: Rows) -> NDArray[np.float32]:
        vectors = np.empty((len(rows), self.info.dims), np.float32)
        lengths = [len(row) for row in rows]
        beside = self._session_beside(sum(lengths))
        batches = length_sorted(
            lengths, self._most_tokens(sum(lengths), beside), self.info.batch_texts
        )

        def run(batch: list[int], session: Any) -> None:
            vectors[batch] = self._pass([rows[i] for i in batch], session)

        if beside is None:
            for batch in batches:
                run(batch, self._session)
        else:
            list(self._pool.map(partial(run, session=beside), batches))
        return vectors

    def _session_beside(self, tokens: int) -> Any:
        """The session for batches at once, where there are enough tokens to share them evenly."""
        if self._open_side_by_side is None or tokens < SHARED_TOKENS:
            return None
        if self._side_by_side is None:
            self._side_by_side = self._open_side_by_side()
        return self._side_by_side

    def _most_tokens(self, tokens: int, beside: Any) -> int:
        """Tokens of a batch: two or more for every thread where they run at once."""
        if beside is None:
            return self._batch_tokens
        share = -(-tokens // (2 * self.info.threads))
        return min(self._batch_tokens, max(share, LEAST_SHARE))

    def _pass(self, rows: Rows, session: Any) -> NDArray[np.float32]:
        ids, mask = padded(rows, self._manifest.layout)
        known = {"input_ids": ids, "attention_mask": mask}
        feed = {name: known.get(name, np.zeros_like(ids)) for name in self._manifest.inputs}
        vectors: NDArray[np.float32] = session.run(None, feed)[0]
        return vectors

    def _halve(self) -> bool:
        """Half the tokens a batch from now on; False where a batch is one text already."""
        if self._batch_tokens <= self._manifest.max_tokens:
            return False
        self._batch_tokens = max(self._batch_tokens // 2, self._manifest.max_tokens)
        self.notes.append(f"Out of memory: batches of {self._batch_tokens:,} tokens from now on.")
        return True


def side_by_side(folder: Path, threads: int) -> Callable[[], Any] | None:
    """Opens the session for batches that run at once; None for one thread, or much weight."""
    size = sum(path.stat().st_size for path in folder.glob(f"{GRAPH}*"))
    if threads == 1 or size > SIDE_BY_SIDE_BYTES:
        return None
    return partial(open_session, folder, 1)


def open_session(folder: Path, threads: int) -> Any:
    """ONNX Runtime's session of a graph."""
    import onnxruntime  # noqa: PLC0415 - in the extra `local`

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    for name, value in waiting(onnxruntime.__version__):
        options.add_session_config_entry(name, value)
    return onnxruntime.InferenceSession(
        str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
    )


def waiting(version: str) -> tuple[tuple[str, str], ...]:
    """How threads wait for each other, as options of a session.

    Threads that spin for long lose a processor that another program needs: beside one busy process
    a short text took 500 ms instead of 5 ms on two cores. Threads that never spin sleep between
    any two operations, which costs a short text a third of its time on a quiet machine. So they
    spin for as long as the next operation is away; versions that cannot say so do not spin.
    """
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < BOUNDED_SPIN_SINCE:
        return (("session.intra_op.allow_spinning", "0"),)
    return (
        ("session.intra_op.allow_spinning", "1"),
        ("session.intra_op.spin_duration_us", str(SPIN_US)),
    )


def open_tokenizer(folder: Path, max_tokens: int) -> Any:
    """The tokenizer of an export, cutting at this many tokens."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - in the extra `local`

    return cut_at(Tokenizer.from_file(str(folder / TOKENIZER)), max_tokens)
