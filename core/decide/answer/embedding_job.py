"""One embedding of a corpus through an option: all that it costs, and how long it takes.

The one place that knows. The first screen asks it for the corpus and its re-embeddings, the plan
for every move that embeds anew.
"""

from dataclasses import replace

import numpy as np

from core.decide.answer.job_by_api import by_api
from core.decide.answer.job_by_replicas import by_replicas
from core.decide.answer.job_parts import Corpora, Job, either
from core.decide.case import Case
from core.decide.result.curves import OptionCurve


def embedding_job(asked: Corpora, curve: OptionCurve, case: Case) -> tuple[Job | None, str]:
    """The jobs, or why nobody can say what they cost."""
    option, bill = curve.option, curve.bill
    if bill is None:
        return None, option.unpriced_reason
    sold = case.catalog.find_api((option.burst or option).id)
    if bill.is_by_use and sold is not None:
        return by_api(asked, option, bill, *sold, case), ""
    if option.capacity is None:
        return None, "its capacity is not known"
    if option.burst is None or bill.api_bill is None or sold is None:
        return by_replicas(asked, option, option.capacity, bill, case), ""
    # A hybrid that has no replica at a volume takes its API, as one that asks the API alone.
    alone = bill.working_replicas(asked.tokens_per_month) == 0
    own = replace(asked, tokens=np.where(alone, 0.0, asked.tokens))
    rest = replace(asked, tokens=np.where(alone, asked.tokens, 0.0))
    by_its_api = by_api(rest, option.burst, bill.api_bill, *sold, case)
    hosted = by_replicas(own, option, option.capacity, bill, case)
    return either(alone, by_its_api, "by its API alone, ", hosted), ""
