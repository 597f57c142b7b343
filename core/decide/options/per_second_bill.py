"""A GPU by the second that stops when idle, before the scenario's load."""

from core.catalog.schema import MachineOffer, PriceUnit
from core.cost.by_replica.per_second import PerSecondBill
from core.cost.by_replica.scale_to_zero import ScaleToZero, keep_warm
from core.cost.by_replica.waiting_work import LEAST_SHARE, WaitingWork
from core.cost.curve.breakdown import CostLine, TokenLine
from core.cost.load.hourly_load import HOURS_PER_DAY
from core.decide.case import Case
from core.decide.load.rhythm import Rhythm
from core.decide.result.option import CapacityUsed
from core.errors import ModelInputError
from core.scenario import Serverless, Workload
from core.units import SECONDS_PER_HOUR, Calendar


def per_second_bill(
    capacity: CapacityUsed,
    rent: CostLine,
    host: CostLine | None,
    by_token: tuple[TokenLine, ...],
    by_month: tuple[CostLine, ...],
    free_usd: float,
    case: Case,
) -> PerSecondBill:
    """Its bill: the share of the time that it is up, replicas by the hour beyond one.

    A request's service time is that of its text alone, or of all chunks of it: while the GPU is
    mostly off, batches hold one request.
    """
    if capacity.replica is None:
        raise ModelInputError("a GPU by the second needs the time of its batches")
    rhythm, scenario = case.load.rhythm, case.scenario
    asked, tokens = scenario.serverless, scenario.workload.tokens_per_request
    alone_s = capacity.replica.texts.alone_s * _request_over_text(capacity, tokens)
    server = ScaleToZero(
        idle_timeout_s=asked.idle_timeout_s,
        cold_start_s=asked.cold_start_s,
        service_mean_s=float(alone_s.mean()),
        service_second_moment_s2=float((alone_s**2).mean()),
    )
    flat = capacity.tokens_per_month * max(rhythm.filled)
    return PerSecondBill(
        server=keep_warm(server) if asked.keep_warm else server,
        relative_load=rhythm.hours,
        capacity_tokens_per_month=flat,
        tokens_per_request=tokens,
        seconds_per_month=scenario.calendar.seconds_per_month,
        replica=rent,
        host=host,
        labour_usd_per_month=scenario.hosting.labour_usd_per_month,
        by_token=by_token,
        by_month=by_month,
        free_usd=free_usd,
        waiting_work=_waiting(capacity, scenario.workload, scenario.calendar, rhythm),
        working_tokens_per_month=flat * rhythm.burst,
    )


def host_line(offer: MachineOffer, asked: Serverless, calendar: Calendar) -> CostLine | None:
    """A month of the cores and the memory that run, and are billed, beside a GPU; None: none."""
    usd = beside_usd_per_hour(offer, asked)
    if usd == 0:
        return None
    explanation = f"${usd:.6g}/h for {_host(asked)} beside it"
    return CostLine("Host", usd * calendar.hours_per_month, explanation, ("cores", "memory"))


def beside_usd_per_hour(offer: MachineOffer, asked: Serverless) -> float:
    """What the cores and the memory beside a GPU cost an hour of its running, USD."""
    price = offer.price
    cores, gib = float(price.usd_per_core or 0), float(price.usd_per_gib or 0)
    usd = asked.cores * cores + asked.memory_gib * gib
    return usd * SECONDS_PER_HOUR if price.unit is PriceUnit.PER_SECOND else usd


def host_note(offer: MachineOffer, asked: Serverless) -> str:
    """Whether cores and memory are billed beside a GPU by the second; "" for every other."""
    if offer.purchase != "serverless":
        return ""
    if offer.price.usd_per_core is None and offer.price.usd_per_gib is None:
        return "whether cores and memory are in its price is not known: not billed here"
    return f"billed with {_host(asked)} beside the GPU"


def _host(asked: Serverless) -> str:
    return f"{asked.cores:g} cores and {asked.memory_gib:g} GiB"


def _waiting(
    capacity: CapacityUsed, load: Workload, calendar: Calendar, rhythm: Rhythm
) -> WaitingWork | None:
    """The work that can wait, in full batches; None where there is next to none."""
    share = load.deferrable_share
    if share < LEAST_SHARE:
        return None
    offered = capacity.nominal_tokens_per_s / capacity.processed_share
    full = offered * calendar.seconds_per_month
    runs = HOURS_PER_DAY / load.deferrable_within_hours
    return WaitingWork(share, full, max(rhythm.filled), runs)


def _request_over_text(capacity: CapacityUsed, tokens_per_request: float) -> float:
    """Computing for all chunks of a request over that for one: full batches where it fills them."""
    replica = capacity.replica
    if replica is None:
        raise ModelInputError("a GPU by the second needs the time of its batches")
    processed = tokens_per_request * capacity.processed_share
    texts = max(1.0, processed / replica.tokens_per_text)
    batches = max(1.0, texts / replica.texts_per_batch)
    return batches * replica.batch.seconds(texts / batches) / replica.batch.seconds(1)
