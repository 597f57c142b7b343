"""Where the vectors are kept."""

from typing import Annotated

from pydantic import BaseModel, Field

from core.scenario.knobs import STRICT, Choice, Knob
from core.units import VectorType


class Vectors(BaseModel):
    """Where the vectors are kept: the number of dimensions differs from model to model."""

    model_config = STRICT

    stored_millions: Annotated[
        float,
        Field(ge=0, le=1e6, description="Vectors kept, in millions. 0 leaves storage out."),
        Knob("Vectors stored", "million", "vecs", 1),
    ] = 0.0
    kept_as: Annotated[
        VectorType,
        Field(description="How one dimension of a stored vector is kept."),
        Choice("Stored as", "vtype", tuple((kind, kind.value) for kind in VectorType)),
    ] = VectorType.FLOAT32
    index_overhead: Annotated[
        float,
        Field(ge=0, le=10, description="What the index takes on top of the vectors, as a share."),
        Knob("Index on top", "ratio", "index", 0.1),
    ] = 0.5
    usd_per_gb_month: Annotated[
        float,
        Field(ge=0, le=100, description="Price of a GB of the vector store a month."),
        Knob("Storage", "USD/GB/month", "gb", 0.01),
    ] = 0.33
    dimensions: Annotated[
        int,
        Field(
            ge=0,
            le=16_384,
            description="Dimensions that are kept of each vector. 0: the model's own. Only vectors "
            "of models that are trained for it are cut (Matryoshka); where that is not known they "
            "are cut, too, and what is then found is not known.",
        ),
        Knob("Dimensions kept", "dimensions", "dims", 64),
    ] = 0
    store_replicas: Annotated[
        int,
        Field(
            ge=0,
            le=1_000,
            description="Replicas of the vector database that answer queries. 0 leaves them out.",
        ),
        Knob("Replicas of the vector store", "replicas", "dbreps", 1),
    ] = 0
    usd_per_store_replica: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="Price of one replica of the vector database a month. What a store bills "
            "by the query is left out.",
        ),
        Knob("A replica of the vector store", "USD/month", "dbusd", 10),
    ] = 0.0
