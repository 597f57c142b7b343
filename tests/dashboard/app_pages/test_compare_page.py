"""The first screen in every state that a person can bring it into."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.service import Runs
from core.scenario import Scenario, hybrid_parts
from core.store.runs import RunState
from dashboard import formats
from dashboard.components.compare.verdict_text import verdict_text
from dashboard.components.sidebar import sidebar_controls
from dashboard.resources import probing
from dashboard.resources.cached import cached_answer, cached_catalogue, cached_store
from dashboard.state.inputs import INPUTS, NAMED
from tests.dashboard.conftest import APP
from tests.dashboard.past_runs import PutRun, api_plan, whole_run
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]

VERDICT = "## "


def headline(page: AppTest) -> str:
    """The verdict's first line, without how often it holds."""
    line = next(str(part.value) for part in page.markdown if part.value.startswith(VERDICT))
    return line.partition(" :small[")[0]


def everything(page: AppTest) -> str:
    """All text of the page, as a person reads it."""
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info, page.success)
    return " ".join(part.value for kind in kinds for part in kind).replace("\\", "")


def go_to(page: AppTest, **parameters: str) -> AppTest:
    """Open the page by a link."""
    for key, value in parameters.items():
        page.query_params[key] = value
    return page.run()


def parameter(page: AppTest, name: str) -> str | None:
    """What the address says, whether the page or the test wrote it."""
    value = page.query_params.get(name)
    return value[-1] if isinstance(value, list) else value


def expected(scenario: Scenario) -> str:
    """The verdict that the model gives to a question."""
    text = verdict_text(cached_answer.snapshot(scenario), scenario)
    return VERDICT + formats.plain(text.headline)


def test_the_default_question_is_answered_at_once(page: AppTest) -> None:
    """The page opens with a verdict, both charts, the table and the button; nothing is wrong."""
    page.run()
    assert not page.exception
    assert not page.error
    assert headline(page) == expected(Scenario())
    assert formats.volume(Scenario()) in everything(page)
    assert [button.label for button in page.button].count("Probe provider") == 1
    assert len(page.dataframe[-1].value) == len(Scenario().options)
    assert len(page.get("bidi_component")) == 2


def test_a_link_asks_its_own_question(page: AppTest) -> None:
    """Volume, options and own prices of a link reach the verdict and stay in the address."""
    go_to(page, q="3000000", o="openai/text-embedding-3-large,aws/g6.xlarge", p="aws/g6.xlarge:0.3")
    asked = Scenario().model_copy(
        update={
            "options": ("openai/text-embedding-3-large", "aws/g6.xlarge"),
            "prices": (("aws/g6.xlarge", 0.3),),
            "workload": Scenario().workload.model_copy(update={"requests_per_day": 3e6}),
        }
    )
    assert headline(page) == expected(asked)
    assert parameter(page, "q") == "3000000"
    assert parameter(page, "p") == "aws/g6.xlarge:0.3"
    assert not page.warning


def test_junk_in_a_link_is_dropped_and_reported(page: AppTest) -> None:
    """The page answers the question that is left, says what it dropped, and mends the address."""
    go_to(page, q="1e99", t="![x](http://evil.example/)", zz="9" * 10_000, o="nobody/nothing")
    assert not page.exception
    said = page.warning[0].value
    for part in ("Requests per day", "Tokens per request", "zz", "nobody/nothing"):
        assert part in said
    assert "](http" not in said
    assert parameter(page, "zz") is None
    # The reports go with the next move of a control.
    page.select_slider(key="in/t").set_value(600.0).run()
    assert not page.warning


def test_a_control_moves_the_verdict_and_the_address(page: AppTest) -> None:
    """A slider's value is the question's value."""
    page.run()
    page.select_slider(key="in/t").set_value(5_000.0).run()
    workload = Scenario().workload.model_copy(update={"tokens_per_request": 5_000})
    assert headline(page) == expected(Scenario().model_copy(update={"workload": workload}))
    assert parameter(page, "t") == "5000"


def test_an_address_that_has_not_caught_up_is_not_taken_for_going_back(page: AppTest) -> None:
    """A slow browser may still send the former address, however long after a change."""
    page.run()
    page.select_slider(key="in/t").set_value(5_000.0).run()
    del page.query_params["t"]
    page.run()
    assert page.select_slider(key="in/t").value == 5_000


def test_own_prices_have_a_slider_each_and_a_way_back(page: AppTest) -> None:
    """Every chosen option's price can be moved, and all be set back to the list."""
    page.run()
    assert not [s for s in page.select_slider if str(s.key).startswith("price/")]
    page.session_state["fold/prices"] = True
    page.run()
    sliders = {str(s.key) for s in page.select_slider if str(s.key).startswith("price/")}
    priced = [name for name in Scenario().options if not hybrid_parts(name)]
    assert sliders == {f"price/{name}" for name in priced}
    listed = cached_catalogue.known().list_prices["aws/g6.xlarge"]
    assert listed is not None
    steps = [usd for usd in _steps(page, "aws/g6.xlarge") if usd < listed]
    page.select_slider(key="price/aws/g6.xlarge").set_value(steps[-3]).run()
    assert parameter(page, "p") == f"aws/g6.xlarge:{steps[-3]:g}"
    next(b for b in page.button if b.label == "Reset to list prices").click().run()
    assert parameter(page, "p") is None
    slider = next(s for s in page.select_slider if str(s.key).startswith("price/aws/g6.xlarge"))
    assert slider.value == listed


def _steps(page: AppTest, option_id: str) -> list[float]:
    """The prices that an option's slider offers, read back from their texts."""
    slider = page.select_slider(key=f"price/{option_id}")
    return [float(text.strip("$/h").replace(",", "")) for text in slider.options]


def test_every_input_has_a_control(page: AppTest) -> None:
    """Nothing that the scenario declares is missing on the page, and nothing is there twice."""
    page.run()
    for fold in ("prices", "outlook", *(name for _, _, name, _ in sidebar_controls.GROUPS)):
        page.session_state[f"fold/{fold}"] = True
    page.run()
    assert not page.exception
    kinds = (page.select_slider, page.slider, page.number_input, page.toggle, page.selectbox)
    drawn = sorted(str(w.key) for kind in kinds for w in kind if str(w.key).startswith("in/"))
    asked = {*INPUTS, *NAMED, "m", "budget"} - {"q"}
    assert drawn == sorted(f"in/{name}" for name in asked)


def test_the_prices_of_a_day_are_asked_beside_the_calendar(page: AppTest) -> None:
    """The day goes into the address and is said above the answer; an empty field ends it."""
    page.run()
    page.session_state["fold/outlook"] = True
    page.run()
    page.date_input(key="in/day").set_value(date(2026, 6, 1)).run()
    assert not page.exception
    assert parameter(page, "day") == "2026-06-01"
    assert "Prices as of 2026-06-01" in everything(page)
    assert headline(page) == expected(Scenario(as_of=date(2026, 6, 1)))
    page.session_state["fold/outlook"] = False
    page.run()
    assert parameter(page, "day") == "2026-06-01"
    page.session_state["fold/outlook"] = True
    page.run()
    page.date_input(key="in/day").set_value(None).run()
    assert parameter(page, "day") is None
    assert headline(page) == expected(Scenario())


def test_the_limit_of_ones_own_account_is_typed_and_travels(page: AppTest) -> None:
    """Ten requests a minute: the API is out by it, and the link says so; emptied, it is back."""
    page.session_state["fold/tiers"] = True
    go_to(page, o="openai/text-embedding-3-small").run()
    field = next(f for f in page.number_input if f.label == "OpenAI: requests a minute")
    assert field.value is None
    field.set_value(10).run()
    assert not page.exception
    assert parameter(page, "lim") == "openai:requests_per_minute:10"
    assert "can serve" in headline(page)
    for is_open in (False, True):  # folded away and open again it says the same
        page.session_state["fold/tiers"] = is_open
        page.run()
    assert parameter(page, "lim") == "openai:requests_per_minute:10"
    again = next(f for f in page.number_input if f.label == "OpenAI: requests a minute")
    assert again.value == 10
    again.set_value(0).run()
    assert parameter(page, "lim") is None


def test_folding_controls_away_keeps_their_values(page: AppTest) -> None:
    """A control that is not drawn loses nothing."""
    page.run()
    page.session_state["fold/hosting"] = True
    page.run()
    page.number_input(key="in/labour").set_value(9_000.0).run()
    page.session_state["fold/hosting"] = False
    page.run().run()
    assert parameter(page, "labour") == "9000"
    page.session_state["fold/hosting"] = True
    page.run()
    assert page.number_input(key="in/labour").value == 9_000


def test_no_options_asks_for_some(page: AppTest) -> None:
    """Everything deselected is a state, not an error."""
    go_to(page, o="none")
    assert not page.exception
    assert "Choose at least one option" in headline(page)


def test_options_that_cannot_serve_say_why(page: AppTest) -> None:
    """Beyond every rate limit the verdict is that none can serve."""
    go_to(page, q="1000000000", o="openai/text-embedding-3-small")
    assert "None of the chosen options can serve" in headline(page)
    assert "limit on tokens a minute (tier 1)" in everything(page)


def test_the_answer_says_how_often_it_holds(page: AppTest) -> None:
    """Beside the verdict, and for every priced option in the table."""
    page.run()
    assert "The cheapest with a chance of" in everything(page)
    table = next(part.value for part in page.dataframe if "Cheapest" in part.value.columns)
    assert table["Cheapest"].dropna().sum() == pytest.approx(1.0)


@pytest.mark.parametrize("asked", [{}, {"q": "1234567", "cv": "1"}], ids=["default", "between"])
def test_two_pages_say_the_same_chance(page: AppTest, asked: dict[str, str]) -> None:
    """The table here and the page Risk: one number, also between two points of Risk's axis."""
    go_to(page, **asked)
    here = next(part.value for part in page.dataframe if "Cheapest" in part.value.columns)
    page.switch_page("app_pages/risk_page.py").run()
    assert not page.exception
    risk = next(part.value for part in page.dataframe if "Chance cheapest" in part.value.columns)
    there = dict(zip(risk["Option"], risk["Chance cheapest"], strict=True))
    shown = dict(zip(here["Option"], here["Cheapest"], strict=True))
    said = {label: chance for label, chance in shown.items() if chance is not None and chance > 0}
    assert said == {label: chance for label, chance in there.items() if chance > 0}


def test_no_chance_is_said_while_the_volume_moves(page: AppTest) -> None:
    """Rather none than one of another volume; the exact one is there when the finger is lifted."""
    page.run()
    page.session_state["compare/dragging"] = True
    page.run()
    table = next(part.value for part in page.dataframe if "Cheapest" in part.value.columns)
    assert not page.exception
    assert "with a chance of" not in everything(page)
    assert table["Cheapest"].isna().all()


def test_a_broken_catalogue_is_one_sentence(broken_catalogue: None, page: AppTest) -> None:
    """The sentence names file and mend as written, and no traceback is shown."""
    page.run()
    assert not page.exception
    assert len(page.error) == 1
    assert "api/alpha.toml" in page.error[0].value
    assert r"\$zero\*" in page.error[0].value


def test_without_a_store_the_costs_are_still_there(broken_store: None, page: AppTest) -> None:
    """Only probing is off, with the reason."""
    page.run()
    assert not page.exception
    assert headline(page) == expected(Scenario())
    assert "Probing and the history are off" in page.warning[0].value
    button = next(b for b in page.button if b.label == "Probe provider")
    assert button.disabled
    assert button.help


def test_a_bad_setting_is_named(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cap that is no number switches probing off and says which variable it is."""
    monkeypatch.setenv("BREAKEVEN_SPEND_CAP_PER_RUN_USD", "plenty")
    page.run()
    assert not page.exception
    assert "SPEND" in page.warning[0].value


def test_a_measurement_is_shown_on_its_option(page: AppTest, put_run: PutRun) -> None:
    """A finished run of an option stands in the table, where nothing was measured before."""
    page.query_params["o"] = "openai/text-embedding-3-small"
    page.run()
    assert "is not measured yet" in everything(page)
    asked = Scenario(options=("openai/text-embedding-3-small",))
    winner = cached_answer.snapshot(asked).verdict.winner
    assert winner is not None
    plan = api_plan(winner.option.id)
    put_run(plan, RunState.DONE, whole_run(plan))
    cached_store.forget_measurements()
    page.run()
    measured = cached_store.measurements()[winner.option.id].summary.response_p95
    table = page.dataframe[-1].value.set_index("Option")
    assert table.loc[winner.option.label, "p95"] == formats.duration(measured.value_s)
    assert "is not measured yet" not in everything(page)


def open_form(page: AppTest) -> AppTest:
    """Open the page and its probe form."""
    page.run()
    return next(b for b in page.button if b.label == "Probe provider").click().run()


def test_the_form_starts_with_this_machine(page: AppTest) -> None:
    """The default costs nothing and needs no key, and the caps are told before the click."""
    open_form(page)
    assert not page.exception
    assert page.selectbox(key="probe/target").value == "this-machine"
    said = everything(page)
    assert "Costs at most $0" in said
    assert "$0.05 a run" in said


def test_a_worker_gets_ready_while_the_form_is_read(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for once, by the click that opens the form, and by no page before it."""
    asked: list[Runs] = []

    def note(runs: Runs) -> None:
        asked.append(runs)

    monkeypatch.setattr(Runs, "make_ready", note)
    page.run()
    assert not asked
    open_form(page).run()
    assert len(asked) == 1


def test_a_missing_key_is_named_and_only_stops_its_provider(page: AppTest) -> None:
    """The variable is said, Start is off until a key is typed, and the key is shown nowhere."""
    open_form(page)
    page.selectbox(key="probe/target").set_value("openai/text-embedding-3-small").run()
    assert "OPENAI_API_KEY" in everything(page)
    assert page.button(key="probe/start").disabled
    page.text_input(key="probe/key").set_value("sk-very-secret").run()
    assert not page.button(key="probe/start").disabled
    assert "sk-very-secret" not in everything(page)
    page.selectbox(key="probe/target").set_value("this-machine").run()
    assert not page.button(key="probe/start").disabled


def test_a_key_of_the_environment_is_used_and_not_shown(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server has the key, nothing is asked."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    open_form(page)
    page.selectbox(key="probe/target").set_value("openai/text-embedding-3-small").run()
    assert not page.button(key="probe/start").disabled
    assert "OPENAI_API_KEY, as set where this page runs" in everything(page)
    assert "sk-very-secret" not in everything(page)


def test_a_provider_without_an_embedder_says_what_is_missing(page: AppTest) -> None:
    """It stays priced; only its probe is off."""
    open_form(page)
    dumb = next(
        entry for entry in probing.candidates(Scenario().options) if "not speak" in entry.missing
    )
    page.selectbox(key="probe/target").set_value(dumb.option_id).run()
    assert dumb.missing in everything(page)
    assert page.button(key="probe/start").disabled


def test_a_cap_stops_a_run_before_anything_is_sent(
    page: AppTest, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worst case above the cap is refused with both amounts."""
    monkeypatch.setenv("BREAKEVEN_SPEND_CAP_PER_RUN_USD", "0.000001")
    server = embedding_server(Config())
    fill_custom(open_form(page), server, price=1_000.0)
    page.button(key="probe/start").click().run()
    assert "above the cap" in everything(page)
    assert not server.truths


def fill_custom(page: AppTest, server: GroundTruthServer, price: float | None = None) -> None:
    """Point the form at a server on this computer."""
    page.selectbox(key="probe/target").set_value("custom").run()
    page.text_input(key="probe/url").set_value(server.base_url)
    page.text_input(key="probe/model").set_value("test-model").run()
    if price is not None:
        page.segmented_control(key="probe/paid").set_value("USD per 1M tokens").run()
        page.number_input(key="probe/price").set_value(price).run()


def test_a_probe_runs_to_its_end_and_is_seen_on_the_way(
    page: AppTest, embedding_server: Serve
) -> None:
    """Start, progress with a way to cancel, the result: through a real worker and a real server."""
    server = embedding_server(Config(delay=Delay(median_s=0.02)))
    fill_custom(open_form(page), server)
    page.number_input(key="probe/requests").set_value(75)
    page.number_input(key="probe/rate/api").set_value(25.0).run()
    page.button(key="probe/start").click().run()
    assert not page.exception
    seen = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not page.success:
        seen += [b.label for b in page.button if b.label == "Cancel"]
        time.sleep(0.2)
        page.run()
    assert "Cancel" in seen
    assert "75 answers" in page.success[0].value
    page.button(key="probe/close").click().run()
    assert not page.success


def test_a_live_run_can_be_cancelled(page: AppTest, embedding_server: Serve) -> None:
    """Cancel ends the run; what was measured until then is told."""
    server = embedding_server(Config(delay=Delay(median_s=0.02)))
    fill_custom(open_form(page), server)
    page.number_input(key="probe/requests").set_value(5_000)
    page.number_input(key="probe/rate/api").set_value(20.0).run()
    page.button(key="probe/start").click().run()
    next(b for b in page.button if b.label == "Cancel").click().run()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not page.info:
        time.sleep(0.2)
        page.run()
    assert "cancelled" in page.info[0].value
    assert not page.error


def test_a_second_session_sees_the_live_run(page: AppTest, embedding_server: Serve) -> None:
    """A reload or another tab shows the same progress, for it is read from the store."""
    server = embedding_server(Config(delay=Delay(median_s=0.02)))
    fill_custom(open_form(page), server)
    page.number_input(key="probe/requests").set_value(5_000)
    page.number_input(key="probe/rate/api").set_value(20.0).run()
    page.button(key="probe/start").click().run()
    other = AppTest.from_file(str(APP), default_timeout=60).run()
    cancel = next(b for b in other.button if b.label == "Cancel")
    cancel.click().run()
    live = cached_store.runs().live()
    deadline = time.monotonic() + 60
    while live is not None and time.monotonic() < deadline:
        time.sleep(0.2)
        live = cached_store.runs().live()
    assert live is None


def test_the_page_never_imports_torch(data_dir: Path) -> None:
    """The page's process stays small: the model lives in the worker."""
    assert data_dir
    code = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"page = AppTest.from_file({str(APP)!r}, default_timeout=60).run()\n"
        "assert not page.exception, page.exception\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_day_of_ones_own_replicas_is_drawn_when_it_is_opened(page: AppTest) -> None:
    """Sentences, table and the exact busy hour of the option that is chosen."""
    page.run()
    assert not [box for box in page.selectbox if box.key == "day/option"]
    page.session_state["day"] = True
    page.run()
    assert not page.exception
    page.selectbox(key="day/option").set_value("aws/g6.xlarge").run()
    said = " ".join(str(element.value) for element in page.markdown)
    assert "in the busiest hour" in said
    assert "With one replica lost" in said
    page.toggle(key="day/exact").set_value(True).run()
    assert not page.exception
    said = " ".join(str(element.value) for element in page.markdown)
    assert "All texts equally long" in said
