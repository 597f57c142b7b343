"""Published and predicted throughput."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.physics import ModelShape, flops_per_token, mfu
from core.serving.law.batch_law import Machine
from core.serving.law.published_rates import SERVED, Nominal, PublishedRate, nominal_throughput
from core.serving.law.stated_range import Known, server_factor

LARGE = ModelShape(303.8e6, 24, 1_024)
SMALL = ModelShape(21.7e6, 12, 384)
MINI = ModelShape(11e6, 6, 384)
L4 = Machine(121, 300, 16)
BEST = PublishedRate("large", "l4", "TEI 0.6", 62_200, 450)
SLOW = replace(BEST, server="sentence-transformers", tokens_per_s=19_500)
MIDDLE = replace(BEST, server="Infinity", tokens_per_s=49_200)
RATES = (SLOW, BEST, MIDDLE)


def on_l4(*rates: PublishedRate, shape: ModelShape | None = LARGE) -> Nominal:
    """The figure of the published pair."""
    found = nominal_throughput("large", "l4", shape, L4, rates)
    assert found is not None
    return found


def test_the_middle_published_server_counts_and_the_others_are_in_its_range() -> None:
    """Where the pair is published, the stated rate is no corner of what was seen."""
    found = on_l4(*RATES)
    assert found.basis == "published"
    assert found.tokens_per_s == pytest.approx(49_200)
    assert found.low_share * 49_200 == pytest.approx(19_500)
    assert found.high_share == pytest.approx(server_factor(Known.PAIR))  # 62,200 is within
    assert found.reference is MIDDLE
    assert "the middle of 3 servers from 19,500 to 62,200" in found.explanation


def test_of_two_servers_the_middle_lies_between() -> None:
    """As a ratio, and the nearer row is its source."""
    found = on_l4(BEST, SLOW)
    assert found.tokens_per_s == pytest.approx((62_200 * 19_500) ** 0.5)


def test_one_published_row_has_the_range_of_servers() -> None:
    """A single figure shows no spread: another server of the pair is as far off as any."""
    found = on_l4(BEST)
    factor = server_factor(Known.PAIR)
    assert (found.low_share, found.high_share) == pytest.approx((1 / factor, factor))


@given(st.lists(st.floats(20_000, 70_000), min_size=1, max_size=6))
def test_servers_that_agree_do_not_narrow_the_range(speeds: list[float]) -> None:
    """Two rows alike show little of a third: the range holds what was seen, and what is stated."""
    found = on_l4(*(replace(BEST, tokens_per_s=speed) for speed in speeds))
    factor = server_factor(Known.PAIR)
    middle = found.tokens_per_s
    assert found.low_share * middle <= min(*speeds, middle / factor) * (1 + 1e-9)
    assert found.high_share * middle >= max(*speeds, middle * factor) * (1 - 1e-9)


@pytest.mark.parametrize(("has_server", "known"), [(True, Known.CARD), (False, Known.NEITHER)])
def test_a_card_without_a_server_has_the_wider_range(*, has_server: bool, known: Known) -> None:
    """And says what the range rests on."""
    found = nominal_throughput(
        "small", "l4", SMALL, L4, RATES, replace(SERVED, card_has_server=has_server)
    )
    assert found is not None
    assert found.high_share == pytest.approx(server_factor(known))
    groups = "3 pairs left out" if has_server else "2 cards left out"
    assert groups in found.explanation


def mini(*, vcpus: float, ends: tuple[float, float] | None = None) -> Nominal:
    """The smallest model on the fastest card, beside such a host."""
    found = nominal_throughput("mini", "h200", MINI, Machine(989, 4_800, vcpus, ends), RATES)
    assert found is not None
    return found


def test_assumed_vcpus_widen_the_range_of_a_model_that_its_host_bounds() -> None:
    """At the fewest and at the most that they may be; the middle stays, and it is said."""
    known, found = mini(vcpus=16), mini(vcpus=16, ends=(4, 26))
    few, many = mini(vcpus=4), mini(vcpus=26)
    assert found.tokens_per_s == known.tokens_per_s
    factor = server_factor(Known.NEITHER)
    assert found.low_share * found.tokens_per_s == pytest.approx(few.tokens_per_s / factor)
    assert found.high_share * found.tokens_per_s == pytest.approx(many.tokens_per_s * factor)
    assert found.high_share > 1.1 * known.high_share
    assert "16 vCPUs, assumed; the range holds 4 to 26" in found.explanation
    assert "assumed" not in known.explanation


def test_assumed_vcpus_leave_alone_what_its_card_bounds() -> None:
    """A large model on a small card has the same range beside any host, and still says it."""
    found = nominal_throughput("other", "l4", LARGE, Machine(121, 300, 16, (4, 26)), RATES)
    assert found is not None
    assert found.high_share == pytest.approx(server_factor(Known.NEITHER))
    assert (found.vcpus_assumed, "16 vCPUs, assumed" in found.explanation) == (16, True)
    published = nominal_throughput("large", "l4", LARGE, Machine(121, 300, 16, (4, 26)), RATES)
    assert published is not None
    assert published.vcpus_assumed is None


def test_a_published_model_needs_no_known_shape() -> None:
    """Its rate is its rate."""
    assert on_l4(MIDDLE, shape=None).tokens_per_s == pytest.approx(49_200)


def test_another_pair_is_predicted_with_a_range_either_way() -> None:
    """What it says is the middle of its range, and it says what bounds."""
    found = nominal_throughput("small", "l4", SMALL, L4, RATES)
    assert found is not None
    assert (found.basis, found.reference) == ("predicted", None)
    assert found.low_share * found.high_share == pytest.approx(1)
    assert "bound by the work of the card" in found.explanation


def test_a_small_model_on_a_fast_card_meets_its_host() -> None:
    """MiniLM on an H200 beside 16 vCPUs: 2.4 to 2.7 million tokens/s were measured, not 13."""
    found = nominal_throughput("mini", "h200", MINI, Machine(989, 4_800, 16), RATES)
    assert found is not None
    assert 2.0e6 < found.tokens_per_s < 3.2e6
    assert "bound by the host's 16 vCPUs" in found.explanation


@given(
    st.floats(8, 2_500),
    st.floats(200, 8_000),
    st.floats(1, 256),
    st.sampled_from([LARGE, SMALL, MINI, ModelShape(3e8, None, None), ModelShape(7e9, 36, 4_096)]),
)
def test_no_prediction_passes_the_dense_peak(
    peak: float, bandwidth: float, vcpus: float, shape: ModelShape
) -> None:
    """On any card, with any host, a share of the peak below 1."""
    found = nominal_throughput("other", "card", shape, Machine(peak, bandwidth, vcpus), RATES)
    assert found is not None
    assert 0 < mfu(found.tokens_per_s, flops_per_token(shape, 512), peak) < 1


def test_an_unknown_shape_predicts_nothing() -> None:
    """Without the work of a token there is no figure."""
    assert nominal_throughput("other", "l4", None, L4, RATES) is None


def test_a_published_impossibility_is_refused() -> None:
    """A usable row above the card's peak is an error in the catalogue, not a fast card."""
    with pytest.raises(ModelInputError, match="impossible"):
        on_l4(replace(BEST, tokens_per_s=4_352_000))


def test_a_rate_that_leaves_no_time_for_a_batch_is_refused() -> None:
    """Where the shape is not known no peak speaks against it."""
    with pytest.raises(ModelInputError, match="no time for work"):
        on_l4(replace(BEST, tokens_per_s=1e9), shape=None)


def test_a_doubtful_rate_is_used_with_its_doubt() -> None:
    """Between 60 % and 100 % of the peak the figure carries a warning."""
    assert "doubt" in on_l4(replace(BEST, tokens_per_s=140_000)).warning
