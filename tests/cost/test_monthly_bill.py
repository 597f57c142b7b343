"""What every bill answers where its kind says nothing else."""

import math

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.breakdown import CostLine

API = UsageBill(((math.inf, 2.0),), 1e6, "M tokens")


def test_what_is_paid_by_use_has_no_machine_and_no_end() -> None:
    """Nothing runs, nothing waits for a start, and nothing stands beside the tokens."""
    assert API.running(1e9) is None
    assert API.paid_replicas(np.array([1e9])) is None
    assert API.working_replicas(np.array([0.0, 1e9])).tolist() == [0.0, 0.0]
    assert API.by_hour(np.array([1.0, 5.0]), 3.0).tolist() == [3.0, 3.0]
    assert API.tokens_delaying_at_most(0.05) == 0
    assert API.ceiling_tokens == math.inf
    assert API.batch_saving == 0
    money = (API.beside_usd_per_token, API.replica_usd_per_month, API.host_usd_per_month)
    assert money == (0.0, 0.0, 0.0)
    assert (API.api_bill, API.gathers, API.spills, API.starts_cold) == (None, False, False, False)


def test_tokens_beyond_the_month_cost_what_the_month_costs_more() -> None:
    """Of an API by its price; of replicas the one more that the volume takes."""
    month, more = np.array([1e6, 1e9]), np.array([5e5, 1e6])
    assert API.added_usd(month, more, batched=False).tolist() == [1.0, 2.0]
    replicas = HostedBill(1e9, 0, 0.0, CostLine("Rent", 100.0, "rent"))
    assert replicas.added_usd(month, more, batched=False).tolist() == [0.0, 100.0]
    assert replicas.host_usd_per_month == 0
