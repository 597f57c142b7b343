"""The scenario as a link: exact both ways, and safe against whatever a link may hold."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scenario import Documents, Scenario
from dashboard.state.inputs import INPUTS
from dashboard.state.link import MAX_OPTIONS, MAX_REPORTS, Known, decode, encode, quote
from tests.dashboard.questions import MACHINES, MODELS, OPTIONS, PARTS, scenarios

KNOWN = Known(list_prices=dict.fromkeys(PARTS, 1.0), models=MODELS, machines=MACHINES)


def as_parameters(parameters: dict[str, str]) -> dict[str, list[str]]:
    """Parameters as the browser gives them."""
    return {key: [value] for key, value in parameters.items()}


@given(scenarios())
def test_a_link_brings_the_same_question_back(scenario: Scenario) -> None:
    """Nothing is lost or rounded on the way, and nothing has to be said about it."""
    assert decode(as_parameters(encode(scenario)), KNOWN) == (scenario, ())


def test_the_default_question_has_an_empty_link() -> None:
    """A link says only what differs."""
    assert encode(Scenario()) == {}


NAMES = st.one_of(st.sampled_from([*INPUTS, "o", "m", "cal", "p"]), st.text(max_size=20))
VALUES = st.one_of(
    st.text(max_size=60),
    st.floats().map(str),
    st.sampled_from(["nan", "inf", "-inf", "1e999", "0x10", "1_000", "٣", "", "9" * 10_000]),
)


@given(st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=3), max_size=12))
def test_no_link_breaks_the_page(parameters: dict[str, list[str]]) -> None:
    """Junk of any kind gives a valid question, and few sentences without markdown in them."""
    scenario, reports = decode(parameters, KNOWN)
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert all(math.isfinite(entry.of(scenario)) for entry in INPUTS.values())
    assert set(scenario.options) <= set(OPTIONS)
    assert len(reports) <= MAX_REPORTS + 1


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"q": ["1e12"]}, "not allowed"),
        ({"q": ["-5"]}, "not allowed"),
        ({"t": ["many"]}, "not a number"),
        ({"peak": ["nan"]}, "not a number"),
        ({"slo": ["inf"]}, "not a number"),
        ({"q": ["9" * 10_000]}, "10,000 characters"),
        ({"q": ["1", "2"]}, "2 times"),
        ({"n": ["12.5"]}, "not allowed"),
        ({"o": ["nobody/nothing,openai/text-embedding-3-small"]}, "nobody/nothing"),
        ({"o": ["nobody/nothing"]}, "the default is used"),
        ({"o": ["aws/p5.4xlarge@nobody/model"]}, "aws/p5.4xlarge·nobody/model"),
        ({"o": ["openai/text-embedding-3-small@BAAI/bge-large-en-v1.5"]}, "not in the catalogue"),
        ({"p": ["aws/p5.4xlarge@BAAI/bge-large-en-v1.5:1"]}, "not in the catalogue"),
        ({"m": ["nobody/model"]}, "not in the catalogue"),
        ({"cal": ["lunar"]}, "Calendar"),
        ({"p": ["aws/g6.xlarge:free"]}, "not a number"),
        ({"p": ["aws/g6.xlarge:-4"]}, "the list price is used"),
        ({"p": ["aws/g6.xlarge:1e7"]}, "must be from $0 to $1\u00a0M"),
        ({"hours": [",".join(["1"] * 23)]}, "a smooth day is used"),
        ({"hours": [",".join(["1e300"] * 24)]}, "a smooth day is used"),
        ({"p": ["nobody/nothing:1"]}, "not in the catalogue"),
        ({"zz": ["1"]}, "not known"),
        ({"budget": ["-1"]}, "Budget: “-1” in the link is no amount from $0 to $1\u00a0T a month"),
        ({"budget": ["nan"]}, "none is demanded"),
        ({"budget": ["1e13"]}, "none is demanded"),
        ({"lang": ["de,klingon"]}, "Language: “klingon” in the link is no code"),
        ({"in": ["mars"]}, "is none of , eu, uk, ch, us, ca, asia, au, home"),
    ],
)
def test_what_cannot_be_used_is_said(parameters: dict[str, list[str]], said: str) -> None:
    """Each value that is dropped is reported in a sentence."""
    _, reports = decode(parameters, KNOWN)
    assert any(said in sentence for sentence in reports), reports


@given(st.data())
def test_a_number_that_is_impossible_is_dropped_and_named(data: st.DataObject) -> None:
    """Of any input: nobody asked for its nearest limit either, so the default holds."""
    key, entry = data.draw(st.sampled_from(sorted(INPUTS.items(), key=lambda item: item[0])))
    beyond = st.one_of(
        st.floats(max_value=entry.low, exclude_max=True, allow_infinity=False),
        st.floats(min_value=entry.high, exclude_min=True, allow_infinity=False),
    )
    number = data.draw(beyond)
    scenario, reports = decode({key: [repr(number)]}, KNOWN)
    assert scenario == Scenario()
    assert len(reports) == 1
    assert reports[0].startswith(f"{entry.knob.label}: “{quote(repr(number))}”")
    assert "is used" in reports[0]


@pytest.mark.parametrize("amount", ["-4", "-0.01", "1e7", "nan", "1e999", "free"])
def test_a_price_that_is_none_leaves_the_list_price_in_force(amount: str) -> None:
    """No other number is made of it: nobody asked for that one either."""
    scenario, reports = decode({"p": [f"aws/g6.xlarge:{amount}"]}, KNOWN)
    assert scenario.own_price("aws/g6.xlarge") is None
    assert "the list price is used" in reports[0].replace("\u00a0", " ")


def test_a_machine_that_is_paid_for_has_the_price_0() -> None:
    """Nothing is a price; it is not unknown."""
    scenario, reports = decode({"p": ["aws/g6.xlarge:0"]}, KNOWN)
    assert scenario.own_price("aws/g6.xlarge") == 0
    assert reports == ()


@pytest.mark.parametrize("name", ["a\u202eb", "a\x1b[31mb", "x" * 3_000])
def test_without_a_catalogue_no_hidden_character_is_kept(name: str) -> None:
    """A name of a stranger is a plain one, or none."""
    scenario, reports = decode({"o": [name], "m": [name], "p": [f"{name}:1"]}, Known())
    assert Scenario.model_validate(scenario.model_dump()) == scenario
    assert len(reports) >= 3


def test_no_options_can_be_said_in_a_link() -> None:
    """An empty choice is a choice, not the default."""
    scenario, reports = decode({"o": ["none"]}, KNOWN)
    assert scenario.options == ()
    assert reports == ()


def test_a_link_with_too_many_options_keeps_the_first() -> None:
    """The page's own limit holds for links too."""
    many = [f"x/{i}" for i in range(MAX_OPTIONS + 5)]
    scenario, reports = decode({"o": [",".join(many)]}, Known(dict.fromkeys(many, 1.0)))
    assert scenario.options == tuple(many[:MAX_OPTIONS])
    assert reports


def test_without_a_catalogue_a_link_loses_nothing() -> None:
    """Where no catalogue could be loaded, ids are kept for when it can."""
    scenario, reports = decode({"o": ["nobody/nothing"], "m": ["any/model"]}, Known())
    assert scenario.options == ("nobody/nothing",)
    assert scenario.hosting.model == "any/model"
    assert reports == ()


@given(st.text())
def test_quoted_junk_is_short_and_harmless(text: str) -> None:
    """No formula, link or image of a stranger is ever rendered."""
    shown = quote(text)
    assert len(shown) <= 41
    assert not set(shown) & set("$`*[]()<>!#\\:|~{}&\n")


def test_limits_of_ones_own_travel_in_the_link() -> None:
    """By provider and what is counted; what is none is named and dropped."""
    known = Known(sellers=frozenset({"openai"}))
    asked = Scenario(options=(), limits=(("openai:tokens_per_minute", 2e6),))
    assert decode(as_parameters(encode(asked)), known) == (asked, ())
    for text in ("nobody:tokens_per_minute:5", "openai:tokens:5", "openai:tokens_per_minute:0"):
        scenario, reports = decode({"lim": [text]}, known)
        assert scenario.limits == ()
        assert "with a number from 1; it was dropped" in reports[0]


def test_the_day_of_the_prices_travels_in_the_link() -> None:
    """As a date, and back; what is no such day is named, and the newest prices hold."""
    asked = Scenario(as_of=date(2026, 6, 1))
    assert encode(asked) == {"day": "2026-06-01"}
    assert decode({"day": ["2026-06-01"]}, KNOWN) == (asked, ())
    for text in ("2026-02-30", "1999-12-31", "x", "0001-01-01", "2026-06-01T00:00"):
        scenario, reports = decode({"day": [text]}, KNOWN)
        assert scenario == Scenario()
        assert "is no day from 2000-01-01 to 2100-12-31" in reports[0]


def test_what_is_ones_own_travels_in_the_link() -> None:
    """Cards by number and discounts by provider; what is none is named and dropped."""
    known = Known(
        list_prices={"owned/gpu": 900.0},
        owned=frozenset({"owned/gpu"}),
        providers=frozenset({"openai"}),
    )
    asked = Scenario(options=(), owned=(("owned/gpu", 4),), discounts=(("openai", 0.25),))
    assert encode(asked) == {"o": "none", "own": "owned/gpu:4", "off": "openai:0.25"}
    assert decode(as_parameters(encode(asked)), known) == (asked, ())
    for text in ("owned/gpu:0", "owned/gpu:1.5", "owned/gpu:1000001", "aws/l4:2", "owned/gpu", ":"):
        scenario, reports = decode({"own": [text]}, known)
        assert scenario.owned == ()
        assert "with a whole number from 1 to 1,000,000; it was dropped" in reports[0]
    for text in ("openai:-0.1", "openai:0.96", "nobody:0.2", "openai:x"):
        scenario, reports = decode({"off": [text]}, known)
        assert scenario.discounts == ()
        assert "with a share from 0 to 0.95; it was dropped" in reports[0]
    unread, _ = decode(as_parameters(encode(asked)), Known())
    assert (unread.owned, unread.discounts) == (asked.owned, asked.discounts)


def test_options_of_the_documents_travel_in_a_link() -> None:
    """In their order; one that there is not is dropped and named."""
    name = next(iter(KNOWN.list_prices))
    documents = Documents(requests_per_day=1_000, options=(name,))
    scenario = Scenario(documents=documents)
    link = {key: [value] for key, value in encode(scenario).items()}
    assert decode(link, KNOWN) == (scenario, ())
    again, reports = decode(link | {"do": [f"{name},no/such"]}, KNOWN)
    assert again == scenario
    assert any("no/such" in report for report in reports)
