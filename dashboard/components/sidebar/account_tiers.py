"""The account at each provider: its tier, or its own limit, which decides what it can serve."""

from collections.abc import Mapping

import streamlit as st

from core.catalog.schema import Provider, RateLimit
from core.decide.result.limit_used import LIMIT_WORDS, limit_used
from core.scenario import HIGHEST_RATE_PER_MINUTE, RATES, Scenario, hybrid_parts
from dashboard import formats
from dashboard.resources.cached import cached_catalogue
from dashboard.state import controls, session


def fold(scenario: Scenario) -> None:
    """Tier and own rate limit of each provider of a chosen API; nothing where none is chosen."""
    providers, own = _chosen(scenario), scenario.own_limits
    if not providers:
        return
    folded = st.expander(
        "Your accounts", icon=":material/badge:", key="fold/tiers", on_change="rerun"
    )
    if folded.open:
        with folded:
            for provider, offer_id in providers:
                if len(provider.tiers) > 1:
                    _tier(provider, offer_id, scenario)
                _own(provider, own.get(provider.id, {}))


def _chosen(scenario: Scenario) -> list[tuple[Provider, str]]:
    """Providers of chosen APIs, each with its first chosen offer."""
    parts = [part for name in scenario.options for part in hybrid_parts(name) or (name,)]
    sold_by: dict[str, tuple[Provider, str]] = {}
    for option_id in parts:
        sold = cached_catalogue.catalog().find_api(option_id)
        if sold is not None:
            sold_by.setdefault(sold[0].id, (sold[0], sold[1].id))
    return list(sold_by.values())


def _tier(provider: Provider, offer_id: str, scenario: Scenario) -> None:
    tiers, chosen = (None, *provider.tiers), dict(scenario.tiers).get(provider.id)
    entry = provider.limit_of(offer_id)
    rows = {tier: provider.limit_of(offer_id, tier) for tier in provider.tiers}
    words = {tier: _words(tier, row) for tier, row in rows.items()}
    st.selectbox(
        f"Your account at {formats.plain(provider.name)}",
        options=list(tiers),
        index=tiers.index(chosen),
        format_func=lambda tier: words[tier] if tier else _new(entry),
        key=session.tier_key(provider.id),
        help="Its rate limit decides which load it can serve. What you type below comes first.",
    )


def _counted(provider: Provider, own: Mapping[str, float]) -> list[str]:
    """What the provider counts, as it publishes or as the user typed; calls where nobody says."""
    published = {name for row in provider.rate_limits for name in row.online}
    return [name for name in RATES if name in published or name in own] or [RATES[0]]


def _own(provider: Provider, own: Mapping[str, float]) -> None:
    """What the user's account lets through, where it is not what is published."""
    for counted in _counted(provider, own):
        control = f"{controls.LIMIT}{provider.id}:{counted}"
        key, begun = session.typed_key(control), session.typed_begun(control)
        st.number_input(
            f"{formats.plain(provider.name)}: {LIMIT_WORDS[counted]}",
            min_value=0.0,
            max_value=HIGHEST_RATE_PER_MINUTE,
            # Constant while it is there: a field that has a value of its own cannot be emptied.
            value=begun,
            step=100.0,
            placeholder="as published",
            key=key,
            help="The limit of your own account, in the place of what is published. "
            "Empty or 0: as published.",
        )


def _new(entry: RateLimit | None) -> str:
    return f"a new account: {_words(entry.tier, entry)}" if entry else "a new account"


def _words(tier: str, row: RateLimit | None) -> str:
    needs = f" ({row.needs})" if row and row.needs and row.tier == tier else ""
    return f"{tier}{needs}: {limit_used(row).words}"
