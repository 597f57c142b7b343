"""A move within one vector space embeds nothing anew, whoever sells the vectors."""

from itertools import combinations_with_replacement, product
from typing import Final

import pytest

from core.catalog.schema import Catalog
from core.cost.hybrid.vector_space import why_not_mixed
from core.decide.advice.recommend import recommend
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.hybrid_option import vectors_of
from core.decide.plan.plan import plan
from core.decide.plan.plan_moves import Mover, mover_now
from core.decide.plan.plan_terms import PlanTerms
from core.scenario import THIS_MACHINE, Hosting, Scenario, Workload, hybrid_id

TERMS: Final = PlanTerms(corpus_tokens=1e11, refit_usd=500.0, cutover_months=2)
OF_VECTORS: Final = {"Embedding the corpus", "Dual storage", "Change of vectors"}
NANO, FAMILY = "voyageai/voyage-4-nano", "voyage-4"
LARGE: Final = "BAAI/bge-large-en-v1.5"


def mover(catalog: Catalog, *options: str, terms: PlanTerms = TERMS, model: str = LARGE) -> Mover:
    """Prices the moves between these options at 1.5 B tokens a month."""
    case = Case(Scenario(hosting=Hosting(model=model), options=options), catalog)
    return mover_now(curves(case), case, terms)


def sold(catalog: Catalog) -> tuple[str, ...]:
    """Every API that sells a model of its own, by its option id."""
    return tuple(
        f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.api_offers
        if offer.model is not None and offer.prices
    )


def test_two_models_mix_in_a_move_exactly_where_they_mix_in_a_hybrid(catalog: Catalog) -> None:
    """One notion of a space, for all pairs of models of the catalogue."""
    for one, other in combinations_with_replacement([model.id for model in catalog.models], 2):
        mixed = not why_not_mixed(vectors_of(one, catalog), vectors_of(other, catalog))
        assert catalog.shares_space(one, other) == mixed, (one, other)
        assert catalog.shares_space(other, one) == mixed


def test_a_move_within_a_space_embeds_nothing_for_all_pairs_of_the_catalogue(
    catalog: Catalog,
) -> None:
    """All APIs, a machine, a hybrid and a card of one's own: labour at most within a space.

    By hand: from voyage-4-large to its small open member on a rented L4 only the set-up is due.
    """
    rented, owned = f"aws/g6.xlarge@{NANO}", f"owned/rtx-4090@{LARGE}"
    hybrid = hybrid_id("aws/g6.xlarge@BAAI/bge-m3", "cloudflare/bge-m3")
    options = (*sold(catalog)[:21], "voyage/voyage-4-large", rented)
    seen = {True: 0, False: 0}
    for asked in (options, (*sold(catalog)[21:42], owned, hybrid, rented)):
        prices = mover(catalog, *asked)
        moves = prices.moves()
        for (a, before), (b, after) in product(enumerate(prices.curves), repeat=2):
            within = catalog.shares_space(before.option.model, after.option.model)
            lines = {line.label for line in prices.lines(before, after, 0)}
            seen[within] += 1
            if within:
                assert not lines & OF_VECTORS
                assert moves.changing[a, b, 0] <= TERMS.setup_usd
            else:
                assert "Change of vectors" in lines
                assert moves.changing[a, b, 0] >= TERMS.refit_usd
    assert seen[True] > 40
    assert seen[False] > 200


@pytest.mark.parametrize(
    ("current", "model", "to", "anew"),
    [
        (THIS_MACHINE, "BAAI/bge-m3", "cloudflare/bge-m3", False),
        (THIS_MACHINE, NANO, "voyage/voyage-4-large", False),
        (THIS_MACHINE, "BAAI/bge-m3", "voyage/voyage-4-large", True),
        ("voyage/voyage-4-lite", LARGE, "voyage/voyage-4-large", False),
        ("voyage/voyage-4-lite", LARGE, "cloudflare/bge-m3", True),
    ],
)
def test_what_is_used_today_keeps_its_vectors_whether_it_has_a_price_or_not(
    catalog: Catalog, current: str, model: str, to: str, *, anew: bool
) -> None:
    """This computer has no price here, and yet its index is there: plan and advice say the same."""
    terms = PlanTerms(corpus_tokens=1e11, refit_usd=500.0, current=current)
    scenario = Scenario(
        workload=Workload(requests_per_day=1e4),
        hosting=Hosting(model=model),
        options=(current, to),
    )
    case = Case(scenario, catalog)
    drawn = curves(case)
    prices = mover_now(drawn, case, terms)
    target = next(place for place, c in enumerate(prices.curves) if c.option.id == to)
    lines = prices.lines(None, prices.curves[target], 0)
    assert bool({line.label for line in lines} & OF_VECTORS) == anew
    due = sum(line.usd_per_month for line in lines)
    assert prices.moves().beginning[target] == pytest.approx(due)
    best = plan(drawn, case, terms).best
    assert best is not None
    if best.steps[0].option_id == to:
        assert sum(x.usd_per_month for x in best.steps[0].one_off) == pytest.approx(due)
    advice = recommend(drawn, at_volume(drawn, case), case, terms=terms)
    if advice.option is not None and advice.option.option.id == to and current != THIS_MACHINE:
        assert advice.move_usd == pytest.approx(due)
