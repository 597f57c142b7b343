"""The currency in which this session shows amounts: in its link and controls, never in the model.

A link holds ``cur=GBP`` and, where the reader typed a rate, ``fx=1.27`` with its day,
``fxday=2026-11-30``. What of them cannot be used is dropped and said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.errors import ScenarioError
from core.money import DOLLARS, SIGNS, Money, Rate, money_in, own_rate
from core.scenario import FIRST_DAY
from dashboard import formats

PARAMETERS: Final = ("cur", "fx", "fxday")
_CHOICE: Final = "currency"
_MONEY: Final = "currency/money"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader chose."""

    code: str = DOLLARS.code
    own: Mapping[str, Rate] = field(default_factory=dict)
    """Rates that were typed, by currency."""
    turn: int = 0
    """How often the controls began anew, because a link changed what they show."""

    @property
    def own_rate(self) -> Rate | None:
        """The reader's rate of the currency that is chosen."""
        return self.own.get(self.code)

    def money(self, rates: Mapping[str, Rate]) -> Money:
        """USD where nobody gave a rate: none is ever assumed."""
        try:
            return money_in(self.code, rates, self.own_rate)
        except ScenarioError:
            return DOLLARS


def chosen() -> Choice:
    """The reader's choice, as of the last run that read it."""
    choice: Choice = st.session_state.get(_CHOICE, Choice())
    return choice


def key(name: str) -> str:
    """Widget key of a control: "code", or "rate/EUR"."""
    return f"currency/{name}#{chosen().turn}"


def begin(rates: Mapping[str, Rate]) -> None:
    """At the start of a run: take what the controls say, and settle the currency of the page."""
    before, says = chosen(), st.session_state
    choice = replace(before, code=says.get(key("code")) or before.code)
    if (name := key(f"rate/{choice.code}")) in says:
        choice = replace(choice, own=_typed(choice, says[name]))
    st.session_state[_CHOICE] = choice
    st.session_state[_MONEY] = choice.money(rates)


def _typed(choice: Choice, usd: float | None) -> Mapping[str, Rate]:
    """The rates with what a field holds now; it counts from the day on which it was typed."""
    before = choice.own_rate
    if usd is None or (before is not None and before.usd == usd):
        return choice.own
    return dict(choice.own) | {choice.code: own_rate(usd, today())}


def forget_rate() -> None:
    """Back from one's own rate. For a button: a field with a value to begin with is never empty."""
    choice = chosen()
    own = {code: rate for code, rate in choice.own.items() if code != choice.code}
    st.session_state[_CHOICE] = replace(choice, own=own, turn=choice.turn + 1)


def read(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Take the currency from a link's parameters; returns a sentence for all that was not used."""
    texts = {name: values[-1] for name, values in parameters.items() if name in PARAMETERS}
    before, reports = chosen(), list[str]()
    code = texts.get("cur", DOLLARS.code).upper()
    if code not in SIGNS:
        reports.append(f"Currency: the link's is none of {', '.join(SIGNS)}; USD is shown.")
        code = DOLLARS.code
    own = dict(before.own)
    own.pop(code, None)
    if "fx" in texts and code != DOLLARS.code:
        try:
            own[code] = _rate_of(texts["fx"], texts.get("fxday"))
        except (ValueError, ScenarioError):
            reports.append(
                f"Rate of {code}: the link's needs a number of USD for one and a day up to today; "
                "it was dropped."
            )
    st.session_state[_CHOICE] = Choice(code, own, before.turn + 1)
    return tuple(reports)


def _rate_of(usd: str, day: str | None) -> Rate:
    """Raises ValueError or ScenarioError for what is no rate or no day on which it can be known."""
    dated = date.fromisoformat(day) if day else today()
    if not FIRST_DAY <= dated <= today():
        raise ValueError(day)
    return own_rate(float(usd), dated)


def link() -> dict[str, str]:
    """Its parameters; none of USD."""
    choice, own = chosen(), chosen().own_rate
    if choice.code == DOLLARS.code:
        return {}
    rate = {} if own is None else {"fx": f"{own.usd!r}", "fxday": own.dated}
    return {"cur": choice.code} | rate


def today() -> date:
    """The day of a rate that is typed now, in UTC."""
    return datetime.now(UTC).date()


def _shown() -> Money:
    """The currency of this session's page; outside of any session USD."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return DOLLARS
    money: Money = st.session_state.get(_MONEY, DOLLARS)
    return money


formats.ask_for_money(_shown)
