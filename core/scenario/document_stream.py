"""A second stream beside the workload: documents, which can wait."""

from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from core.plain_text import Label
from core.scenario.knobs import STRICT, Knob
from core.scenario.option_ids import MOST_OPTIONS


class Documents(BaseModel):
    """Documents that are embedded beside the queries, in the same vector space."""

    model_config = STRICT

    requests_per_day: Annotated[
        float,
        Field(
            ge=0,
            le=1e10,
            description="Documents to embed on an average day, beside the requests, which are then "
            "the queries. Both need vectors of one space. 0: there is one stream. Chart, table, "
            "plan and risk speak of the queries alone, whatever stands here.",
        ),
        Knob("Documents per day", "documents/day", "dq", 1, "log"),
    ] = 0.0
    tokens_per_request: Annotated[
        float,
        Field(ge=1, le=32_768, description="Mean length of a document, in the model's tokens."),
        Knob("Tokens per document", "tokens", "dt", 1, "log"),
    ] = 500
    length_cv: Annotated[
        float,
        Field(
            ge=0,
            le=5,
            description="Spread of the documents' lengths: standard deviation over mean of a "
            "lognormal law. 0: all are alike.",
        ),
        Knob("Spread of documents' lengths (CV)", "ratio", "dcv", 0.1),
    ] = 0.0
    within_hours: Annotated[
        float,
        Field(
            ge=24,
            le=168,
            description="How long a document can wait. It takes an API's batch price, and fills "
            "the valleys of replicas that answer the queries. The latency objective is not asked "
            "of it.",
        ),
        Knob("Deadline of a document", "h", "dwait", 24),
    ] = 24.0
    options: Annotated[
        tuple[Label, ...],
        Field(
            max_length=MOST_OPTIONS,
            description="What may embed the documents, where that is not all that is compared. "
            "Empty: whatever is compared for the queries.",
        ),
    ] = ()

    @field_validator("options")
    @classmethod
    def _unique(cls, options: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(options))
