"""Prometheus' text format as totals by name and label.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MOST_METRICS_BYTES: Final = 1024 * 1024
"""Of one look; a server with more of them is not looked at."""

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Samples of one look, by the name of the sample: ``te_queue_size``, ``..._bucket``."""

    samples: Mapping[str, tuple[tuple[Labels, float], ...]] = field(default_factory=dict)

    def total(self, name: str, **labels: str) -> float | None:
        """The sum over all samples of this name that have these labels; None without any."""
        values = [
            value
            for own, value in self.samples.get(name, ())
            if all(own.get(label) == wanted for label, wanted in labels.items())
        ]
        return math.fsum(values) if values else None

    def highest(self, name: str) -> float | None:
        """The largest sample of this name; None without any."""
        return max((value for _, value in self.samples.get(name, ())), default=None)

    def labelled(self, name: str, label: str) -> frozenset[str]:
        """What a label says in the samples of a name."""
        return frozenset(own.get(label, "") for own, _ in self.samples.get(name, ()))


def read_metrics(text: str, prefixes: tuple[str, ...]) -> Metrics | None:
    """Finite samples whose names begin so; None where the text is of another format."""
    # Imported here: it costs every other program a tenth of a second.
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415

    seen: dict[str, list[tuple[Labels, float]]] = {}
    try:
        for family in text_string_to_metric_families(_of(text, prefixes)):
            for sample in family.samples:
                if math.isfinite(sample.value):
                    seen.setdefault(sample.name, []).append((sample.labels, sample.value))
    except Exception:  # noqa: BLE001  of a stranger's text it raises whatever comes
        return None
    return Metrics({name: tuple(samples) for name, samples in seen.items()}) if seen else None


def _of(text: str, prefixes: tuple[str, ...]) -> str:
    """The lines of these names alone: the rest is neither read nor kept."""
    return "".join(f"{line}\n" for line in text.splitlines() if line.startswith(prefixes))
