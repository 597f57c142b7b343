"""The form behind "Measure this machine": which model and engine, and for which load."""

import streamlit as st
from pydantic import ValidationError

from core.errors import AlreadyLiveError, BreakevenError
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.probing.begun_run import WATCHED
from dashboard.components.shared import error_boxes
from dashboard.resources import engine
from dashboard.resources.cached import cached_store
from dashboard.resources.engine import LocalTarget, SweepQuestion
from dashboard.state import session


def sweep_form(scenario: Scenario) -> None:
    """The button with its settings, and the start."""
    missing = engine.missing()
    with st.popover(
        "Measure this machine",
        icon=":material/tune:",
        disabled=bool(missing),
        help=formats.plain(missing) if missing else "About a minute; nothing leaves this computer.",
    ):
        if missing:
            return
        with st.form("engine/form", border=False):
            target, question = _fields(scenario)
            sent = st.form_submit_button("Start", type="primary", icon=":material/play_arrow:")
        if sent:
            _start(target, question)


def _fields(scenario: Scenario) -> tuple[dict[str, object], dict[str, object]]:
    question: dict[str, object] = {
        "tokens_per_text": st.number_input(
            "Tokens of a text", 8, 131_072, int(max(8, scenario.workload.tokens_per_request))
        ),
        "slo_p95_s": st.number_input(
            "Objective: p95, s", 0.001, 600.0, float(scenario.objective.slo_p95_s), format="%.3f"
        ),
        "largest_batch": st.number_input("Texts in a batch, at most", 1, 512, 32),
    }
    target: dict[str, object] = {
        "engine": st.selectbox("Engine", ("auto", "onnxruntime", "torch")),
        "precision": st.selectbox("Precision", ("auto", "fp32", "fp16", "bf16")),
        "device": st.selectbox("Device", ("auto", "cpu", "cuda", "mps")),
        "threads": st.number_input(
            "Threads", 1, 256, None, placeholder="one a core", help="Of the engine, on a CPU."
        ),
        "max_tokens": st.number_input(
            "Cut texts at", 8, 131_072, None, placeholder="the model's limit, tokens"
        ),
    }
    if engine.may_name_models():
        target |= _model_fields()
    return target, question


def _model_fields() -> dict[str, object]:
    return {
        "model": st.text_input(
            "Model",
            placeholder="the packaged MiniLM",
            help="A folder of this computer, or a hub id whose weights are on it.",
        ).strip()
        or None,
        "allow_custom_code": st.checkbox(
            "Let the model run its own Python code",
            help="Only for a model whose files you have read: they run with your rights.",
        ),
    }


def _start(target: dict[str, object], question: dict[str, object]) -> None:
    try:
        run_id = engine.start(
            LocalTarget.model_validate(target), SweepQuestion.model_validate(question)
        )
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        st.error(formats.plain(f"This cannot be run: {where}: {fault['msg']}."))
    except AlreadyLiveError as live:
        st.info(formats.plain(str(live)))
    except BreakevenError as error:
        st.error(error_boxes.sentence_of(error))
    else:
        session.put(WATCHED, run_id)
        cached_store.forget_measurements()
        st.rerun()
