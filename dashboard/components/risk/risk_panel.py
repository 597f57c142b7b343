"""The risk page's parts: probabilities, tornado chart, value of information."""

from functools import partial

import streamlit as st

from core.decide.result.risk_result import Axis, Risk
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.risk import risk_tables
from dashboard.components.risk.risk_text import chances_text, crossing_text, headline
from dashboard.components.shared.chart import chart, download, shown_table
from dashboard.components.shared.money_columns import whole_amounts
from dashboard.components.shared.scheme import colours
from dashboard.figures.risk.risk_axis import chances_figure
from dashboard.figures.risk.risk_tornado import tornado_figure, tornado_rows

SHARE = st.column_config.NumberColumn(format="percent")


def show_answer(found: Risk, axis: Axis, scenario: Scenario) -> None:
    """What to measure first, how sure the answer is, and where it turns."""
    st.markdown(f"## {formats.plain(headline(found))}")
    said = " ".join(filter(None, (chances_text(found), crossing_text(axis, scenario))))
    if said:
        st.markdown(formats.plain(said))


def show_chances(risk: Risk, axis: Axis) -> None:
    """How often each option is the cheapest, here and along the volume axis."""
    chart(
        "How often each option is the cheapest, over the volume",
        chances_figure(axis, risk.tokens_per_month, colours()),
        "risk/axis",
        f"Share of samples in which each option is the cheapest, over the volume. "
        f"{chances_text(risk)}",
        partial(risk_tables.axis, axis),
        f"{axis.samples:,} samples at {axis.tokens_per_month.size} volumes: a share is right "
        "within 3 points.",
    )
    columns = {
        "Chance cheapest": SHARE,
        "± (1 s.e.)": SHARE,
        "Mean (USD/month)": whole_amounts(),
        "5 % (USD/month)": whole_amounts(),
        "Median (USD/month)": whole_amounts(),
        "95 % (USD/month)": whole_amounts(),
    }
    table = risk_tables.options(risk)
    shown_table(table, "risk/options", "Chance and spread of every option", columns)
    download(partial(risk_tables.options, risk), "risk/options")


def show_inputs(risk: Risk) -> None:
    """What each input does to the answer, and its value of information."""
    if not risk.inputs:
        st.markdown("Every input is taken as known: give one a range to see what it could change.")
        return
    moving = tornado_rows(risk.inputs)
    if moving and risk.stated is not None:
        flips = [entry.belief.label for entry in moving if entry.flips]
        chart(
            f"What each input does to the lead of {formats.plain(risk.stated.label)}",
            tornado_figure(risk.inputs, risk.stated_margin_usd, colours()),
            "risk/tornado",
            "Lead over the best other option with one input at either end of its range. "
            f"Inputs that turn the answer: {', '.join(flips) or 'none'}.",
            partial(risk_tables.inputs, risk),
            "Left of the red line another option is the cheapest. Dotted: as stated.",
        )
    st.markdown("**What knowing each input is worth**")
    columns = {
        "Lead at 5 % (USD/month)": whole_amounts(),
        "Lead at 95 % (USD/month)": whole_amounts(),
        "Worth knowing (USD/month)": whole_amounts(),
        "Share of the spread": SHARE,
        "± s.e. ": SHARE,
    }
    table = risk_tables.inputs(risk)
    shown_table(table, "risk/inputs", "Range, effect and worth of every input", columns)
    download(partial(risk_tables.inputs, risk), "risk/inputs")
    if risk.pairs:
        st.markdown("**Pairs that are worth knowing together**")
        shown_table(
            risk_tables.pairs(risk), "risk/pairs", "Worth of pairs of inputs",
            {"Worth knowing (USD/month)": whole_amounts()},
        )  # fmt: skip
