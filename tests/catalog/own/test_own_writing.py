"""What a person says becomes rows that read back as said, all of them or none."""

import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog.load import load_catalog
from core.catalog.own import own_writing
from core.catalog.own.drafts import ApiDraft, Author, CardDraft, Draft, MachineDraft, RateDraft
from core.catalog.own.joined import joined_catalog
from core.catalog.own.own_bundle import addresses, bring_in, bundle_text, files_of, read_bundle
from core.catalog.own.own_list import own_entries
from core.catalog.own.own_writing import add_rows, remove_option, texts_without
from core.catalog.own.replacing import replace_all
from core.catalog.own.toml_text import toml_text
from core.catalog.schema import Catalog, PriceUnit
from core.errors import CatalogError
from core.refusals import first_fault
from tests.catalog.own.own_texts import MINE, newer, write

ADA = Author("Ada", date(2026, 11, 29))
API = ApiDraft(
    name="Lab TEI",
    base_url="http://10.0.0.7:8080/v1",
    wire_model="bge-m3",
    usd=Decimal("0.004"),
    model="open/large",
)
MACHINE = MachineDraft(
    name="Rack 2", card="gpu-l", had="there", count=2, power_w=160, model="open/large"
)
RATE = RateDraft(
    of="rack-2/gpu-l",
    model="open/large",
    tokens_per_s=12_000,
    tokens_per_text=512,
    batch_texts=32,
    server="TEI 1.8",
)
CARD = CardDraft(
    name="H 300", dense_tflops=900, bandwidth_gb_s=3_900, memory_gb=94, tdp_w=400, usd_new=30_000
)
ALL: tuple[Draft, ...] = (API, MACHINE, RATE, CARD)


def add(folder: Path, shipped: Catalog, *drafts: Draft, replace: bool = False) -> Catalog:
    """Each in turn, as a command does it."""
    for draft in drafts:
        known = joined_catalog(folder, shipped).catalog
        add_rows(folder, shipped, draft.rows(known, ADA), replace=replace)
    joined = joined_catalog(folder, shipped)
    assert joined.refusal == ""
    return joined.catalog


def test_each_kind_is_an_option_then(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """An API, a machine, a rate of it, a card: listed, named yours, with who said so."""
    catalog = add(tmp_path, frozen_catalog, *ALL)
    assert (API.option_id, MACHINE.option_id) == ("lab-tei/bge-m3", "rack-2/gpu-l@open/large")
    found = catalog.find_api("lab-tei/bge-m3")
    assert found is not None
    assert (found[1].price.usd, found[1].price.unit) == (Decimal("0.004"), PriceUnit.PER_MTOK)
    assert found[1].price.source.where == "yours: Ada"
    assert catalog.owned_card("owned/h-300") is not None
    machine = catalog.find_machine(MACHINE.option_id)
    assert machine is not None
    assert (machine[1].count, machine[1].purchase) == (2, "there")
    listed = [(one.id, one.kind, one.price) for one in own_entries(tmp_path, frozen_catalog)]
    assert listed == [
        ("lab-tei/bge-m3", "API", "$0.004 per 1M tokens"),
        ("rack-2/gpu-l", "machine", "there already"),
        ("owned/h-300", "card", "$30000 to buy"),
        ("rate/rack-2/gpu-l@open/large", "rate", "12000 tokens/s"),
    ]


@pytest.mark.parametrize("unit", ["usd_per_mtok", "usd_per_mchar", "usd_per_request"])
@pytest.mark.parametrize("usd", ["0", "0.00000125", "3"])
def test_a_price_is_kept_as_it_was_said(
    tmp_path: Path, frozen_catalog: Catalog, unit: str, usd: str
) -> None:
    """In any unit that an API bills, to the last digit, or free."""
    draft = API.model_copy(update={"usd": Decimal(usd), "unit": PriceUnit(unit)})
    found = add(tmp_path, frozen_catalog, draft).find_api(draft.option_id)
    assert found is not None
    assert (found[1].price.usd, found[1].price.unit) == (Decimal(usd), unit)


def test_how_an_address_is_asked_is_kept(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """The header of its key, its query and its body, as a deployment of Azure needs them."""
    asked = {"key_header": "api-key", "query": {"api-version": "2024-10-21"}, "body": {"n": 1}}
    draft = API.model_copy(update=asked)
    found = add(tmp_path, frozen_catalog, draft).find_api(draft.option_id)
    assert found is not None
    endpoint = found[0].endpoint
    assert endpoint is not None
    assert (endpoint.key_header, dict(endpoint.query), dict(endpoint.body)) == tuple(asked.values())


def test_a_price_by_the_second_needs_its_seconds(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """They are his word, too."""
    draft = API.model_copy(
        update={"usd": Decimal("0.001"), "unit": PriceUnit.PER_SECOND, "seconds_per_request": 0.2}
    )
    found = add(tmp_path, frozen_catalog, draft).find_api(draft.option_id)
    assert found is not None
    assert found[1].seconds_per_request == 0.2


def test_what_is_taken_out_is_gone_and_all_else_stays(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """The machine goes with the rate that is its alone; comments of other rows stay."""
    add(tmp_path, frozen_catalog, *ALL)
    file = tmp_path / "cards.toml"
    file.write_text(file.read_text() + "\n# mine, too\n")
    second = CARD.model_copy(update={"name": "H 400"})
    add(tmp_path, frozen_catalog, second)
    remove_option(tmp_path, frozen_catalog, "rack-2/gpu-l")
    assert [one.id for one in own_entries(tmp_path, frozen_catalog)] == [
        "lab-tei/bge-m3",
        "owned/h-300",
        "owned/h-400",
    ]
    assert not (tmp_path / "throughput.toml").exists()
    remove_option(tmp_path, frozen_catalog, "owned/h-400")
    assert "# mine, too" in file.read_text()
    for left in ("lab-tei/bge-m3", "owned/h-300"):
        remove_option(tmp_path, frozen_catalog, left)
    assert own_entries(tmp_path, frozen_catalog) == ()


@pytest.mark.parametrize(
    ("option_id", "said"),
    [("alpha/flat", "ships with the product"), ("no/such", "none of your own"), ("", "none of")],
)
def test_what_is_not_ones_own_is_not_taken_out(
    tmp_path: Path, frozen_catalog: Catalog, option_id: str, said: str
) -> None:
    """The sentence says why."""
    with pytest.raises(CatalogError, match=said):
        texts_without(tmp_path, frozen_catalog, option_id)


def test_a_card_in_use_is_not_taken_out(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """What rests on it would be left without it: nothing is written."""
    add(tmp_path, frozen_catalog, CARD, MACHINE.model_copy(update={"card": "h-300"}))
    before = files_of(tmp_path)
    with pytest.raises(CatalogError, match="'h-300' is not in cards"):
        remove_option(tmp_path, frozen_catalog, "owned/h-300")
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (API, "already have lab-tei"),
        (API.model_copy(update={"name": "alpha"}), "ships"),
        (API.model_copy(update={"name": "owned"}), "is taken"),
        (API.model_copy(update={"name": "???"}), "makes no id"),
        (API.model_copy(update={"name": "x", "base_url": "ftp://a"}), "endpoint.base_url"),
        (API.model_copy(update={"name": "x", "unit": PriceUnit.PER_HOUR}), "hourly"),
        (MACHINE.model_copy(update={"name": "x", "card": "nope"}), "'nope' is not in cards"),
        (MACHINE.model_copy(update={"name": "x", "card": None}), "needs a card, or a cpu"),
        (MACHINE.model_copy(update={"name": "x", "usd": Decimal(5)}), "price of 0"),
        (RATE.model_copy(update={"of": "no/such"}), "no machine here"),
        (CARD.model_copy(update={"name": "gpu l"}), "ships with the product"),
    ],
)
def test_what_contradicts_is_refused_and_nothing_is_written(
    tmp_path: Path, frozen_catalog: Catalog, draft: Draft, said: str
) -> None:
    """Also of a draft that needs two files."""
    add(tmp_path, frozen_catalog, API)
    before = files_of(tmp_path)
    with pytest.raises(CatalogError, match=said):
        add(tmp_path, frozen_catalog, draft)
    assert files_of(tmp_path) == before


def test_replacing_is_asked_for(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """The new price stands alone; the card's row is the new one."""
    add(tmp_path, frozen_catalog, API, CARD)
    dearer = API.model_copy(update={"usd": Decimal(9)})
    hotter = CARD.model_copy(update={"tdp_w": 500})
    catalog = add(tmp_path, frozen_catalog, dearer, hotter, replace=True)
    found, card = catalog.find_api(API.option_id), catalog.card("h-300")
    assert found is not None
    assert card is not None
    assert float(found[1].price.usd) == 9
    assert card.tdp_w == 500


def test_a_folder_that_is_not_read_is_not_written_into(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """A half-written file of an editor must be mended first."""
    write(tmp_path, "api/half.toml", MINE[: len(MINE) // 2])
    with pytest.raises(CatalogError, match=r"is not read, so nothing is written.*half\.toml"):
        add(tmp_path, frozen_catalog, API)
    assert not (tmp_path / "api" / "lab-tei.toml").exists()


def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, frozen_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is replaced at once."""
    add(tmp_path, frozen_catalog, CARD)
    before = files_of(tmp_path)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_writing, "replace_all", full)
    monkeypatch.setattr(own_writing, "_refuse_wrong", lambda *_: None)
    with pytest.raises(CatalogError, match="No space left"):
        add_rows(tmp_path, frozen_catalog, CARD.rows(frozen_catalog, ADA), replace=True)
    assert files_of(tmp_path) == before


def test_who_adds_at_once_loses_nothing(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Two commands, or two tabs, add to one file: each row that was said to be written is there."""

    def add_rate(number: int) -> None:
        rate = RATE.model_copy(update={"of": "owned/gpu-l", "tokens_per_s": 1_000.0 + number})
        add_rows(tmp_path, frozen_catalog, rate.rows(frozen_catalog, ADA))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_rate, range(8)))
    assert len(own_entries(tmp_path, frozen_catalog)) == 8


class Killed(BaseException):
    """What ends a process between two files."""


@pytest.mark.parametrize("written", range(4))
def test_who_is_ended_between_two_files_leaves_a_folder_that_is_read(
    tmp_path: Path, frozen_catalog: Catalog, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """Brought in or taken out: no file is there before, or after, what its rows rest on."""
    here, there = tmp_path / "here", tmp_path / "there"
    add(here, frozen_catalog, CARD, MACHINE.model_copy(update={"card": "h-300"}))
    add(here, frozen_catalog, RATE.model_copy(update={"of": "rack-2/h-300"}))
    files = files_of(here)
    left = iter(range(written))

    def until_killed(texts: Mapping[Path, str]) -> None:
        if next(left, None) is None:
            raise Killed
        replace_all(texts)

    monkeypatch.setattr(own_writing, "_refuse_wrong", lambda *_: None)
    monkeypatch.setattr(own_writing, "replace_all", until_killed)
    with suppress(Killed):
        bring_in(there, frozen_catalog, files)
    assert joined_catalog(there, frozen_catalog).refusal == ""


def test_who_is_ended_while_taking_out_leaves_a_folder_that_is_read(
    tmp_path: Path, frozen_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rate goes before its machine."""
    add(tmp_path, frozen_catalog, MACHINE, RATE)
    unlink = Path.unlink

    def once(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        raise Killed

    monkeypatch.setattr(Path, "unlink", once)
    monkeypatch.setattr(own_writing, "_refuse_wrong", lambda *_: None)
    with pytest.raises(Killed):
        remove_option(tmp_path, frozen_catalog, "rack-2/gpu-l")
    assert joined_catalog(tmp_path, frozen_catalog).refusal == ""


@pytest.mark.parametrize(
    "url",
    [
        *("http://ada:secret@10.0.0.7:8080/v1", "http://secret@10.0.0.7/v1"),
        *("http://10.0.0.7/v1?key=secret", "http://10.0.0.7/v1#secret", "http://[secret/v1"),
    ],
)
def test_an_address_that_may_hold_a_key_is_written_into_no_file(url: str) -> None:
    """A probe refuses it as well; here it would stay in the folder and in its export."""
    with pytest.raises(ValidationError) as refused:
        ApiDraft.model_validate(API.model_dump() | {"base_url": url})
    assert "secret" not in first_fault(refused.value, ApiDraft)


def test_a_bundle_is_the_same_elsewhere(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Export, import: the same options; twice is once; what contradicts is refused whole."""
    here, there = tmp_path / "here", tmp_path / "there"
    add(here, frozen_catalog, *ALL)
    write(here, "api/alpha.toml", newer())
    files = read_bundle(bundle_text(files_of(here)).encode(), "x")
    assert [str(url) for url in addresses(files)] == ["http://10.0.0.7:8080/v1"]
    bring_in(there, frozen_catalog, files)
    assert own_entries(there, frozen_catalog) == own_entries(here, frozen_catalog)
    before = files_of(there)
    assert bring_in(there, frozen_catalog, files) == ()
    assert files_of(there) == before
    other = {**files, "api/lab-tei.toml": files["api/lab-tei.toml"].replace("0.004", "1")}
    with pytest.raises(CatalogError, match=r"another api/lab-tei\.toml"):
        bring_in(there, frozen_catalog, other)
    assert files_of(there) == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no options"),
        (b"[" * 100_000, "holds no options"),
        (b'{"files": {"a": 1}}', "holds no options"),
        (b'{"format": "breakeven-options", "version": 2, "files": {}}', "holds no options"),
        (b'{"files": {"../../etc/x.toml": ""}}', "no file of a catalogue"),
        (b'{"files": {"api/..toml": ""}}', "no file of a catalogue"),
        (b'{"files": {"api/a/b.toml": ""}}', "no file of a catalogue"),
        (b"x" * 1_000_001, "more than 1 MB"),
    ],
)
def test_a_bundle_of_a_stranger_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    """No name in it leads out of the folder."""
    with pytest.raises(CatalogError, match=said):
        read_bundle(data, "file")


def test_a_bundle_with_a_key_is_refused(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """As every file of one's own."""
    text = MINE.replace("[endpoint]", '[endpoint]\nkey_env = "OPENAI_API_KEY"')
    with pytest.raises(CatalogError, match="names no variable"):
        bring_in(tmp_path, frozen_catalog, {"api/mine.toml": text})
    assert files_of(tmp_path) == {}


PLAIN = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = (
    PLAIN
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.decimals(-1_000_000, 1_000_000, places=6)
    | st.dates(date(1900, 1, 1))
    | st.lists(PLAIN, max_size=3)
)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
TABLES = st.recursive(
    st.dictionaries(NAMES, VALUES, max_size=4),
    lambda inner: st.dictionaries(
        NAMES, VALUES | inner | st.lists(inner, min_size=1, max_size=3), max_size=4
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_a_table_reads_back_as_the_very_same(table: dict[str, Any]) -> None:
    """Whatever texts, numbers, dates and tables are in it."""
    assert tomllib.loads(toml_text(table), parse_float=Decimal) == table


def test_the_catalogue_that_ships_is_left_alone(tmp_path: Path) -> None:
    """With the real one: every kind is added, and every offer that ships is as it was."""
    shipped = load_catalog()
    joined = add(
        tmp_path,
        shipped,
        API.model_copy(update={"model": None}),
        MACHINE.model_copy(update={"card": "l4", "model": "acme/tuned"}),
        RATE.model_copy(update={"of": "rack-2/l4", "model": "acme/tuned"}),
        CARD,
    )
    assert joined.providers[: len(shipped.providers)] == shipped.providers
    found = joined.find_api("lab-tei/bge-m3")
    assert found is not None
    assert found[1].model == "BAAI/bge-m3"
    assert joined.model("acme/tuned") is not None
