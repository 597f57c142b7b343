"""A corpus on replicas: in the valleys of those that stand, and on more where time asks for it."""

import math

import numpy as np

from core.catalog.schema import PriceUnit
from core.cost.by_replica.hosted_bill import energy_kwh
from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.breakdown import amount
from core.cost.curve.piecewise import STEP_GUARD, Floats
from core.cost.load.hourly_load import HOURS_PER_DAY
from core.cost.monthly_bill import MonthlyBill
from core.cost.over_months.backfill import Backfill, gpu_hours, plan_backfill
from core.decide.answer.job_parts import Corpora, Job, JobPart
from core.decide.capacity.hours_worked import rates_worked
from core.decide.case import Case
from core.decide.options.machine import quota_of
from core.decide.result.option import CapacityUsed, Option
from core.scenario import THIS_MACHINE, Hosting, hybrid_parts, machine_id


def by_replicas(
    asked: Corpora, option: Option, capacity: CapacityUsed, bill: MonthlyBill, case: Case
) -> Job:
    """Valleys cost their electricity; what they leave over takes whole replicas up to the deadline.

    Those are rented by the hour, or bought, as the option's own are; this computer has no second
    one. No more of them stand than the quota allows: the job then takes longer, and its cost has no
    end where it does not.
    """
    working = bill.working_replicas(asked.tokens_per_month)
    standing = bill.paid_replicas(asked.tokens_per_month)
    replicas = (working, working if standing is None else standing)
    tokens = asked.tokens * capacity.processed_share
    planned = _planned(tokens, asked, capacity, bill, replicas, option, case)
    hosting, hours = case.scenario.hosting, case.scenario.calendar.hours_per_month
    watts = _watts(option)
    parts = (
        *_machines(asked, option, bill, planned, hours),
        *_electricity(watts, capacity, planned, hosting),
        *_beside(asked, bill, case.scenario.workload.corpus_labour_usd),
        JobPart("Never", np.where(np.isinf(planned.hours), math.inf, 0.0), "no end", planned.hours),
    )
    return Job(parts, planned.hours / HOURS_PER_DAY, lambda job: _how(planned, tokens, job))


def _planned(
    tokens: Floats,
    asked: Corpora,
    capacity: CapacityUsed,
    bill: MonthlyBill,
    replicas: tuple[Floats, Floats],
    option: Option,
    case: Case,
) -> Backfill:
    """Valleys and replicas beside them; ``replicas`` that work, and all that stand."""
    working, standing = replicas
    mean = asked.tokens_per_month * capacity.processed_share
    rates = rates_worked(
        bill,
        case.load.rhythm,
        (mean / case.scenario.calendar.seconds_per_month)[:, np.newaxis],
        working[:, np.newaxis],
        capacity.usable_tokens_per_s,
    )
    return plan_backfill(
        tokens,
        rates,
        _carried(capacity, bill, working, rates * case.load.rhythm.burst),
        case.scenario.workload.backfill_days * HOURS_PER_DAY,
        capacity.nominal_tokens_per_s,
        _most_extra(option, standing, case.scenario.hosting),
    )


def _carried(capacity: CapacityUsed, bill: MonthlyBill, working: Floats, peaks: Floats) -> Floats:
    """What the fleet carries in each hour with the replicas that are paid then anyway.

    A GPU by the second has no idle time that is paid: what it works for the corpus is billed.
    """
    each = capacity.usable_tokens_per_s
    if not bill.idle_is_paid:
        return np.zeros_like(peaks)
    return each * bill.by_hour(replicas_needed(peaks, each, 0), working[:, np.newaxis])


def _most_extra(option: Option, standing: Floats, hosting: Hosting) -> Floats | float:
    """Replicas that can be had beside those that stand."""
    if machine_id(_base_id(option)) == THIS_MACHINE:
        return 0.0
    quota = quota_of(hosting, option.many)
    return math.inf if quota is None else np.maximum(0.0, quota - standing)


def _base_id(option: Option) -> str:
    """The option whose replicas work: a hybrid's base."""
    return (hybrid_parts(option.id) or (option.id,))[0]


def _machines(
    asked: Corpora,
    option: Option,
    bill: MonthlyBill,
    planned: Backfill,
    hours_per_month: float,
) -> tuple[JobPart, ...]:
    """Rent of the hours beside the fleet, or the price of the cards."""
    extra = planned.extra_replicas
    if option.owned is not None:
        card_usd = (option.price.usd or 0.0) * asked.gpu_price + option.owned.host_usd
        explanation = "{} more to buy, beside those that stand"
        return (JobPart("Cards", extra * card_usd, explanation, extra),)
    gpu_usd, host_usd = bill.replica_usd_per_month, bill.host_usd_per_month
    unit_usd = (gpu_usd * asked.gpu_price + host_usd) / hours_per_month
    paid_hours = planned.extra_hours
    if option.price.unit is PriceUnit.PER_MONTH:
        paid_hours = _of_whole_months(planned, hours_per_month)
    usd = paid_hours * unit_usd
    explanation = f"{{}} replica hours at ${(gpu_usd + host_usd) / hours_per_month:.6g}"
    return (JobPart("Rent", usd, explanation, paid_hours),)


def _of_whole_months(planned: Backfill, hours_per_month: float) -> Floats:
    """Hours that are paid for replicas beside the fleet, each for the months that it is begun."""
    extra = np.asarray(planned.extra_replicas, dtype=float)
    each = np.divide(planned.extra_hours, extra, out=np.zeros_like(extra), where=extra > 0)
    months = np.ceil(each / hours_per_month - STEP_GUARD)
    paid: Floats = extra * months * hours_per_month
    return paid


def _electricity(
    watts: tuple[float, float] | None,
    capacity: CapacityUsed,
    planned: Backfill,
    hosting: Hosting,
) -> tuple[JobPart, ...]:
    """Full power on the replicas beside the fleet, what work adds to idle on those that stand."""
    if watts is None:
        return ()
    idle_w, active_w = watts
    in_valleys = gpu_hours(planned.valley_tokens, capacity.nominal_tokens_per_s)
    overhead = hosting.power_usage_effectiveness
    beside = planned.extra_hours * energy_kwh(1.0, active_w, overhead)
    kwh = beside + in_valleys * energy_kwh(1.0, max(0.0, active_w - idle_w), overhead)
    explanation = f"{{}} kWh at ${hosting.usd_per_kwh:.4g}"
    return (JobPart("Electricity", kwh * hosting.usd_per_kwh, explanation, kwh),)


def _watts(option: Option) -> tuple[float, float] | None:
    """Idle and at full batches, of a replica whose electricity one pays; None for all others."""
    used = option.power or option.owned
    return None if used is None else (used.idle_w, used.active_w)


def _beside(asked: Corpora, bill: MonthlyBill, labour_usd: float) -> tuple[JobPart, ...]:
    """Traffic of the answers, and people's time where it is asked: of replicas, not of an API."""
    tokens = asked.tokens
    egress = JobPart("Egress", tokens * bill.beside_usd_per_token, "{} tokens", tokens)
    labour = np.where(tokens > 0, labour_usd, 0.0)
    return egress, JobPart("Labour", labour, "people's time, once", labour)


def _how(planned: Backfill, tokens: Floats, job: int) -> str:
    """Where one of the jobs is done; ``tokens`` as they are processed."""
    hours, valleys = float(planned.extra_hours[job]), float(planned.valley_tokens[job])
    beside = f"{amount(hours, 3)} replica hours"
    if valleys <= 0:
        return f"in {beside} of its own"
    explanation = f"{valleys / float(tokens[job]):.0%} in the valleys of the fleet"
    return f"{explanation}, the rest in {beside} beside it" if hours > 0 else explanation
