"""A catalogue folder of one's own adds rows, replaces none, and is read whole or not at all."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog.option_names import option_label
from core.catalog.own.joined import joined_catalog
from core.catalog.own.own_files import MOST_BYTES, MOST_FILES
from core.catalog.schema import Catalog
from tests.catalog.own.own_texts import MINE, YOURS, newer, own_machine, own_rate, write


def test_no_folder_is_nothing(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """The catalogue that ships is then the whole one, without a word."""
    joined = joined_catalog(tmp_path / "none", frozen_catalog)
    assert joined.catalog is frozen_catalog
    assert joined.refusal == ""


def test_a_provider_of_ones_own_stands_behind_those_that_ship(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """Its offer is an option, and nothing that ships is another."""
    write(tmp_path, "api/mine.toml", MINE)
    write(tmp_path, "README.md", "not read")
    joined = joined_catalog(tmp_path, frozen_catalog)
    assert joined.refusal == ""
    assert joined.catalog.providers[:-1] == frozen_catalog.providers
    found = joined.catalog.find_api("mine/small")
    assert found is not None
    assert found[1].price.usd == Decimal("0.01")


def test_a_newer_price_of_an_offer_that_ships_counts_and_the_old_one_stays(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """The history is whole, everything else of the provider as it was."""
    write(tmp_path, "api/alpha.toml", newer())
    joined = joined_catalog(tmp_path, frozen_catalog)
    assert joined.refusal == ""
    before, after = frozen_catalog.find_api("alpha/flat"), joined.catalog.find_api("alpha/flat")
    assert before is not None
    assert after is not None
    assert after[1].prices[:-1] == before[1].prices
    assert after[1].price.usd == Decimal("0.5")
    assert after[1].model_copy(update={"prices": before[1].prices}) == before[1]
    assert len(joined.catalog.providers) == len(frozen_catalog.providers)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "api/mine.toml",
            MINE.replace("[endpoint]", '[endpoint]\nkey_env = "OPENAI_API_KEY"'),
            ["api/mine.toml, endpoint.key_env", "your key"],
        ),
        (
            "api/mine.toml",
            MINE.replace("[endpoint]", '[endpoint]\naccount_env = "HOME"'),
            ["api/mine.toml, endpoint.account_env"],
        ),
        ("api/alpha.toml", newer(dated="2020"), ["api/alpha.toml, api_offers[0] (flat)", "newer"]),
        ("api/alpha.toml", newer(offer="none"), ["api_offers[0] (none)", "ships without"]),
        ("api/alpha.toml", newer() + 'name = "x"\n', ["source.name", "is unknown"]),
        ("api/alpha.toml", 'name = "x"\n' + newer(), ["api/alpha.toml, name", "only newer prices"]),
        (
            "api/alpha.toml",
            newer().replace('"flat"', '"flat"\nlabel = "x"'),
            ["api_offers[0] (flat) label", "only newer prices"],
        ),
        ("api/alpha.toml", newer().replace("per_mtok", "per_hour"), ["(flat)", "hourly"]),
        ("api/owned.toml", MINE.replace('"mine"', '"owned"'), ["'owned' is taken"]),
        ("api/other.toml", MINE, ["name the file mine.toml"]),
        ("api/mine.toml", MINE.replace("0.01", "0"), ["api/mine.toml", "prices[0].usd"]),
        (
            "api/mine.toml",
            MINE.replace('wire_model = "m', 'model = "no/such"\nwire_model = "m'),
            ["mine.toml, api_offers (small)", "no/such"],
        ),
        ("cards.toml", "[[cards]]", ["cards.toml, cards[0]"]),
        ("card.toml", "", ["card.toml is no file of a catalogue"]),
        ("apis/mine.toml", MINE, ["apis/mine.toml", "api and machine"]),
        ("api/mine.toml", "x = [" * 5000, ["not valid TOML"]),
        ("api/mine.toml", "#" * (MOST_BYTES + 1), ["more than 1 MB"]),
    ],
)
def test_a_folder_with_a_fault_is_refused_whole(
    tmp_path: Path, frozen_catalog: Catalog, name: str, text: str, said: list[str]
) -> None:
    """The sentence names file and row; the good file beside it is not read, and what ships is."""
    write(tmp_path, "api/good.toml", MINE.replace('"mine"', '"good"'))
    write(tmp_path, name, text)
    joined = joined_catalog(tmp_path, frozen_catalog)
    assert joined.catalog is frozen_catalog
    assert str(tmp_path) in joined.refusal
    for words in said:
        assert words in joined.refusal, joined.refusal


def test_every_faulty_file_is_named_at_once(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Nobody mends one only to be told of the next."""
    write(tmp_path, "api/alpha.toml", newer(dated="2020"))
    write(tmp_path, "api/mine.toml", MINE.replace("0.01", "0"))
    refusal = joined_catalog(tmp_path, frozen_catalog).refusal
    assert "api/alpha.toml" in refusal
    assert "api/mine.toml" in refusal


def test_a_row_that_ships_is_not_replaced(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """An assumption, a card, a model: the sentence says to take another id."""
    shipped = frozen_catalog.assumptions[0].id
    text = f"""[[assumptions]]
id = "{shipped}"
label = "x"
value = 1
unit = "USD"
[assumptions.source]
read = 2026-11-29
kind = "judgement"
confidence = "low"
note = "mine"
"""
    write(tmp_path, "assumptions.toml", text)
    refusal = joined_catalog(tmp_path, frozen_catalog).refusal
    assert f"assumptions[0] ({shipped}): this id ships with the product" in refusal, refusal


def test_what_is_no_plain_file_is_refused(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """A link out of the folder, a folder with a file's name, bytes that are no text, a file."""
    outside = write(tmp_path, "elsewhere/mine.toml", MINE)
    places = {name: tmp_path / name / "api" / "mine.toml" for name in ("link", "folder", "bytes")}
    for place in places.values():
        place.parent.mkdir(parents=True)
    places["link"].symlink_to(outside)
    places["folder"].mkdir()
    places["bytes"].write_bytes(b"\xff\xfe")
    for name, said in (
        ("link", "link out of the folder"),
        ("folder", "is no file"),
        ("bytes", "not UTF-8"),
    ):
        assert said in joined_catalog(tmp_path / name, frozen_catalog).refusal
    assert "is a file" in joined_catalog(outside, frozen_catalog).refusal


def test_a_link_inside_the_folder_is_read(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Only what leads out is somebody else's file."""
    write(tmp_path, "texts/mine.txt", MINE)
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "mine.toml").symlink_to(tmp_path / "texts" / "mine.txt")
    assert joined_catalog(tmp_path, frozen_catalog).catalog.find_api("mine/small")


def test_too_many_files_are_not_read(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Somebody named a folder of something else."""
    for i in range(MOST_FILES + 1):
        write(tmp_path, f"api/p{i}.toml", "")
    assert f"more than {MOST_FILES}" in joined_catalog(tmp_path, frozen_catalog).refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (own_machine("there", "5", "usd_to_buy"), "there already has a price of 0"),
        (own_machine("bought", "0", "usd_to_buy"), "there already has a price of 0"),
        (own_machine("bought", "5", "usd_per_hour"), "bought in usd_to_buy"),
        (own_machine("on_demand", "5", "usd_to_buy"), "a machine is rented in usd_per_hour"),
        (own_machine("on_demand", "5", "usd_per_hour", "power_w = 5"), "power_w is of a machine"),
        (own_machine("there", "0", "usd_to_buy", "power_w = 5\nidle_w = 6"), "idle_w lies above"),
        (own_machine("serverless", "5", "usd_per_hour", "count = 2"), "no count"),
        (own_machine("there", "0", "usd_to_buy", "count = 0"), "machines[0] (one).count"),
        (
            own_machine("there", "0", "usd_to_buy").replace('person = "Ada"\n', ""),
            "names its person",
        ),
        (
            own_machine("bought", "5", "usd_to_buy").replace('"yours"', '"judgement"'),
            "names its person",
        ),
    ],
)
def test_a_machine_that_contradicts_itself_is_refused(
    tmp_path: Path, frozen_catalog: Catalog, text: str, said: str
) -> None:
    """How it is had, what it costs and what it draws must fit; the sentence says what does not."""
    write(tmp_path, "machine/box.toml", text)
    refusal = joined_catalog(tmp_path, frozen_catalog).refusal
    assert said in refusal, refusal


def test_what_is_ones_own_says_so_by_its_name(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """An offer, a machine, a card; a newer price of what ships makes it nobody's."""
    write(tmp_path, "api/mine.toml", MINE)
    write(tmp_path, "machine/box.toml", own_machine("there", "0", "usd_to_buy"))
    write(tmp_path, "api/alpha.toml", newer())
    catalog = joined_catalog(tmp_path, frozen_catalog).catalog
    for option_id in ("mine/small", "box/one", "box/one@open/large"):
        assert catalog.is_own(option_id)
        assert option_label(option_id, catalog).startswith("Yours: ")
    for option_id in ("alpha/flat", "rent/l-1", "owned/gpu-home"):
        assert not catalog.is_own(option_id)
        assert "Yours" not in option_label(option_id, catalog)


def test_only_ones_own_word_makes_a_thing_free(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """A list price of 0 is a mistake; a person may say that his server costs him nothing."""
    free = MINE.split("[api_offers.prices.source]")[0].rstrip() + "\n"
    free = free.replace("usd = 0.01", "usd = 0")
    write(tmp_path, "api/mine.toml", free + YOURS.format(table="[api_offers.prices.source]"))
    joined = joined_catalog(tmp_path, frozen_catalog)
    assert joined.refusal == ""
    found = joined.catalog.find_api("mine/small")
    assert found is not None
    assert found[1].price.usd == 0


def test_a_rate_of_a_machine_that_is_not_there_is_refused(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """It would silently count for nothing."""
    write(tmp_path, "throughput.toml", own_rate(5_000))
    assert "'box/one' is rented by no provider" in joined_catalog(tmp_path, frozen_catalog).refusal
