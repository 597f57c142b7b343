"""Questions over the shipped catalogue with every kind of bill, for the laws of one's own."""

from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.cost.many_scenarios.many import Factors
from core.decide.case import Case
from core.decide.options.options import Billed, billed_options
from core.scenario import Hosting, Scenario, Serverless, Vectors, Workload, hybrid_id

CATALOG = load_catalog()
M3 = "BAAI/bge-m3"
RENTED, OWNED = "aws/g6.xlarge", "owned/rtx-4090"
BY_TOKEN, BY_SECOND, IDLE_STOPS = "cloudflare/bge-m3", "huggingface/hf-inference", "modal/l4"
HYBRID = hybrid_id(RENTED, BY_TOKEN)
ALL = ("openai/text-embedding-3-small", BY_TOKEN, BY_SECOND, IDLE_STOPS, RENTED, OWNED, HYBRID)
"""By the token, with a plan and free units, by the second, replicas rented and bought, both."""

VOLUMES = np.geomspace(1e5, 1e12, 12)

laws = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
workloads = st.builds(
    Workload,
    requests_per_day=st.sampled_from([10.0, 1e5, 3e7]),
    tokens_per_request=st.sampled_from([20.0, 500.0, 3_000.0]),
    deferrable_share=st.sampled_from([0.0, 0.4]),
    peak_to_mean=st.sampled_from([1.0, 3.0]),
)
questions = st.builds(
    Scenario,
    workload=workloads,
    serverless=st.builds(Serverless, failure_rate=st.sampled_from([0.0, 0.1])),
    hosting=st.builds(
        Hosting,
        model=st.just(M3),
        autoscale=st.booleans(),
        spare_replicas=st.integers(0, 2),
        spot_share=st.sampled_from([0.0, 0.5]),
    ),
    vectors=st.builds(Vectors, stored_millions=st.sampled_from([0.0, 50.0])),
    options=st.just(ALL),
)


def drawn(scenario: Scenario, **changed: Any) -> dict[str, Billed]:
    """Every option with its bill, of a question with some of its fields changed."""
    asked = scenario.model_copy(update=changed)
    return {item.option.id: item for item in billed_options(Case(asked, CATALOG))}


def usd(item: Billed) -> Any:
    """What it costs at each of the volumes."""
    assert item.bill is not None
    return item.bill.under(Factors(), VOLUMES)
