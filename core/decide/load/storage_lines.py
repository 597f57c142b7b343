"""What keeping the vectors and moving them costs: the same model, the same bytes."""

from core.catalog.schema import ModelCard
from core.cost.curve.breakdown import CostLine, TokenLine, amount
from core.cost.over_months.vector_storage import (
    answer_bytes,
    egress_usd,
    storage_usd_per_month,
    stored_bytes,
)
from core.decide.load.cut_vectors import kept_dimensions
from core.decide.load.text_load import TextLoad
from core.scenario import Vectors
from core.units import BYTES_PER_GB

VECTORS_PER_MILLION = 1e6


def storage_lines(model: ModelCard | None, asked: Vectors) -> tuple[CostLine, ...]:
    """Storage of the vectors a month, and the replicas that answer queries where they are priced.

    No storage where none is asked for or the length is unknown.
    """
    replicas = _replica_lines(asked)
    dims = kept_dimensions(model, asked.dimensions).dims
    if asked.stored_millions == 0 or dims is None:
        return replicas
    stored = stored_bytes(
        asked.stored_millions * VECTORS_PER_MILLION, dims, asked.kept_as, asked.index_overhead
    )
    usd = float(storage_usd_per_month(stored, asked.usd_per_gb_month))
    explanation = (
        f"{amount(asked.stored_millions, 6)} M vectors of {dims:,} {asked.kept_as} "
        f"with index: {amount(float(stored) / BYTES_PER_GB)} GB at ${asked.usd_per_gb_month:g}"
    )
    if not replicas:
        explanation += "; the store's queries and replicas are left out"
    inputs = ("vectors stored", "dimensions", "stored as", "index on top", "storage price")
    return (CostLine("Vector storage", usd, explanation, inputs), *replicas)


def _replica_lines(asked: Vectors) -> tuple[CostLine, ...]:
    """Replicas of the vector store a month; none where their number or price is left out."""
    count, each = asked.store_replicas, asked.usd_per_store_replica
    if count * each == 0:
        return ()
    explanation = f"{count:,} at ${each:,.2f}; what a store bills by the query is left out"
    inputs = ("replicas of the store", "price of such a replica")
    return (CostLine("Vector store replicas", count * each, explanation, inputs),)


def egress_lines(
    model: ModelCard | None, texts: TextLoad, usd_per_gb: float, tokens_per_request: float
) -> tuple[TokenLine, ...]:
    """Traffic of the answers out of the cloud of a rented GPU."""
    if usd_per_gb == 0 or model is None or model.dims is None:
        return ()
    a_request = float(egress_usd(answer_bytes(texts.texts, model.dims), usd_per_gb))
    explanation = f"answers of {model.dims:,} dimensions in base64 at ${usd_per_gb:g}/GB"
    usd_per_token = a_request / tokens_per_request
    inputs = ("egress", "dimensions", "tokens per request")
    return (TokenLine("Egress", usd_per_token, explanation, inputs),)
