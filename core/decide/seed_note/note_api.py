"""What the note says of APIs, claim by claim."""

from core.catalog.schema import Catalog
from core.cost.by_use.flat_bill import flat_bill
from core.decide.seed_note import seed_note
from core.decide.seed_note.note_rows import (
    ADA,
    HUGGING_FACE,
    LARGE,
    REPLICATE,
    SMALL,
    TOGETHER,
    api,
    bill,
    usd_at,
    usd_per_mtok,
)
from core.decide.seed_note.seed_note import Claim, Finding, RightNumber, note_scenario
from core.units import TOKENS_PER_MTOK


def openai_price(catalog: Catalog) -> Claim:
    """The price per token and the models it is said to be of."""
    small, large, ada = (usd_per_mtok(catalog, model) for model in (SMALL, LARGE, ADA))
    claimed = flat_bill(seed_note.OPENAI_USD_PER_KTOK, seed_note.TOKENS_PER_KTOK, "k tokens")
    claimed_per_mtok = usd_at(claimed, TOKENS_PER_MTOK)
    return Claim(
        "OpenAI: $0.0001 per 1K tokens (~$0.10 per 1M tokens), text-embedding-3-small/large",
        Finding.WRONG,
        (
            RightNumber("text-embedding-3-small", small, "USD/1M tokens"),
            RightNumber("text-embedding-3-large", large, "USD/1M tokens"),
            RightNumber("text-embedding-ada-002", ada, "USD/1M tokens"),
        ),
        f"${claimed_per_mtok:.2f} per 1M is the price of ada-002 (${ada:.2f}), not of the models "
        f"named: they cost ${small:.2f} and ${large:.2f}.",
    )


def openai_latency(catalog: Catalog) -> Claim:
    """OpenAI's latency."""
    return Claim(
        "OpenAI latency: ~200-500ms",
        Finding.UNVERIFIED,
        _published_p50(catalog, SMALL),
        "Plausible, but no vendor states it and region decides: probe it from where you are.",
    )


def hugging_face_price(catalog: Catalog) -> Claim:
    """The price of a request at Hugging Face."""
    offer = api(catalog, HUGGING_FACE)
    by_the_second = bill(catalog, HUGGING_FACE)
    request = usd_at(by_the_second, seed_note.TOKENS_PER_REQUEST)
    month = usd_at(by_the_second, note_scenario().tokens_per_month)
    low, high = seed_note.HUGGING_FACE_USD_PER_REQUEST
    return Claim(
        "Hugging Face: $0.0006-0.005 per request (model dependent)",
        Finding.WRONG,
        (
            RightNumber("price of compute", float(offer.price.usd), "USD/s"),
            RightNumber("one request", request, "USD/request"),
            RightNumber("the note's workload", month, "USD/month"),
        ),
        f"It is billed by the compute second: {(offer.seconds_per_request or 0) * 1e3:g} ms at "
        f"${offer.price.usd}/s cost ${request:.6f}, {low / request:,.0f} to "
        f"{high / request:,.0f} times less than the note says.",
    )


def hugging_face_cold_start(_: Catalog) -> Claim:
    """Hugging Face's cold start."""
    return Claim(
        "Hugging Face latency: ~1-3 seconds (cold starts)",
        Finding.UNVERIFIED,
        (),
        "No source was found: probe it; the cold start is reported apart from the percentiles.",
    )


def together_replicate_price(catalog: Catalog) -> Claim:
    """The price per "token/request" of Together and Replicate."""
    low, high = seed_note.TOGETHER_REPLICATE_USD
    together = usd_per_mtok(catalog, TOGETHER)
    replicate = float(api(catalog, REPLICATE).price.usd)
    by_token = [usd_at(flat_bill(usd, 1.0, "tokens"), TOKENS_PER_MTOK) for usd in (low, high)]
    by_request = [
        usd_at(flat_bill(usd, seed_note.TOKENS_PER_REQUEST, "requests"), TOKENS_PER_MTOK)
        for usd in (low, high)
    ]
    return Claim(
        "Together AI / Replicate: $0.0002-0.001 per token/request",
        Finding.WRONG,
        (
            RightNumber("Together, embedding model", together, "USD/1M tokens"),
            RightNumber("Replicate, T4", replicate, "USD/s"),
            RightNumber("the note read per token, from", by_token[0], "USD/1M tokens"),
            RightNumber("the note read per token, to", by_token[1], "USD/1M tokens"),
            RightNumber("the note read per request, from", by_request[0], "USD/1M tokens"),
            RightNumber("the note read per request, to", by_request[1], "USD/1M tokens"),
        ),
        f"The unit is nonsense: per token it would be ${by_token[0]:,.0f} to ${by_token[1]:,.0f} "
        f"per 1M; Together asks ${together:.2f} per 1M, and Replicate bills seconds.",
    )


def together_replicate_latency(_: Catalog) -> Claim:
    """Together's and Replicate's latency."""
    return Claim(
        "Together AI / Replicate latency: ~500ms-2s",
        Finding.UNVERIFIED,
        (),
        "No source was found: probe it.",
    )


def minimums(_: Catalog) -> Claim:
    """Monthly minimums."""
    return Claim(
        "Together AI / Replicate: monthly minimums possible",
        Finding.UNVERIFIED,
        (),
        "None was found for these two; other providers have them.",
    )


def openai_bill(catalog: Catalog) -> Claim:
    """A month's bill at OpenAI."""
    volume = note_scenario().tokens_per_month
    ada, small, large = (usd_at(bill(catalog, model), volume) for model in (ADA, SMALL, LARGE))
    numbers = [
        RightNumber("ada-002", ada, "USD/month"),
        RightNumber("3-small", small, "USD/month"),
        RightNumber("3-large", large, "USD/month"),
    ]
    batch = api(catalog, SMALL).price.batch_usd
    if batch is not None:
        usd = usd_at(flat_bill(float(batch), TOKENS_PER_MTOK, "M tokens"), volume)
        numbers.insert(2, RightNumber("3-small, batch", usd, "USD/month"))
    printed = usd_at(bill(catalog, ADA), seed_note.TOKENS_PER_MONTH)
    return Claim(
        "OpenAI API: 50M tokens x $0.0001 = $5/month",
        Finding.PARTLY_RIGHT,
        tuple(numbers),
        f"Per 1K tokens the sum is right (${printed:.0f}), but for a day's tokens: the month costs "
        f"${ada:,.0f} with ada-002, ${small:,.0f} with 3-small and ${large:,.0f} with 3-large.",
    )


def _published_p50(catalog: Catalog, option_id: str) -> tuple[RightNumber, ...]:
    row = catalog.latency(option_id)
    if row is None:
        return ()
    bounds = (("published p50, from", row.p50_low_s), ("published p50, to", row.p50_high_s))
    return tuple(RightNumber(label, value, "s") for label, value in bounds if value is not None)
