"""What keeping the vectors and moving them costs: the same model, the same bytes."""

from core.catalog.schema import ModelCard
from core.cost.breakdown import CostLine, TokenLine
from core.cost.storage import (
    BYTES_PER_GB,
    answer_bytes,
    egress_usd,
    storage_usd_per_month,
    stored_bytes,
)
from core.decide.texts import TextLoad
from core.scenario import Scenario

VECTORS_PER_MILLION = 1e6


def storage_lines(model: ModelCard | None, scenario: Scenario) -> tuple[CostLine, ...]:
    """Storage of the vectors a month; nothing where none is asked for or the length is unknown."""
    asked = scenario.vectors
    if asked.stored_millions == 0 or model is None or model.dims is None:
        return ()
    stored = stored_bytes(
        asked.stored_millions * VECTORS_PER_MILLION, model.dims, asked.kept_as, asked.index_overhead
    )
    usd = float(storage_usd_per_month(stored, asked.usd_per_gb_month))
    said = (
        f"{asked.stored_millions:,.6g} M vectors of {model.dims:,} {asked.kept_as} with index: "
        f"{float(stored) / BYTES_PER_GB:,.4g} GB at ${asked.usd_per_gb_month:g}"
    )
    inputs = ("vectors stored", "dimensions", "stored as", "index on top", "storage price")
    return (CostLine("Vector storage", usd, said, inputs),)


def egress_lines(
    model: ModelCard | None, texts: TextLoad, scenario: Scenario
) -> tuple[TokenLine, ...]:
    """Traffic of the answers out of the cloud of a rented GPU."""
    usd_per_gb = scenario.hosting.egress_usd_per_gb
    if usd_per_gb == 0 or model is None or model.dims is None:
        return ()
    a_request = float(egress_usd(answer_bytes(texts.texts, model.dims), usd_per_gb))
    said = f"answers of {model.dims:,} dimensions in base64 at ${usd_per_gb:g}/GB"
    usd_per_token = a_request / scenario.workload.tokens_per_request
    inputs = ("egress", "dimensions", "tokens per request")
    return (TokenLine("Egress", usd_per_token, said, inputs),)
