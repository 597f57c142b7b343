"""The answer of a one-off job on its page: sentences, a chart, a table."""

from functools import partial

import streamlit as st

from core.decide.job.job_way import JobAnswer
from core.decide.job.job_words import headline, sentences
from dashboard import formats
from dashboard.components.job.job_tables import MOST_ON_THE_PAGE, lines_table, ways_table
from dashboard.components.shared.chart import chart, download, shown_table
from dashboard.components.shared.scheme import colours
from dashboard.figures.job.job_ways_figure import drawn, job_ways_figure


def show_answer(answer: JobAnswer) -> None:
    """What to do, what it costs, how long it takes; what may be cheaper; what is left out."""
    with st.container(gap="xxsmall"):
        st.markdown(f"## {formats.plain(formats.amounts(headline(answer)))}")
        *reasons, counts = sentences(answer)
        if reasons:
            st.markdown(formats.plain(formats.amounts(" ".join(reasons))))
        st.caption(formats.plain(counts))


def show_chart(answer: JobAnswer) -> None:
    """Cost over days, a point a way."""
    known, ways = drawn(answer), [way for way in answer.ways if not way.refusal]
    chart(
        "Cost and days of every way",
        job_ways_figure(answer, colours()),
        "job/ways",
        f"Cost over days of {len(known)} ways, the deadline at {answer.ask.days:g} days. "
        f"{formats.amounts(headline(answer))}",
        partial(ways_table, answer),
        "Filled: known to be in time. Rings: late, or not known yet. The star is the cheapest that "
        "is known to suit. Left of the red line a way is in time.",
    )
    if missing := len(ways) - len(known):
        st.caption(f"{missing} ways whose time or price nobody knows stand in the table alone.")


def show_ways(answer: JobAnswer) -> None:
    """The cheapest ways and the cheapest of each kind; all of them as CSV."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Ways, cheapest first**", width="stretch")
        download(partial(ways_table, answer), "job/table")
    money = st.column_config.NumberColumn(format=f"{formats.money().sign}%,.2f")
    columns = {
        "Way": st.column_config.TextColumn(width=330),
        **dict.fromkeys(("Job (USD)", "From (USD)", "To (USD)", "In all (USD)"), money),
        "Then (USD/month)": money,
        "Days": st.column_config.NumberColumn(format="%.3g"),
        "Tokens/s each": st.column_config.NumberColumn(format="compact"),
        "In time": st.column_config.TextColumn(width=260),
    }
    shown_table(
        ways_table(answer, MOST_ON_THE_PAGE),
        "job/table",
        "The cheapest ways, with cost, days, machines, limits and evidence",
        columns,
    )
    if answer.best is not None:
        # A sign of a currency would stand between a minus and its number.
        plain = st.column_config.NumberColumn(format="%,.2f")
        st.markdown(f"**What {formats.plain(answer.best.label)} is made of**, at its stated rate")
        shown_table(lines_table(answer.best), "job/lines", "Parts of the cost", {"USD": plain})
