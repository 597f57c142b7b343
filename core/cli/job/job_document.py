"""The answer of a one-off job as plain values: money in USD, times in days."""

from typing import Any

from core.decide.job.job_way import After, JobAnswer, JobAsk, JobWay, Machines
from core.decide.job.job_words import headline, in_time, sentences


def document_of(question: dict[str, Any], answer: JobAnswer) -> dict[str, Any]:
    """All ways, the cheapest first, with what the terminal says; ``question``: the scenario."""
    best, other = answer.best, answer.not_yet_known
    return {
        "scenario": question,
        "tokens": answer.ask.tokens,
        "deadline_days": answer.ask.days,
        "afterwards_tokens_per_month": answer.ask.after_tokens_per_month,
        "afterwards_months": answer.ask.months,
        "headline": headline(answer),
        "sentences": list(sentences(answer)),
        "best": None if best is None else {"id": best.id, "kind": best.kind.value},
        "not_yet_known": None if other is None else {"id": other.id, "kind": other.kind.value},
        "saving_if_it_holds_usd": answer.saving_if_it_holds_usd,
        "ways": [_way(way, answer.ask) for way in answer.ways],
    }


def _way(way: JobWay, ask: JobAsk) -> dict[str, Any]:
    return {
        "id": way.id,
        "label": way.label,
        "kind": way.kind.value,
        "model": way.model,
        "usd": way.usd,
        "mean_usd": way.mean_usd,
        "usd_low": way.usd_low,
        "usd_high": way.usd_high,
        "lines": [
            {"label": line.label, "usd": line.usd_per_month, "explanation": line.explanation}
            for line in way.lines
        ],
        "days": way.days,
        "machines": None if way.machines is None else _machines(way, way.machines),
        "rate_limit": None if way.limit is None else way.limit.words,
        "rate_limit_tier": None if way.limit is None else way.limit.tier,
        "rate_limit_source": way.limit_source or None,
        "binding": way.binding or None,
        "grades": {
            "throughput": way.grades.throughput,
            "price": way.grades.price,
            "rate_limit": way.grades.limit,
        },
        "afterwards": None if way.after is None else _after(way.after),
        "total_usd": way.total_usd,
        "suits": way.suits,
        "in_time": in_time(way, ask),
        "unknown": [
            {"about": one.about.value, "sentence": one.sentence, "next_step": one.next_step}
            for one in way.unknown
        ],
    }


def _machines(way: JobWay, machines: Machines) -> dict[str, Any]:
    quick = way.sooner
    return {
        "count": machines.count,
        "needed": machines.needed,
        "needed_if_slow": machines.if_slow,
        "quota": machines.quota,
        "tokens_per_s": machines.tokens_per_s,
        "low_tokens_per_s": machines.low_tokens_per_s,
        "high_tokens_per_s": machines.high_tokens_per_s,
        "throughput": machines.explanation,
        "sooner": None
        if quick is None
        else {"machines": quick.machines, "days": quick.days, "usd": quick.usd},
    }


def _after(after: After) -> dict[str, Any]:
    return {
        "id": after.option_id or None,
        "label": after.label or None,
        "usd_per_month": after.usd_per_month,
        "months": after.months,
        "reason": after.reason,
    }
