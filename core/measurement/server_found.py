"""What a sweep of a server over the network found: batches, fit, workers, loads, limits."""

from typing import Annotated, Final, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from core.measurement.estimate import Estimate

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


LEAST_WORKERS: Final = 0.8
"""A server at work serves one request at a time at least; times vary by as much."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ServerTimes(_Part):
    """Compute time of a request = start + per text x texts + per unit x units, none below 0."""

    start_s: NotNegative
    """Whatever is in it, without the round trip."""
    per_text_s: NotNegative
    per_unit_s: NotNegative | None
    """None where the sizes cannot tell it from the time per text."""
    unit: Literal["token", "character"]
    residual: float
    """Root mean square of (measured/fitted - 1) over the sizes and lengths."""
    worst: float
    """Largest of |measured/fitted - 1|."""

    def seconds(self, texts: float, units: float) -> float:
        """Compute time of a request, s."""
        return self.start_s + self.per_text_s * texts + (self.per_unit_s or 0.0) * units


class ServerCell(_Part):
    """Lone requests of one size and length."""

    texts: int
    tokens_asked: int
    """Of each text, as it was made."""
    tokens: float | None
    """Of all its texts together, as the server counts, or a tokenizer here; None: nobody did."""
    n: int
    n_ok: int
    compute_s: float | None
    """Median time of the server for it: by its own word, else without the round trip."""
    service_p50: Estimate
    """With the network."""
    fitted_s: float | None
    """What the fit says of its compute time."""
    refused: bool
    """Whether it was refused for its size."""


class ServerLoop(_Part):
    """A closed loop of so many workers."""

    workers: int
    n: int
    n_ok: int
    answered_per_s: float
    response_p95: Estimate


class ServerLoad(_Part):
    """An open loop at one rate, measured beside predicted."""

    share: float
    """Of the most that came out."""
    rate_per_s: float
    """Requests/s, each with the texts of the loops."""
    n: int
    n_ok: int
    response_p50: Estimate
    response_p95: Estimate
    predicted_p50_s: float | None
    """By as many workers as were seen and the fitted time, on the very arrivals of the run."""
    predicted_p95_s: float | None
    kept: bool
    """Whether it kept the objective, and kept up."""
    whole: bool | None = None
    """Whether all of its requests were sent; None: an older version did not say."""


class ServerFound(_Part):
    """All of it; None where the sweep did not come so far."""

    cells: tuple[ServerCell, ...]
    times: ServerTimes | None = None
    """The fit; None where too few sizes were answered."""
    times_by: Literal["server", "client"] = "client"
    """Whose clock the compute times are of: the server's own word, or ours less the round trip."""
    round_trip_s: NotNegative | None = None
    """The quickest opening of a connection: one way there and back. None: none was opened."""
    network_s: NotNegative | None = None
    """What a lone answer takes beside its compute time, median: in the latency, in no rate."""
    loops: tuple[ServerLoop, ...] = ()
    loads: tuple[ServerLoad, ...] = ()
    texts: int | None = None
    """Of a request under load: the best batch within the objective."""
    tokens: float | None = None
    """Of such a request, all its texts together."""
    most_texts: int | None = None
    """Most texts of an answered request."""
    refused_texts: int | None = None
    """Fewest that were refused as too many."""
    refused_tokens: int | None = None
    """Shortest length at which one text was refused."""
    taken_tokens: int | None = None
    """Tokens of the longest text that was taken below that, counted or about."""
    tokens_exact: bool = False
    """Whether no length lies between the two."""
    most_tokens: float | None = None
    """Most tokens of an answered request."""
    workers: NotNegative | None = None
    """Requests that were served at once: the most answers/s times a lone one's compute time."""
    all_workers_seen: bool = False
    """Whether more requests at a time brought no more."""
    full_per_s: NotNegative | None = None
    """The most requests/s that came out, of all machines together."""
    kept_per_s: NotNegative | None = None
    """The highest rate within the objective, requests/s."""
    slo_p95_s: float | None = None
    machines: Annotated[int, Field(ge=1, validation_alias=AliasChoices("machines", "replicas"))] = 1
    """Behind the one address, each with all of its cards, as the user said."""
    limit: str = ""
    """The rate limit that ended it, in a few words; "" where none did."""
    answered: int = 0
    """Requests that were answered, of all phases after the first calls."""
    sentence: str = ""

    @property
    def held_up(self) -> bool:
        """Whether less came out than a lone request at a time brings: something else held it up."""
        return self.workers is not None and self.workers < LEAST_WORKERS

    @property
    def full_tokens_per_s(self) -> float | None:
        """Of one machine, at full load."""
        return self._tokens_per_s(self.full_per_s)

    @property
    def kept_tokens_per_s(self) -> float | None:
        """Of one machine, within the objective."""
        return self._tokens_per_s(self.kept_per_s)

    def _tokens_per_s(self, rate_per_s: float | None) -> float | None:
        if rate_per_s is None or self.tokens is None:
            return None
        return rate_per_s * self.tokens / self.machines
