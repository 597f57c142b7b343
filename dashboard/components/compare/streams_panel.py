"""Queries and documents: who answers the ones and embeds the others, in one vector space."""

from typing import Final

import pandas as pd
import streamlit as st

from core.decide.streams.stream_result import StreamPair, Streams
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.shared.csv_file import csv_bytes
from dashboard.components.shared.money_columns import in_money
from dashboard.components.sidebar import machine_picker
from dashboard.resources.cached import cached_catalogue
from dashboard.state.link import MAX_OPTIONS

WAITING: Final = "Queries and documents are put together once the volume rests."
MOST_PAIRS: Final = 24
HELP: Final = (
    "Each pair of your options whose vectors lie in one space: the same model, or models whose "
    "publisher declares one. Documents can wait and are asked for no latency. One fleet: documents "
    "fill the valleys of the replicas that answer the queries. One account: tiers and what is free "
    "are used once. Labour once: two fleets, run by the same people. At most: counted apart, "
    "though machines or people may be shared. All else on this page speaks of the queries alone."
)


def streams_panel(streams: Streams | None, cheaper: StreamPair | None, scenario: Scenario) -> None:
    """The answer in sentences and the pairs as a table; nothing without documents."""
    if streams is None:
        return
    volumes = (streams.query_tokens_per_month, streams.document_tokens_per_month)
    queries, documents = map(formats.tokens_per_month, volumes)
    st.markdown(f"**Queries and documents**: {queries} and {documents}", help=HELP)
    lines = (*streams.sentences, *_leads(streams))
    st.markdown("  \n".join(formats.plain(formats.amounts(sentence)) for sentence in lines))
    if cheaper is not None:
        _hint(cheaper, scenario)
    if streams.pairs:
        _table(streams)


def streams_waiting(scenario: Scenario) -> None:
    """Why it is gone while the volume moves: both streams take as long as two steps of it."""
    if scenario.document_tokens_per_month > 0:
        st.caption(WAITING)


def _leads(streams: Streams) -> tuple[str, ...]:
    """Where another pair takes over, both streams grown in proportion."""
    later = [x for x in streams.leads if x.from_tokens_per_month > streams.query_tokens_per_month]
    if not later:
        return ()
    label = cached_catalogue.option_label
    volume = formats.tokens_per_month(later[0].from_tokens_per_month)
    ids = dict.fromkeys((later[0].queries_id, later[0].documents_id))
    names = " and ".join(map(label, ids)) + (" for both" if len(ids) == 1 else "")
    return (f"Both grown in proportion, from about {volume} of queries on it is {names}.",)


def _hint(cheaper: StreamPair, scenario: Scenario) -> None:
    """A pair of the catalogue that nobody chose, and a button that adds what is missing of it."""
    missing = [name for name in dict.fromkeys(cheaper.ids) if name not in scenario.options]
    full = len(scenario.options) + len(missing) > MAX_OPTIONS
    why = f"{MAX_OPTIONS} options are compared at most: leave some out first." if full else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sentence = f"A cheaper pair is in the catalogue. {cheaper.sentence}"
        st.markdown(formats.plain(formats.amounts(sentence)), width="content")
        if st.button(
            "Compare it", icon=":material/add:", key="streams/cheaper", disabled=full, help=why
        ):
            for name in missing:
                machine_picker.add(name)
            st.rerun()


def _table(streams: Streams) -> None:
    table = in_money(pd.DataFrame([_record(pair) for pair in streams.pairs]))
    st.dataframe(
        table.head(MOST_PAIRS),
        hide_index=True,
        column_config={
            str(name): st.column_config.NumberColumn(format="%,.2f")
            for name in table
            if pd.api.types.is_numeric_dtype(table[name])
        },
        alt="Pairs of options for queries and documents, cheapest first, with the cost of each.",
    )
    if len(table) > MOST_PAIRS:
        st.caption(f"The {MOST_PAIRS} cheapest of {len(table)} pairs; the file has all.")
    st.download_button(
        "Pairs as CSV",
        csv_bytes(table),
        file_name="queries-and-documents.csv",
        icon=":material/download:",
        type="tertiary",
    )


def _record(pair: StreamPair) -> dict[str, object]:
    return {
        "Queries by": pair.queries.option.label,
        "Documents by": pair.documents.option.label,
        "Both (USD/month)": pair.usd_per_month,
        "Queries (USD/month)": pair.queries_usd,
        "Documents (USD/month)": pair.documents_usd,
        "Vectors of": pair.space,
        "Together": pair.together.value,
        "Serves both": pair.serves_text,
    }
