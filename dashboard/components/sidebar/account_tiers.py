"""The tier of the account at each provider: what its rate limit goes by."""

import streamlit as st

from core.catalog.schema import Provider, RateLimit
from core.decide.result.limit_used import limit_used
from core.scenario import Scenario, hybrid_parts
from dashboard import formats
from dashboard.resources.cached import cached_catalogue
from dashboard.state import session


def fold(scenario: Scenario) -> None:
    """A list of tiers for each chosen provider that has several; nothing where none has."""
    providers = _chosen(scenario)
    if not providers:
        return
    folded = st.expander(
        "Account tiers", icon=":material/badge:", key="fold/tiers", on_change="rerun"
    )
    if folded.open:
        with folded:
            for provider, offer_id in providers:
                _tier(provider, offer_id, scenario)


def _chosen(scenario: Scenario) -> list[tuple[Provider, str]]:
    """Providers of chosen APIs whose accounts have tiers, each with its first chosen offer."""
    parts = [part for name in scenario.options for part in hybrid_parts(name) or (name,)]
    sold_by: dict[str, tuple[Provider, str]] = {}
    for option_id in parts:
        sold = cached_catalogue.catalog().find_api(option_id)
        if sold is not None and len(sold[0].tiers) > 1:
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
        help="Its rate limit decides which load it can serve. Limits that you agreed upon yourself "
        "are not kept here.",
    )


def _new(entry: RateLimit | None) -> str:
    return f"a new account: {_words(entry.tier, entry)}" if entry else "a new account"


def _words(tier: str, row: RateLimit | None) -> str:
    needs = f" ({row.needs})" if row and row.needs and row.tier == tier else ""
    return f"{tier}{needs}: {limit_used(row).words}"
