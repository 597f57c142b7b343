"""The published and measured batches that the law is fitted to."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.serving.batch.physics import ModelShape
from core.serving.law.batch_law import Machine, ServerKind

FILE: Final = Path(__file__).parent.parent / "data" / "measured_batches.csv"
FULL_BATCH_TOKENS: Final = 16_384
"""Tokens of a batch where the source says no number of texts: a server's usual limit."""
_MILLION: Final = 1e6


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """One shape of batch on one machine, with who says so."""

    model: str
    shape: ModelShape
    hardware: str
    """In the source's words."""
    chip: str
    """Card or processor: what is left out together when the law is judged."""
    machine: Machine
    server: str
    kind: ServerKind
    precision: str
    tokens_per_text: float
    texts: int
    """Texts of a batch."""
    tokens_per_s: float
    """Of one card."""
    source: str
    dated: str
    confidence: str
    note: str

    @property
    def seconds(self) -> float:
        """Time of the batch, s."""
        return self.texts * self.tokens_per_text / self.tokens_per_s


def measured_batches() -> tuple[MeasuredBatch, ...]:
    """Every row of the file that ships with the product."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(map(_batch, csv.DictReader(lines)))


def full_batch_texts(tokens_per_text: float) -> int:
    """Texts of this length in a full batch; one at least."""
    return max(1, int(FULL_BATCH_TOKENS / tokens_per_text))


def _batch(row: dict[str, str]) -> MeasuredBatch:
    tokens = float(row["tokens_per_text"])
    texts = int(row["texts"]) if row["texts"] else full_batch_texts(tokens)
    params = float(row["params_m"]) * _MILLION
    return MeasuredBatch(
        model=row["model"],
        shape=ModelShape(params, int(row["layers"]), int(row["hidden"])),
        hardware=row["hardware"],
        chip=row["chip"],
        machine=Machine(
            float(row["dense_tflops"]), _number(row["bandwidth_gb_s"]), _number(row["vcpus"])
        ),
        server=row["server"],
        kind=ServerKind(row["kind"]),
        precision=row["precision"],
        tokens_per_text=tokens,
        texts=texts,
        tokens_per_s=float(row["tokens_per_s"]),
        source=row["source"],
        dated=row["dated"],
        confidence=row["confidence"],
        note=row["note"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
