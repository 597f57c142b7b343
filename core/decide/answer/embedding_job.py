"""One embedding of a corpus through an option: all that it costs, and how long it takes.

The one place that knows. The first screen asks it for the corpus and its re-embeddings, the plan
for every move that embeds anew.
"""

from core.decide.answer.job_by_api import by_api
from core.decide.answer.job_by_replicas import by_replicas
from core.decide.answer.job_parts import Corpora, Job
from core.decide.case import Case
from core.decide.result.curves import OptionCurve


def embedding_job(asked: Corpora, curve: OptionCurve, case: Case) -> tuple[Job | None, str]:
    """The jobs, or why nobody can say what they cost."""
    if curve.cost is None or curve.bill is None:
        return None, curve.option.unpriced_reason
    sold = case.catalog.find_api(curve.option.id)
    if sold is not None and curve.bill.is_by_use:
        return by_api(asked, curve.option, curve.bill, *sold, case), ""
    if curve.option.capacity is None:
        return None, "its capacity is not known"
    return by_replicas(asked, curve.option, curve.option.capacity, curve.bill, case), ""
