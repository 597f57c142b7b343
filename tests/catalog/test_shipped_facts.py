"""The catalogue that ships: cards, models, throughputs, latencies, assumptions."""

import math

import pytest

from core.catalog.load import load_catalog
from core.catalog.rows.rate_rows import MAY_BE_USED
from core.catalog.schema import Catalog, Confidence, RateKind, SourceKind, Throughput
from core.scenario import Hosting, Workload

MFU_BELIEVED = 0.60

# Dense fp16 tensor TFLOP/s with fp32 accumulation, from NVIDIA's datasheets: the figure that is
# most often entered doubled ("with sparsity").
DENSE_TFLOPS = {
    "t4": 65,
    "v100-16": 125,
    "a10": 125,
    "l4": 121,
    "l40s": 362,
    "a100-40": 312,
    "a100-80": 312,
    "h100": 989,
    "h100-pcie": 756,
    "h200": 989,
    "rtx-4080": 97.5,
    "rtx-4090": 165,
}


@pytest.mark.parametrize(("card_id", "tflops"), DENSE_TFLOPS.items())
def test_tensor_peaks_are_dense(catalog: Catalog, card_id: str, tflops: float) -> None:
    """No card carries its sparse or fp16-accumulation figure."""
    card = catalog.card(card_id)
    assert card
    assert card.dense_tflops == pytest.approx(tflops, rel=0.02)


def test_a_card_is_physically_possible(catalog: Catalog) -> None:
    """Peak per watt, and arithmetic per byte, lie where such cards lie."""
    for card in catalog.cards:
        if not card.predictable:
            continue  # not of the kind whose bounds these are
        assert card.tdp_w
        assert 0.15 <= card.dense_tflops / card.tdp_w <= 3, card.id
        assert 70 <= card.dense_tflops * 1000 / card.bandwidth_gb_s <= 450, card.id
        assert card.bf16 == (card.arch not in {"Turing", "Volta"}), card.id


def test_a_models_parts_are_no_larger_than_the_whole(catalog: Catalog) -> None:
    """Non-embedding parameters are fewer than all, and about 12 x layers x hidden squared."""
    for model in catalog.models:
        total, work = model.params_total_m, model.params_non_embedding_m
        if total is not None and work is not None:
            assert work < total, model.id
        if work and model.layers and model.hidden and not model.mixture_of_experts:
            dense = 12 * model.layers * model.hidden**2 / 1e6
            assert 0.5 <= work / dense <= 1.7, model.id


def test_only_a_free_licence_may_be_self_hosted(catalog: Catalog) -> None:
    """A model without weights, or without a commercial licence, is never offered on a GPU."""
    for model in catalog.models:
        allowed = (True, None) if model.kind == "open" else (False,)
        assert model.commercial_self_host in allowed, model.id


def implied_mfu(catalog: Catalog, row: Throughput) -> float | None:
    """Share of the peak that worked: 2 x N x tokens/s / peak; None where a part is unknown."""
    model, peak = catalog.model(row.model), peak_tflops(catalog, row)
    if model is None or peak is None or model.params_non_embedding_m is None:
        return None
    if row.tokens_per_s is None or not row.of_half_precision:
        return None
    return 2 * model.params_non_embedding_m * 1e6 * row.tokens_per_s / (peak * 1e12)


def peak_tflops(catalog: Catalog, row: Throughput) -> float | None:
    """Of the cards, of the cores of one, or of the vCPUs that worked."""
    card, cpu = catalog.card(row.card or ""), catalog.cpu(row.cpu or "")
    if card is not None:
        cores = 0.5 if "one of two cores" in row.server else 1.0
        return row.gpu_count * cores * card.dense_tflops
    if cpu is None or cpu.fp32_tflops is None or row.vcpus is None:
        return None
    return row.vcpus * cpu.fp32_tflops


@pytest.mark.parametrize("row", load_catalog().throughputs, ids=lambda r: f"{r.model} {r.server}")
def test_a_usable_throughput_is_believable(catalog: Catalog, row: Throughput) -> None:
    """What feeds the model stays under 60 % of the peak; what lies above is marked."""
    mfu = implied_mfu(catalog, row)
    if row.usable:
        assert mfu is not None
        assert 0.05 <= mfu <= MFU_BELIEVED
    elif mfu is not None and mfu > 1:
        assert row.verdict.startswith("impossible")


def test_a_rate_without_a_length_or_of_the_model_alone_is_never_used(catalog: Catalog) -> None:
    """Ceilings are shipped for several cards, and none of them states a pair's rate."""
    ceilings = [r for r in catalog.throughputs if r.what is RateKind.MODEL_CALL]
    assert len({row.card for row in ceilings if row.card}) >= 4
    assert not any(row.usable for row in ceilings)
    assert all(row.tokens_per_text and row.what in MAY_BE_USED for row in _used(catalog))


def _used(catalog: Catalog) -> list[Throughput]:
    return [row for row in catalog.throughputs if row.usable]


def test_no_rate_is_entered_twice(catalog: Catalog) -> None:
    """A second row of one run would weigh double in the middle of its pair."""
    keys = [row.model_dump_json(exclude={"verdict", "usable"}) for row in catalog.throughputs]
    assert len(set(keys)) == len(keys)


def test_a_rate_on_the_cards_own_hosts_says_how_many_processors(catalog: Catalog) -> None:
    """Infinity's benchmark ran beside 16 vCPUs, and so did the project's own."""
    beside = {row.card: row.vcpus for row in catalog.throughputs if row.vcpus and row.card}
    assert beside == {"l4": 16, "h200": 16}


def test_the_impossible_figures_are_kept(catalog: Catalog) -> None:
    """The page warns of published figures beyond the card's peak, so they must be there."""
    beyond = [r for r in catalog.throughputs if (implied_mfu(catalog, r) or 0) > 1]
    assert len(beyond) >= 3


def test_the_best_usable_row_of_the_default_pair_is_the_reference_one(catalog: Catalog) -> None:
    """62,200 tokens/s: bge-large on one L4 by TEI, 31 % of the peak, among five."""
    pair = ("BAAI/bge-large-en-v1.5", "l4")
    rows = [r for r in catalog.throughputs if r.usable and (r.model, r.card) == pair]
    assert len(rows) == 5
    best = max(rows, key=lambda row: row.tokens_per_s or 0)
    assert best.tokens_per_s == 62_200
    assert implied_mfu(catalog, best) == pytest.approx(0.312, abs=0.001)


def test_the_default_model_can_be_hosted(catalog: Catalog) -> None:
    """The scenario's own model is in the table, with what a prediction needs."""
    model = catalog.model(Hosting().model)
    assert model
    assert model.commercial_self_host
    assert model.params_non_embedding_m
    assert model.layers
    assert model.hidden


def test_published_latencies_are_weak_evidence(catalog: Catalog) -> None:
    """None of them claims more than low confidence, and one option has one row."""
    assert {row.source.confidence for row in catalog.latencies} == {Confidence.LOW}
    options = [row.option for row in catalog.latencies]
    assert len(options) == len(set(options))


def test_the_scenarios_defaults_are_sourced(catalog: Catalog) -> None:
    """Each number that a scenario starts with is an assumption with its reasoning."""
    hosting, load = Hosting(), Workload()
    for assumption_id, value in {
        "electricity-us-residential": hosting.usd_per_kwh,
        "pue-home": hosting.power_usage_effectiveness,
        "utilisation-ceiling": hosting.utilisation_ceiling,
        "idle-power": hosting.idle_w,
        "card-lifetime": hosting.lifetime_months,
        "peak-to-mean": load.peak_to_mean,
        "characters-per-token": load.characters_per_token,
        "labour-month": hosting.labour_usd_per_month,
        "batch-start": hosting.batch_start_s,
    }.items():
        assert catalog.assumption(assumption_id).value == value
    labour, share = (
        catalog.assumption("labour-month"),
        catalog.assumption("labour-inference-service"),
    )
    service = catalog.assumption("labour-embedding-service")
    assert service.low is not None
    assert share.high is not None
    assert (labour.low, labour.high) == (service.low / 12, share.high * 15_000)
    middle = math.sqrt(service.low / 12 * share.high * 15_000)
    assert labour.value == pytest.approx(middle, abs=50)


def test_a_judgement_gives_its_reasons(catalog: Catalog) -> None:
    """A number without a page says in a sentence why it is what it is."""
    sources = [row.source for row in catalog.assumptions]
    sources += [row.source for row in catalog.latencies]
    for source in sources:
        if source.kind is SourceKind.JUDGEMENT:
            assert len(source.note.split()) >= 8
