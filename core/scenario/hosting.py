"""How self-hosting is run and paid for."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from core.plain_text import Plain
from core.scenario.knobs import STRICT, YES_NO, Choice, Knob

MOST_MODEL_CHARACTERS: Final = 120

TERMS: Final = (("", "on demand"), ("1y", "reserved for 1 year"), ("3y", "reserved for 3 years"))
"""For how long rented machines are committed to."""


class Hosting(BaseModel):
    """How self-hosting is run and paid for."""

    model_config = STRICT

    model: Annotated[
        str,
        Plain(MOST_MODEL_CHARACTERS),
        Field(description="The open-weight model on every self-hosted option that names no other."),
    ] = "BAAI/bge-large-en-v1.5"
    utilisation_ceiling: Annotated[
        float,
        Field(
            ge=0.05,
            le=1.0,
            description="Share of the full-batch throughput that you load a replica with at most. "
            "The latency objective may allow less: the lower of the two holds.",
        ),
        Knob("Utilisation ceiling", "fraction", "u", 0.05),
    ] = 0.6
    max_batch_tokens: Annotated[
        int,
        Field(
            ge=128,
            le=1_048_576,
            description="Tokens that the server runs through the model together. 16,384 is the "
            "default of Text Embeddings Inference.",
        ),
        Knob("Tokens in a batch", "tokens", "batch", 128, "log"),
    ] = 16_384
    batch_start_s: Annotated[
        float,
        Field(
            ge=0.0001,
            le=1,
            description="What every batch costs besides its tokens: kernel launches, Python, "
            "tokenizer. Fused kernels take 0.6 to 2 ms, plain PyTorch 3 to 11.",
        ),
        Knob("Start of a batch", "s", "start", 0.001, "log"),
    ] = 0.001
    spare_replicas: Annotated[
        int,
        Field(ge=0, le=10, description="Replicas kept beyond those that the peak needs."),
        Knob("Spare replicas", "replicas", "spare", 1),
    ] = 1
    minimum_replicas: Annotated[
        int,
        Field(ge=1, le=100, description="Replicas that run at any volume, the spare ones apart."),
        Knob("Minimum of replicas", "replicas", "least", 1),
    ] = 1
    maximum_replicas: Annotated[
        int,
        Field(ge=1, le=100_000, description="Your quota: more replicas cannot be had."),
        Knob("Quota of replicas", "replicas", "quota", 1, "log"),
    ] = 100_000
    autoscale: Annotated[
        bool,
        Field(
            description="Start and stop rented replicas with the hours of the day. They are paid "
            "while they run, start-up and cooldown included."
        ),
        Choice("Rented replicas follow the load", "auto", YES_NO),
    ] = False
    startup_minutes: Annotated[
        float,
        Field(ge=0, le=1_440, description="A replica is started, and paid, this long before."),
        Knob("Start-up of a replica", "minutes", "up", 1),
    ] = 5.0
    cooldown_minutes: Annotated[
        float,
        Field(ge=0, le=1_440, description="A replica is kept this long after it was needed."),
        Knob("Cooldown of a replica", "minutes", "down", 1),
    ] = 15.0
    reserved_share: Annotated[
        float,
        Field(ge=0, le=1, description="Share of the rented replicas that is reserved for a term."),
        Knob("Reserved share", "fraction", "res", 0.05),
    ] = 0.0
    reserved_discount: Annotated[
        float,
        Field(ge=0, le=0.95, description="What a reservation takes off the hourly price."),
        Knob("Discount of reserved", "fraction", "resoff", 0.05),
    ] = 0.4
    spot_share: Annotated[
        float,
        Field(ge=0, le=1, description="Share of the replicas not reserved that is bought as spot."),
        Knob("Spot share of the rest", "fraction", "spot", 0.05),
    ] = 0.0
    spot_discount: Annotated[
        float,
        Field(ge=0, le=0.95, description="What spot takes off the hourly price."),
        Knob("Discount of spot", "fraction", "spotoff", 0.05),
    ] = 0.6
    spot_interruptions_per_month: Annotated[
        float,
        Field(ge=0, le=720, description="How often a spot replica is taken away while it is up."),
        Knob("Interruptions of spot", "per month", "cuts", 1),
    ] = 5.0
    spot_recovery_minutes: Annotated[
        float,
        Field(ge=0, le=1_440, description="From an interruption until its successor works."),
        Knob("Recovery of spot", "minutes", "recover", 1),
    ] = 10.0
    labour_usd_per_month: Annotated[
        float,
        Field(ge=0, le=1e6, description="People's time to run it, all self-hosted replicas."),
        Knob("Labour", "USD/month", "labour", 100),
    ] = 2_700
    usd_per_kwh: Annotated[
        float,
        Field(ge=0, le=5, description="Electricity for a card you own, or this machine."),
        Knob("Electricity", "USD/kWh", "kwh", 0.01),
    ] = 0.1883
    power_usage_effectiveness: Annotated[
        float,
        Field(ge=1, le=3, description="Facility power over computer power (PUE); 1 at home."),
        Knob("PUE", "ratio", "pue", 0.05),
    ] = 1.0
    idle_w: Annotated[
        float,
        Field(ge=0, le=2_000, description="Draw of an owned card and its share of the host, idle."),
        Knob("Idle power", "W", "idle", 5),
    ] = 70
    own_price_includes_power: Annotated[
        bool,
        Field(
            description="Whether the hourly price that you give this machine contains its "
            "electricity, as a cloud's does. If not, what was measured of it comes on top."
        ),
        Choice("This machine's price includes power", "inclpower", YES_NO),
    ] = False
    lifetime_months: Annotated[
        int,
        Field(ge=1, le=120, description="Months over which an owned card is paid back."),
        Knob("Card lifetime", "months", "life", 1),
    ] = 36
    residual_fraction: Annotated[
        float,
        Field(ge=0, le=1, description="Resale value at the end, over the purchase price."),
        Knob("Residual value", "fraction", "resid", 0.05),
    ] = 0.0
    discount_rate_per_year: Annotated[
        float,
        Field(ge=0, le=1, description="Effective annual rate: what the money would earn."),
        Knob("Discount rate", "per year", "rate", 0.01),
    ] = 0.0
    host_usd: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="An owned card's share of its host: board, processor, memory, case. 0: "
            "the host is there already.",
        ),
        Knob("Host of an owned card", "USD", "host", 50),
    ] = 0.0
    egress_usd_per_gb: Annotated[
        float,
        Field(ge=0, le=10, description="What the cloud of a rented GPU charges for answers."),
        Knob("Egress", "USD/GB", "egress", 0.01),
    ] = 0.0
    network_s: Annotated[
        float,
        Field(
            ge=0,
            le=5,
            description="There and back between your program and a rented machine: part of what is "
            "predicted of it. 0: your program runs beside it. Machines of your own have none.",
        ),
        Knob("Network to a rented machine", "s", "net", 0.001),
    ] = 0.0
    reserved_term: Annotated[
        str,
        Field(
            pattern="^(|1y|3y)$",
            description="Rented machines are reserved for a term: the reserved share of them, or "
            "all where that is 0. The price is what the catalogue has published for this term, "
            "else the discount of reserved, which is then no published price. Not where replicas "
            "follow the load.",
        ),
        Choice("Rented machines are", "term", TERMS),
    ] = ""
