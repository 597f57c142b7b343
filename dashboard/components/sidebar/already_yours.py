"""What is one's own: cards and machines by number, and discounts by provider."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from core.scenario import HIGHEST_DISCOUNT, MOST_OWNED, Scenario
from dashboard import formats
from dashboard.resources.cached import cached_catalogue
from dashboard.state import controls, session

COUNT_HELP: Final = (
    "They are there: what they cost is left out, their electricity and labour are not, and no more "
    "can be had. Empty or 0: they are to be bought, as many as the load needs."
)
DISCOUNT_HELP: Final = (
    "Share off all list prices by use and by the hour, spot and reserved too; fees of a month "
    "stay, and so does a price of your own. Empty or 0: as listed."
)


def fold(scenario: Scenario) -> None:
    """A number for each chosen machine that can be owned, a share for each provider."""
    machines = tuple(filter(cached_catalogue.is_to_own, scenario.machine_ids))
    providers = _providers(scenario.machine_ids)
    if not machines and not providers:
        return
    folded = st.expander(
        "Already yours, and discounts",
        icon=":material/handshake:",
        key="fold/mine",
        on_change="rerun",
    )
    if folded.open:
        with folded:
            for machine in machines:
                _count(machine)
            for provider_id, name in providers.items():
                _discount(provider_id, name)


def _providers(parts: Iterable[str]) -> dict[str, str]:
    """Id and name of each that sells one of these, what is one's own left out."""
    catalog, names = cached_catalogue.catalog(), {}
    for part in parts:
        sold = catalog.find_api(part) or catalog.find_machine(part)
        if sold is not None and not cached_catalogue.is_to_own(part):
            names[sold[0].id] = sold[0].name
    return names


def _count(machine: str) -> None:
    control = controls.OWNED + machine
    key, begun = session.typed_key(control), session.typed_begun(control)
    st.number_input(
        f"{formats.plain(cached_catalogue.option_label(machine))}: already yours",
        min_value=0,
        max_value=MOST_OWNED,
        # Constant while it is there: a field that has a value of its own cannot be emptied.
        value=None if begun is None else int(begun),
        step=1,
        placeholder="none: to be bought",
        key=key,
        help=COUNT_HELP,
    )


def _discount(provider_id: str, name: str) -> None:
    control = controls.DISCOUNT + provider_id
    key, begun = session.typed_key(control), session.typed_begun(control)
    st.number_input(
        f"{formats.plain(name)}: your discount (share)",
        min_value=0.0,
        max_value=HIGHEST_DISCOUNT,
        value=begun,
        step=0.05,
        placeholder="list prices",
        key=key,
        help=DISCOUNT_HELP,
    )
