"""What may be typed of any question: each flag with its limits and its help, said once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from core.money import HIGHEST_RATE_USD, LOWEST_RATE_USD
from core.scenario import MOST_BUDGET_USD, Retention

ScenarioFile = Annotated[
    Path | None, typer.Option(help="A scenario as JSON; what it leaves out has its default.")
]
Tiers = Annotated[
    list[str] | None,
    typer.Option(help="Tier of your account: openai='tier 2'; repeat it for each provider."),
]
RateLimits = Annotated[
    list[str] | None,
    typer.Option(
        help="Your account's rate limit: openai:rpm=3000, openai:tpm=1e6, cohere:texts=2000; "
        "repeat it for each."
    ),
]
Prices = Annotated[
    list[str] | None,
    typer.Option(help="Your own price: ID=USD in the option's billed unit; may be repeated."),
]
Owned = Annotated[
    list[str] | None,
    typer.Option(
        help="Cards or machines that are yours already, by number: owned/rtx-4090=4. What they "
        "cost is left out, and no more can be had; repeat it for each."
    ),
]
Discounts = Annotated[
    list[str] | None,
    typer.Option(
        help="Your discount off a provider's list prices, as a share: openai=0.2; repeat it for "
        "each."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Any other field: workload.length_cv=1; may be repeated. `breakeven schema scenario` "
        "lists them with their limits.",
    ),
]
AsOf = Annotated[str, typer.Option(help="Day whose prices count, as 2026-06-01; else the newest.")]
Region = Annotated[
    str | None,
    typer.Option(
        help="Where texts must be computed: eu, uk, ch, us, ca, asia, au, or home for your own "
        "machines."
    ),
]
Budget = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=MOST_BUDGET_USD,
        help="Most that a month may cost, in USD; what is above is out.",
    ),
]
Languages = Annotated[
    list[str] | None,
    typer.Option(help="Language that your texts are in, as de; repeat it for each."),
]
ZeroRetention = Annotated[
    bool | None, typer.Option(help="Providers may not keep texts after the answer.")
]
Currency = Annotated[
    str, typer.Option(help="Show amounts in USD, EUR, GBP or CHF; what you type stays in USD.")
]
ExchangeRate = Annotated[
    float | None,
    typer.Option(
        min=LOWEST_RATE_USD,
        max=HIGHEST_RATE_USD,
        help="USD for one of it, as of today; else the catalogue's rate.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

RETENTION: Final = {True: Retention.ZERO, False: Retention.ALLOWED, None: None}


def demanded(
    languages: Sequence[str] | None, budget_usd: float | None, *, zero_retention: bool | None
) -> dict[str, Any]:
    """The demands that were typed, by their fields; None: not asked."""
    return {
        "budget_usd_per_month": budget_usd,
        "languages": languages or None,
        "retention": RETENTION[zero_retention],
    }
