"""A typed address that was probed, added as an option: one button on the run's page."""

from functools import partial
from typing import Final

import orjson
import streamlit as st

from core.catalog.schema import Endpoint
from core.probe.records.probe_plan import ApiTarget
from dashboard.components.own_options.api_form import api_form
from dashboard.components.own_options.form_fields import ADDED, Defaults
from dashboard.components.own_options.hardware_forms import machine_form
from dashboard.resources import own_options
from dashboard.resources.history import RunView
from dashboard.state import session

OPEN: Final = "own/from run"
API: Final = "An API of your own"
MACHINE: Final = "A machine of your own"


def show_as_option(run: RunView) -> None:
    """The button, where a typed address was asked, and its form while that is open."""
    asked = run.plan.target.sole_api
    typed = run.plan.subject.option_id.startswith(own_options.CUSTOM_PREFIX)
    if asked is None or not typed or run.live or not own_options.may_add():
        return
    if text := session.get(ADDED, default=""):
        st.success(text, icon=":material/check:")
    st.button(
        "Add as an option",
        icon=":material/add:",
        key="latency/as-option",
        on_click=partial(session.put, OPEN, value=True),
        help="Give it a price, and compare it with all others.",
    )
    if session.get(OPEN, default=False):
        _dialog(defaults_of(asked))


USUAL_HEADER: Final = Endpoint.model_fields["key_header"].default
"""Where a key goes that needs no header of its own."""


@st.dialog("Add as an option", on_dismiss=partial(session.put, OPEN, value=False))
def _dialog(defaults: Defaults) -> None:
    kind = st.segmented_control(
        "What it is", [API, MACHINE], default=API, required=True, key="own/run kind"
    )
    if kind == API:
        st.caption("What was measured of this address is then this option's.")
        api_form("run-api", defaults, OPEN)
    else:
        st.caption("Its bill is that of the machine; latencies stay with the address.")
        machine_form("run-machine", defaults, OPEN)


def defaults_of(asked: ApiTarget) -> Defaults:
    """What is known of the address."""
    url, endpoint = asked.endpoint.base_url, asked.endpoint
    fields = {name: orjson.dumps(value).decode() for name, value in endpoint.body.items()}
    return {
        "key_header": "" if endpoint.key_header == USUAL_HEADER else endpoint.key_header,
        "query": "\n".join(f"{name}={value}" for name, value in endpoint.query.items()),
        "body": "\n".join(f"{name}={value}" for name, value in fields.items()),
        "name": f"{url.host}-{url.port}" if url.port else str(url.host),
        "base_url": str(url),
        "wire_model": asked.wire_model,
        "wire": asked.endpoint.wire.value,
    }
