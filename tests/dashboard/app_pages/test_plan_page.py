"""The page Plan: what to use now, when to move, and what it rests on."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.catalog.schema import Benchmark
from core.scenario import Scenario, hybrid_parts
from core.usage.choice import Wanted
from core.usage.reading import Reading
from dashboard.resources import deciding
from dashboard.resources.cached import cached_answer
from tests.dashboard.app_pages.conftest import OpenPage


def words(page: AppTest) -> str:
    """All markdown of the page, without the escapes."""
    return "\n".join(str(part.value).replace("\\", "") for part in page.markdown)


def test_the_notes_scenario_stays_serverless_and_says_why(open_page: OpenPage) -> None:
    """The cheapest API that can do the job, its bill, and how far away self-hosting is."""
    page = open_page("plan")
    text = words(page)
    assert not page.exception
    assert "Stay serverless: Cloudflare bge-m3, $20/month" in text
    assert "too small to matter" in text
    assert "duty cycle of 0.7" in text
    assert "times your volume" in text
    assert "for all 36 months" in text


def test_where_self_hosting_never_catches_up_the_price_or_ceiling_is_named(
    open_page: OpenPage,
) -> None:
    """One L4 against hosted bge-m3: its floor, and what would change it; no ceiling does."""
    page = open_page("plan")
    page.multiselect(key="in/o").set_value(["cloudflare/bge-m3", "aws/g6.xlarge"]).run()
    text = words(page).replace("\u00a0", " ")
    assert "never embeds below" in text
    assert "it would at a price under $0.4" in text
    assert "or at a utilisation ceiling above" not in text


def test_at_twenty_percent_growth_the_month_of_each_break_even_is_shown(
    open_page: OpenPage,
) -> None:
    """Against 3-small too, in the month that the model's own crossing gives."""
    page = open_page("plan")
    page.session_state["in/g"] = 0.2
    page.run()
    text = words(page).replace("\u00a0", " ")
    scenario = Scenario()
    load = scenario.workload.model_copy(update={"growth_per_month": 0.2})
    scenario = scenario.model_copy(update={"workload": load})
    curves = cached_answer.curves(scenario)
    first = min(
        pair.first_tokens_per_month
        for pair in curves.break_evens
        if pair.incumbent_id == "openai/text-embedding-3-small"
        and pair.first_tokens_per_month is not None
        and not hybrid_parts(pair.challenger_id)
    )
    month = next(n for n in range(1, 61) if scenario.tokens_per_month * 1.2 ** (n - 1) >= first)
    assert "At 20 % growth a month OpenAI 3-small is first dearer than" in text
    assert f"in month {month}, at" in text
    assert "when you pass" in text
    assert not page.exception


def test_demands_change_the_answer_and_name_who_is_out(open_page: OpenPage) -> None:
    """Texts that may not leave: a machine of one's own."""
    page = open_page("plan")
    page.selectbox(key="in/in").set_value("home").run()
    assert not page.exception
    assert "Host it yourself: 2 × NVIDIA RTX 4080 (owned)" in words(page)
    page.toggle(key="demand/measured").set_value(True).run()
    text = words(page)
    assert "None of the chosen options satisfies" in text
    assert "Probe it, or accept a latency that nobody has measured." in text


def test_models_without_a_score_are_shown_apart(open_page: OpenPage) -> None:
    """A floor in a benchmark: what fails it is out, what has no score there is not known."""
    page = open_page("plan")
    page.selectbox(key="demand/benchmark").set_value(Benchmark.MTEB_MULTILINGUAL_V2).run()
    page.number_input(key="demand/least-score").set_value(59.0).run()
    assert not page.exception
    labels = [expander.label for expander in page.expander]
    assert any("not known to suit" in label for label in labels)


def test_what_is_in_use_stays_while_moving_does_not_pay(open_page: OpenPage) -> None:
    """3-small in use: $12 a month do not pay for a change of weights."""
    page = open_page("plan")
    page.number_input(key="demand/small").set_value(1.0)
    page.selectbox(key="plan/current").set_value("openai/text-embedding-3-small").run()
    text = words(page)
    assert not page.exception
    assert "Stay with OpenAI 3-small: $30/month" in text


def test_terms_survive_a_change_of_page(open_page: OpenPage) -> None:
    """Set-up labour entered here is still there after a look at the prices."""
    page = open_page("plan")
    page.number_input(key="plan/setup").set_value(77_000.0).run()
    page.switch_page("app_pages/prices_page.py").run()
    page.switch_page("app_pages/plan_page.py").run()
    assert page.number_input(key="plan/setup").value == 77_000.0


@pytest.mark.parametrize("growth", [-0.5, 1.0])
def test_shrinking_and_exploding_volumes_have_a_page(open_page: OpenPage, growth: float) -> None:
    """A plan, or the month in which nobody can serve; never a traceback."""
    page = open_page("plan")
    page.session_state["in/g"] = growth
    page.session_state["in/n"] = 120
    page.run()
    assert not page.exception


def test_without_options_the_page_says_so(open_page: OpenPage) -> None:
    """Nothing chosen: sentences, no charts of nothing."""
    page = open_page("plan")
    page.multiselect(key="in/o").set_value([]).run()
    assert not page.exception
    assert "None of the chosen options" in words(page)


def test_a_broken_catalogue_is_said_once(page: AppTest, broken_catalogue: None) -> None:
    """The page stays empty beside the router's sentence."""
    page.run()
    page.switch_page("app_pages/plan_page.py")
    page.run()
    assert not page.exception


def test_an_export_becomes_the_scenarios_load(data_dir: object) -> None:
    """What the panel hands over is what the file says."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = [
        {"created_at": (start + timedelta(minutes=10 * n)).isoformat(), "prompt_tokens": 200}
        for n in range(6 * 24 * 3)
    ]
    found = deciding.load_of(deciding.use_of(json.dumps(rows).encode(), Reading()), 4.0, Wanted())
    assert found.requests_per_day == pytest.approx(144)
    assert found.tokens_per_request == 200
