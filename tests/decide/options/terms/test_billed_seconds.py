"""Seconds of a GPU that a text is billed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog, PriceUnit
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import billed_options
from core.decide.options.terms.billed_seconds import billed_seconds
from core.decide.result.option import Option
from core.scenario import Hosting, Scenario, Serverless, Workload
from core.serving.batch.physics import flops_per_token

T4 = "replicate/t4"
M3 = "BAAI/bge-m3"


def asked(
    option_id: str, model: str, tokens: float, cv: float = 0.0, together: int = 1
) -> Scenario:
    """A small load of one model's texts."""
    return Scenario(
        workload=Workload(requests_per_day=20_000, tokens_per_request=tokens, length_cv=cv),
        hosting=Hosting(model=model),
        serverless=Serverless(items_per_call=together),
        options=(option_id,),
    )


def option(scenario: Scenario, catalog: Catalog) -> Option:
    """The option of a scenario that has one."""
    return billed_options(Case(scenario, catalog))[0].option


def seconds(
    catalog: Catalog, model: str, tokens: float, option_id: str = T4, together: int = 1
) -> float:
    """Billed seconds of a text."""
    found = option(asked(option_id, model, tokens, together=together), catalog).seconds_per_text
    assert found is not None
    return found


def by_second(catalog: Catalog) -> list[str]:
    """Every option that bills seconds of a known card."""
    apis = [
        f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.api_offers
        if offer.price.unit is PriceUnit.PER_SECOND and offer.card
    ]
    gpus = [
        f"{provider.id}/{offer.id}"
        for provider in catalog.providers
        for offer in provider.machines
        if offer.purchase == "serverless"
    ]
    return apis + gpus


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_text_is_billed_below_its_operations_over_the_peak(
    catalog: Catalog, data: st.DataObject
) -> None:
    """Whatever the option by the second, the model, the lengths and how many come together."""
    option_id = data.draw(st.sampled_from(by_second(catalog)))
    model_id = data.draw(st.sampled_from([m.id for m in catalog.models if shape_of(m)]))
    scenario = asked(
        option_id,
        model_id,
        data.draw(st.floats(1, 8_000)),
        data.draw(st.sampled_from([0.0, 0.5, 1.5])),
        data.draw(st.integers(1, 200)),
    )
    case = Case(scenario, catalog)
    found, texts = option(scenario, catalog), case.hosted_texts
    shape = shape_of(catalog.model(model_id))
    sold = catalog.find_api(option_id) or catalog.find_machine(option_id)
    assert sold is not None
    card = catalog.card(sold[1].card or "")
    assert shape is not None
    assert card is not None
    peak = card.dense_tflops * 1e12
    least = sum(n * flops_per_token(shape, n) for n in texts.lengths) / len(texts.lengths) / peak
    if found.seconds_per_text is not None:
        assert found.seconds_per_text >= least * (1 - 1e-9)
    elif found.capacity is not None and found.capacity.replica is not None:
        full = found.capacity.replica.batch.per_text_s
        assert full >= least * (1 - 1e-9)
    else:
        assert "GB" in found.unpriced_reason


def test_the_catalogues_seconds_are_those_of_their_own_model_and_length(catalog: Catalog) -> None:
    """50 ms for 500 tokens through bge-large on a T4, as it was."""
    assert seconds(catalog, "BAAI/bge-large-en-v1.5", 500) == pytest.approx(0.05)


def test_long_texts_cost_what_they_take(catalog: Catalog) -> None:
    """8,000 tokens through bge-m3 on a T4: at the peak alone $23 a month, and not $6.75."""
    scenario = asked(T4, M3, 8_000)
    case = Case(scenario, catalog)
    (row,) = at_volume(curves(case), case).rows
    assert row.usd_per_month is not None
    assert row.usd_per_month > 24
    assert seconds(catalog, M3, 8_000) > 0.3


def test_short_texts_and_small_models_cost_less(catalog: Catalog) -> None:
    """What a call takes besides its work stays: 20 tokens are not a 25th of 500."""
    large, short = (seconds(catalog, "BAAI/bge-large-en-v1.5", n) for n in (500, 20))
    assert large / 25 < short < large
    assert seconds(catalog, "sentence-transformers/all-MiniLM-L6-v2", 200) < large


def test_what_comes_together_shares_the_start_of_its_call(catalog: Catalog) -> None:
    """32 short texts in a call are billed less each, and never less than their work."""
    alone, together = (seconds(catalog, M3, 20, together=k) for k in (1, 32))
    assert together < alone / 5


def test_weights_that_do_not_fit_are_refused(catalog: Catalog) -> None:
    """20 billion weights in half precision are no option on 16 GB."""
    models = tuple(
        m.model_copy(update={"params_total_m": 20_000.0}) if m.id == M3 else m
        for m in catalog.models
    )
    larger = catalog.model_copy(update={"models": models})
    refused = option(asked(T4, M3, 500), larger)
    assert "Choose a larger card or a smaller model" in refused.unpriced_reason
    assert refused.seconds_per_text is None


def test_without_a_card_longer_texts_take_as_much_longer(catalog: Catalog) -> None:
    """The hardware is not said: the catalogue's seconds are the least, and grow with the text."""
    found = catalog.find_api("huggingface/hf-inference")
    assert found is not None
    for tokens, expected in ((20, 0.05), (500, 0.05), (510, 0.051)):
        case = Case(asked("huggingface/hf-inference", M3, tokens), catalog)
        texts = case.load.texts(found[1].max_tokens)
        assert billed_seconds(found[1], texts, case) == pytest.approx(expected)
