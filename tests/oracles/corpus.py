"""What a corpus is, and costs, embedded anew: by the definition."""

import math
from collections.abc import Sequence
from typing import Final

from core.cost.curve.checks import not_negative, share
from core.cost.over_months.growth import corpus_tokens
from core.units import TOKENS_PER_MTOK


def api_backfill_usd(tokens: float, usd_per_mtok: float, batch_discount: float = 0.0) -> float:
    """What an API bills for the tokens, all of them through its batch interface, USD."""
    not_negative("tokens to embed", tokens)
    price = not_negative("price of a million tokens", usd_per_mtok)
    return tokens / TOKENS_PER_MTOK * price * (1 - share("batch discount", batch_discount))


def reembedding_tokens(
    initial_tokens: float,
    added_in_first_month: float,
    growth_per_month: float,
    after_months: Sequence[int],
) -> float:
    """Tokens embedded anew by changes of model, each at the end of its month on the whole corpus.

    A change after 0 months meets the corpus at the start.
    """
    return math.fsum(
        corpus_tokens(initial_tokens, added_in_first_month, growth_per_month, months)
        for months in after_months
    )


BYTES_PER_GIB: Final = 2.0**30
