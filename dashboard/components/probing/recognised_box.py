"""The button "Recognise" beside a typed address, what the server says, and "Use this".

Nothing is asked before the click. The answer belongs to the address that was typed then.
"""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.errors import BreakevenError
from dashboard import formats
from dashboard.components.shared import error_boxes
from dashboard.resources.reach import recognising
from dashboard.resources.reach.recognising import Recognised
from dashboard.state import session

URL: Final = "probe/url"
MODEL: Final = "probe/model"
WIRE: Final = "probe/wire"
HEADER: Final = "probe/header"
QUERY: Final = "probe/query"
FOUND: Final = "probe/recognised"
CHOSEN: Final = "probe/recognised-model"
KEY: Final = "probe/recognise-key"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one click."""

    typed: str = ""
    server: Recognised | None = None
    refusal: str = ""
    """Why nothing is recognised, ready to be shown."""


NOTHING: Final = Told()


def recognise_button(name: str = "") -> None:
    """The button, and what came of it. ``name``: of the typed endpoint among several."""
    typed = session.get(f"{URL}{name}", default="")
    st.button(
        "Recognise",
        icon=":material/search:",
        help="Asks the server what it is: its model, limits and path. A few small questions.",
        on_click=_ask,
        args=(name,),
        key=f"probe/recognise{name}",
    )
    outcome = session.get(f"{FOUND}{name}", default=NOTHING)
    if not typed or outcome.typed != typed:
        return
    if outcome.refusal:
        st.warning(outcome.refusal, icon=":material/help:")
        st.text_input(
            "Key for this server, if it asks for one",
            type="password",
            help="Goes to this server with the next click on Recognise, and is kept nowhere.",
            key=f"{KEY}{name}",
            max_chars=500,
        )
    if outcome.server is not None:
        _show(outcome.server, name)


def _ask(name: str) -> None:
    """Ask, and keep the answer for this session. A key goes to the address it was typed for."""
    typed = session.get(f"{URL}{name}", default="")
    if not typed:
        return
    same = session.get(f"{FOUND}{name}", default=NOTHING).typed == typed
    key = session.get(f"{KEY}{name}", default="") if same else ""
    try:
        outcome = Told(typed, server=recognising.asked(typed, key))
    except BreakevenError as error:
        outcome = Told(typed, refusal=error_boxes.sentence_of(error))
    session.put(f"{FOUND}{name}", outcome)


def _show(server: Recognised, name: str) -> None:
    st.info("  \n".join(formats.plain(line) for line in lines_of(server)), icon=":material/dns:")
    models = [model.name for model in server.embedders]
    if len(models) > 1:
        st.selectbox("Its models", models, key=f"{CHOSEN}{name}")
    st.button(
        "Use this",
        icon=":material/check:",
        on_click=_use,
        args=(server, name),
        disabled=recognising.proposed(server) is None,
        key=f"probe/use-recognised{name}",
    )


def lines_of(server: Recognised) -> list[str]:
    """What was recognised, by what, and what it says of its limits."""
    lines = [f"{server.label}, by {server.by_what}."]
    if sentence := recognising.mends_sentence(server.what_was_mended):
        lines.append(sentence)
    if (spoken := recognising.proposed(server)) is not None:
        lines.append(f"Base address: {spoken.base_url} ({spoken.wire.replace('_', ' ')}).")
    lines += [_model_text(model) for model in server.embedders[:1] if len(server.embedders) == 1]
    limits = [
        f"{formats.count(count)} {what}"
        for what, count in (
            ("texts a request", server.max_texts_per_request),
            ("tokens a batch", server.max_tokens_per_batch),
        )
        if count is not None
    ]
    if limits:
        lines.append(f"At most {', '.join(limits)}.")
    if server.key_header is not None:
        lines.append(f"Its key goes into the header {server.key_header}.")
    return [*lines, *server.notes]


def _model_text(model: recognising.ServedModel) -> str:
    parts = [model.name, *filter(None, (model.dtype, model.revision and model.revision[:12]))]
    if model.max_tokens is not None:
        parts.append(f"at most {formats.count(model.max_tokens)} tokens a text")
    return f"Model: {', '.join(parts)}."


def _use(server: Recognised, name: str) -> None:
    """Fill the form: address and model, and the format where the form has a choice of it."""
    spoken = recognising.proposed(server)
    if spoken is None:
        return
    models = [model.name for model in server.embedders]
    chosen = session.get(f"{CHOSEN}{name}", default=models[0] if models else "")
    session.put(f"{FOUND}{name}", Told(spoken.base_url, server=server))
    session.put(f"{URL}{name}", spoken.base_url)
    session.put(f"{WIRE}{name}", spoken.wire)
    if server.key_header is not None:
        session.put(f"{HEADER}{name}", server.key_header)
    if server.query:
        session.put(f"{QUERY}{name}", "\n".join(f"{one}={value}" for one, value in server.query))
    if chosen in models:
        session.put(f"{MODEL}{name}", chosen)
