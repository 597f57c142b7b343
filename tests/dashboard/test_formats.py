"""Numbers to text."""

import html
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import PriceUnit
from core.scenario import Scenario, Workload
from dashboard import formats

SCALES = {"M": 1e6, "B": 1e9, "T": 1e12, "Q": 1e15}
AMOUNTS = st.floats(min_value=1e-9, max_value=1e17)


def spaced(text: str) -> str:
    """The text with its no-break spaces made plain."""
    return text.replace(formats.NO_BREAK, " ")


def read_back(text: str) -> float:
    """The number that a formatted amount says."""
    found = re.fullmatch(r"-?\$?([\d,]*\.?\d+)(?: ([MBTQ]))?", spaced(text))
    assert found is not None, text
    return float(found[1].replace(",", "")) * SCALES.get(found[2] or "", 1.0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (18, "$18"),
        (1_162.3, "$1,162"),
        (4.2, "$4.20"),
        (0.54, "$0.54"),
        (0.1, "$0.10"),
        (0.018, "$0.018"),
        (2.4e6, "$2.4 M"),
        (999_999.6, "$1 M"),
        (0, "$0"),
        (-3, "-$3.00"),
        (None, "not known"),
    ],
)
def test_money(value: float | None, text: str) -> None:
    """Money has the digits that a reader uses."""
    assert spaced(formats.usd(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.32, "32 %"),
        (0.01, "1 %"),
        (0.004, "0.4 %"),
        (0.00001, "under 0.01 %"),
        (1, "100 %"),
        (0.999, "99.9 %"),
        (0, "0 %"),
        (None, "not known"),
    ],
)
def test_shares(value: float | None, text: str) -> None:
    """A share is a percentage; almost all of it is not 100 %, almost none is not 0 %."""
    assert spaced(formats.percent(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.21, "210 ms"),
        (0.0042, "4.2 ms"),
        (2.4, "2.4 s"),
        (300, "5 min"),
        (8_640, "2.4 h"),
        (0.9996, "1 s"),
        (None, "not known"),
    ],
)
def test_durations(value: float | None, text: str) -> None:
    """A time is said in the unit that it is of."""
    assert spaced(formats.duration(value)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.526, PriceUnit.PER_HOUR, "$0.526/h"),
        (0.02, PriceUnit.PER_MTOK, "$0.02 per 1M tokens"),
        (0.00012, PriceUnit.PER_SECOND, "$0.00012 per second"),
        (1_199, None, "$1,199 to buy"),
        (None, PriceUnit.PER_HOUR, "no price"),
    ],
)
def test_prices_keep_their_unit(value: float | None, unit: PriceUnit | None, text: str) -> None:
    """A price is shown as it is billed."""
    assert formats.price(value, unit) == text


def test_volume_is_spelt_out_with_its_period() -> None:
    """Requests a day times tokens is tokens a month: the period is always said."""
    scenario = Scenario(workload=Workload(requests_per_day=100_000, tokens_per_request=500))
    text = "100,000 requests/day × 500 tokens = 1.5 B tokens/month"
    assert spaced(formats.volume(scenario)) == text


@given(AMOUNTS)
def test_money_reads_back_as_what_it_was(value: float) -> None:
    """Shortening an amount moves it by less than six percent, and no power of ten shows."""
    text = formats.usd(value)
    assert "e" not in text
    assert math.isclose(read_back(text), value, rel_tol=0.06)


@given(AMOUNTS)
def test_counts_read_back_as_what_they_were(value: float) -> None:
    """Three digits of a count are right."""
    assert math.isclose(read_back(formats.compact(value)), value, rel_tol=0.006)


@given(st.lists(AMOUNTS, min_size=2, max_size=2))
def test_more_money_never_reads_as_less(pair: list[float]) -> None:
    """Rounding keeps the order."""
    small, large = sorted(pair)
    assert read_back(formats.usd(small)) <= read_back(formats.usd(large))


@given(st.text())
def test_plain_text_has_no_markdown_left(text: str) -> None:
    """Every sign that markdown reads is preceded by a backslash."""
    without_escapes = re.sub(r"\\.", "", formats.plain(text))
    assert not re.search(r"[`*_{}\[\]<>#$~|:!]", without_escapes)


@given(st.integers(1, 10**12), st.sampled_from([1, 100, 10**6]))
def test_a_quoted_amount_keeps_its_cents_and_its_digits(units: int, per_usd: int) -> None:
    """Whole cents are exact at any size; a finer price is right to six digits."""
    amount = units / per_usd
    text = formats.usd_exact(amount)
    rel = 1e-9 if per_usd <= 100 else 5e-6
    assert float(text.removeprefix("$").replace(",", "")) == pytest.approx(amount, rel=rel)
    assert per_usd > 100 or re.fullmatch(r"\$[\d,]+\.\d\d", text)


@pytest.mark.parametrize(("value", "text"), [(154.5e9, "155"), (0.125, "0.13"), (2.5e6, "2.5")])
def test_halves_are_rounded_as_the_browser_rounds_them(value: float, text: str) -> None:
    """The volume under the finger and the volume in the verdict are the same text."""
    digits = 2 if value < 1 else 3
    assert formats.compact(value, digits).split(formats.NO_BREAK)[0] == text


def test_this_machine_is_written_small_inside_a_sentence() -> None:
    """A generic name loses its capital, a provider's keeps it."""
    assert formats.in_sentence("This machine (a CPU)") == "this machine (a CPU)"
    assert formats.in_sentence("OpenAI 3-small") == "OpenAI 3-small"


@pytest.mark.parametrize(
    ("seconds", "digits", "shown"),
    [
        (0.0123456, 3, 12.346),
        (0.0123456, 1, 12.3),
        (2.0, 3, 2_000.0),
        (0.0, 3, 0.0),
        (None, 3, None),
    ],
)
def test_a_column_of_ms_keeps_what_is_absent(
    seconds: float | None, digits: int, shown: float | None
) -> None:
    """A time that nobody measured stays absent: it is not 0 ms."""
    assert formats.milliseconds(seconds, digits) == shown


@given(st.text())
def test_a_label_of_a_figure_holds_no_tag(text: str) -> None:
    """What somebody typed or a server said is shown as written."""
    shown = formats.in_figure(text)
    assert not set("<>") & set(shown)
    assert html.unescape(shown) == text


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("AWS g6.xlarge (L4)", "AWS g6.xlarge (L4)"),
        ("AWS g6.xlarge (L4) with bge-m3", "AWS g6.xlarge · bge-m3"),
        ("AWS g6.xlarge (L4) with bge-small-en-v1.5", "AWS g6.xl… · bge-small…"),
        ("AWS g6.xlarge (L4) with bge-m3 + Cloudflare bge-m3", "AWS g6.xl… · bge-m3 +…"),
        ("Cloudflare multilingual bge-large", "Cloudflare multilingua…"),
    ],
)
def test_a_short_label_tells_two_models_on_one_machine_apart(label: str, shown: str) -> None:
    """Something of the machine and something of the model is left."""
    assert formats.short(label) == shown
    assert len(shown) <= 23
