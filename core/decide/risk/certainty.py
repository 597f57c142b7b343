"""How sure the answer is, as the first screen says it: the parts of ``risk`` that it needs."""

from core.cost.many_scenarios.value_of_information import Estimated
from core.decide.result.risk_result import Certainty, Decisive, is_worth
from core.decide.risk.analyse_risk import (
    SAMPLES,
    contenders,
    drawn_costs,
    judged_volume,
    option_risks,
)
from core.decide.risk.mean_costs import mean_usd
from core.decide.risk.risk_methods import method_for
from core.decide.risk.risk_model import RiskModel

NOBODY = Certainty((), Estimated(0.0, 0.0), None)


def certainty(model: RiskModel, samples: int = SAMPLES, *, decisive: bool = False) -> Certainty:
    """Chances, bands and regret at the model's volume; to the last digit those of ``risk``.

    ``decisive``: also which single input is most worth finding out first.
    """
    method, able = method_for(model.uncertain, samples), model.able(judged_volume(model))
    if not able:
        return NOBODY
    costs = drawn_costs(model, method, able)
    options = option_risks(model, able, costs, mean_usd(model), method)
    able_to_win, best = contenders(costs), None
    for belief in model.uncertain if decisive else ():
        worth = method.worth(able_to_win, (belief.name,))
        if is_worth(worth) and (best is None or worth.value > best.worth.value):
            best = Decisive(belief, worth)
    return Certainty(tuple(options), method.everything(costs), best)
