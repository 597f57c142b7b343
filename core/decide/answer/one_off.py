"""What does not come back every month: the corpus at the start, and its re-embedding."""

import math
from typing import Final

import numpy as np

from core.cost.over_months.growth import corpus_tokens, growth_volumes
from core.cost.over_months.levelised import levelised_usd_per_mtok
from core.decide.answer.embedding_job import embedding_job
from core.decide.answer.job_parts import Corpora, in_time
from core.decide.case import Case
from core.decide.result.curves import OptionCurve
from core.decide.result.snapshot import OneOff
from core.scenario import Scenario

NEVER: Final = "no replica has time for it"


def one_off(curve: OptionCurve, case: Case) -> OneOff | None:
    """The corpus through this option with all that it uses; None where there is no corpus.

    A later corpus meets the load, the fleet and the prices of today.
    """
    corpus = case.scenario.workload.corpus_tokens
    if corpus == 0:
        return None
    tokens = np.array([corpus, *_corpora(case.scenario)])
    beside = np.full(tokens.shape, case.scenario.tokens_per_month)
    job, why = embedding_job(Corpora(tokens, beside), curve, case)
    if job is None:
        return OneOff(corpus, None, None, None, None, why)
    days, usd = float(job.days[0]), job.usd
    if math.isinf(days):
        return OneOff(corpus, None, None, False, None, NEVER)  # noqa: FBT003 -- in time
    meets = bool(in_time(job.days, case.scenario.workload.backfill_days)[0])
    return OneOff(
        tokens=corpus,
        usd=float(usd[0]),
        days=None if math.isnan(days) else days,
        meets_deadline=None if math.isnan(days) else meets,
        reembedding_usd=math.fsum(usd[1:].tolist()),
        explanation=job.how(0),
        lines=job.lines(0),
    )


def levelised(curve: OptionCurve, scenario: Scenario) -> float | None:
    """All cost over the horizon over all its tokens, both discounted, USD per 1M tokens.

    Months at the grown volume, as the option is billed each month; None without a price.
    """
    if curve.cost is None:
        return None
    load, months = scenario.workload, scenario.objective.horizon_months
    volumes = growth_volumes(scenario.tokens_per_month, load.growth_per_month, months)
    return levelised_usd_per_mtok(
        curve.cost.at(volumes), volumes, scenario.hosting.discount_rate_per_year
    )


def _corpora(scenario: Scenario) -> list[float]:
    """Tokens of each re-embedding: the corpus and the deferrable documents that came since."""
    load, months = scenario.workload, scenario.objective.horizon_months
    changes = [months * (i + 1) // (load.model_changes + 1) for i in range(load.model_changes)]
    added = scenario.tokens_per_month * load.deferrable_share
    return [
        corpus_tokens(load.corpus_tokens, added, load.growth_per_month, month) for month in changes
    ]
