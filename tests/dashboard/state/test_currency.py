"""The reader's currency in a link and in the controls, with the day of a rate that was typed."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.money import SIGNS
from dashboard.state import currency
from dashboard.state.inputs import INPUTS, NAMED

TODAY = currency.today().isoformat()


def opened(**parameters: str) -> AppTest:
    """The sidebar alone, by a link."""
    page = AppTest.from_file(str(Path(__file__).with_name("controls_page.py")), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def link(page: AppTest) -> dict[str, str]:
    """What the address says."""
    values = {name: page.query_params[name] for name in page.query_params}
    return {n: v[-1] if isinstance(v, list) else v for n, v in values.items()}


def captions(page: AppTest) -> str:
    """What stands beside the choice."""
    return " ".join(part.value for part in page.caption).replace("\\", "")


def test_no_other_input_has_its_names_in_a_link() -> None:
    """A link could not say both."""
    assert not {*currency.PARAMETERS} & {*INPUTS, *NAMED}


def test_the_euro_is_shown_at_the_catalogue_rate_with_its_day() -> None:
    """Chosen by link, or in the list; it is in the address, and said once beside the choice."""
    page = opened()
    page.selectbox(key="currency/code#1").set_value("EUR").run()
    assert link(page) == {"cur": "EUR"}
    text = captions(opened(cur="eur"))
    assert text == captions(page)
    assert "1 EUR = 1.1637 USD on 2026-05-27 (the catalogue's" in text
    assert "caps on spending and what probes cost stay in USD" in text


def test_a_rate_that_nobody_gave_is_asked_for() -> None:
    """Until it is typed all is in USD; then it counts as today's, and travels with the link."""
    page = opened(cur="GBP")
    assert "The catalogue has no rate of GBP: type one." in captions(page)
    assert page.session_state["currency/money"].code == "USD"
    page.number_input(key="currency/rate/GBP#1").set_value(1.25).run()
    assert page.session_state["currency/money"].usd == 1.25
    assert f"1 GBP = 1.25 USD on {TODAY} (yours)" in captions(page)
    assert link(page) == {"cur": "GBP", "fx": "1.25", "fxday": TODAY}


def test_a_typed_rate_keeps_its_day_in_a_link() -> None:
    """It is as old as it is, whoever opens the link, and until another is typed."""
    given = {"cur": "CHF", "fx": "1.1", "fxday": "2026-02-03"}
    page = opened(**given)
    assert "1 CHF = 1.1 USD on 2026-02-03 (yours)" in captions(page)
    page.run()
    assert link(page) == given
    next(button for button in page.button if button.label == "Forget this rate").click().run()
    assert link(page) == {"cur": "CHF"}


def test_what_of_a_link_cannot_be_used_is_said() -> None:
    """No other currency, no rate that cannot be, no day that is still to come."""
    page = opened(cur="XAU")
    assert f"none of {', '.join(SIGNS)}; USD is shown" in page.warning[0].value
    for rate, day in (("0", TODAY), ("many", TODAY), ("nan", TODAY), ("1.2", "2999-01-01")):
        page = opened(cur="GBP", fx=rate, fxday=day)
        assert "Rate of GBP: the link's needs a number" in page.warning[0].value.replace("\\", "")
        assert page.session_state["currency/money"].code == "USD"
        assert link(page) == {"cur": "GBP"}


def test_each_currency_keeps_the_rate_that_was_typed() -> None:
    """Going to another and back asks for none again."""
    page = opened(cur="GBP", fx="1.25", fxday=TODAY)
    page.selectbox(key="currency/code#1").set_value("USD").run()
    assert link(page) == {}
    page.selectbox(key="currency/code#1").set_value("GBP").run()
    assert link(page) == {"cur": "GBP", "fx": "1.25", "fxday": TODAY}
