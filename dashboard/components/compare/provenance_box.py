"""Where every number comes from: address, date, kind, confidence and the exact words."""

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from core.catalog.schema import Source
from core.decide.result.option import CapacityUsed, InputUsed, PriceUsed
from core.decide.result.snapshot import OneOff, OptionAtVolume
from core.scenario import Scenario
from dashboard import formats
from dashboard.figures.compare.latency_figure import published_text
from dashboard.resources.cached import cached_answer

KINDS = {
    "list_price": "list price",
    "datasheet": "datasheet",
    "measured": "measured",
    "published": "published",
    "secondary": "second-hand",
    "judgement": "judgement",
    "yours": "your own word",
}

TIMES = {
    True: ", by your deadline",
    False: ", later than your deadline",
    None: ", nobody knows how soon",
}
"""Whether a corpus is embedded by its deadline."""


def sources(rows: Sequence[OptionAtVolume], scenario: Scenario) -> None:
    """A button that opens the sources of all options in the table."""
    popover = st.popover(
        "Sources and bills",
        icon=":material/menu_book:",
        type="tertiary",
        key="sources",
        on_change="rerun",
    )
    # What is folded away is not written: a slider step does not pay for it.
    if not popover.open:
        return
    with popover, st.container(height=420, border=False):
        for row in rows:
            st.markdown(option_sources(row, cached_answer.inputs(row.option, scenario)))


def option_sources(row: OptionAtVolume, inputs: Mapping[str, InputUsed]) -> str:
    """All that an option's numbers rest on, as markdown."""
    lines = "\n".join(f"- {line}" for line in _lines(row, inputs))
    return f"**{formats.plain(row.option.label)}**\n{lines}"


def _lines(row: OptionAtVolume, inputs: Mapping[str, InputUsed]) -> Iterator[str]:
    yield from _price_lines(row.option.price)
    if row.option.capacity is not None:
        yield from _capacity_lines(row.option.capacity)
    yield from _fleet_lines(row)
    yield from _latency_lines(row)
    for line in row.lines:
        how = formats.amounts(line.explanation)
        bill = f"{line.label} {formats.usd_per_month(line.usd_per_month)}: {how}"
        rests_on = "".join(
            f"\n    - {input_text(inputs[name])}" for name in line.inputs if name in inputs
        )
        yield f"Bill: {formats.plain(bill)}{rests_on}"
    if row.levelised_usd_per_mtok is not None:
        levelised = formats.usd_per_mtok(row.levelised_usd_per_mtok)
        yield f"Levelised over the horizon, growth included: {formats.plain(levelised)}"
    if row.one_off is not None:
        yield from one_off_lines(row.one_off)
    for note in (*row.option.notes, row.option.unpriced_reason):
        if note:
            yield formats.plain(formats.amounts(note))


def _price_lines(price: PriceUsed) -> Iterator[str]:
    if price.overridden:
        listed = formats.price(price.list_usd, price.unit)
        own = formats.price(price.usd, price.unit)
        yield formats.plain(f"Price: {own}, yours; the list says {listed}")
    elif price.usd is not None:
        terms = f", {price.said}" if price.said else ""
        yield formats.plain(f"Price: {formats.price(price.usd, price.unit)}{terms}")
    if price.source is not None:
        yield f"Price list: {source_text(price.source)}"


def input_text(used: InputUsed) -> str:
    """One input: its value, whose it is, and the page that says so."""
    text = formats.plain(f"{used.name}: {formats.amounts(used.value)} ({used.origin})")
    return text if used.source is None else f"{text}, {source_text(used.source)}"


def one_off_lines(job: OneOff) -> Iterator[str]:
    """What the corpus costs once, and at every change of model."""
    tokens, explanation = formats.tokens(job.tokens), formats.amounts(job.explanation)
    if job.usd is None:
        yield formats.plain(f"Corpus of {tokens}: no price ({explanation})")
        return
    days = "" if job.days is None else f", {formats.significant(job.days, 3)} days"
    late = TIMES[job.meets_deadline]
    usd = formats.usd(job.usd)
    yield formats.plain(f"Corpus of {tokens}, once: {usd}{days}{late}; {explanation}")
    for line in job.lines:
        how = formats.amounts(line.explanation)
        yield formats.plain(f"{line.label} {formats.usd(line.usd_per_month)}: {how}")
    if job.reembedding_usd:
        again = formats.usd(job.reembedding_usd)
        yield formats.plain(f"Embedded anew at every change of model: {again} over the horizon")


def _fleet_lines(row: OptionAtVolume) -> Iterator[str]:
    """What runs and how busy it is, where the table has no column for it."""
    if row.mean_replicas is not None and row.mean_replicas != row.replicas:
        yield f"Replicas on average: {row.mean_replicas:.3g}"
    if row.api_share is not None:
        yield f"Share of the tokens that the API takes: {formats.percent(row.api_share)}"
    if row.cold_start_share is not None:
        yield f"Requests that meet a cold start: {formats.percent(row.cold_start_share)}"
    if row.waiting_words:
        yield f"GPU by the second: {row.waiting_words}"
    if row.chance_enough is not None:
        yield f"Chance that enough replicas work at a moment: {row.chance_enough:.4%}"
    if row.predicted_p95_s is not None and row.predicted_p50_s is not None:
        p50, p95 = map(formats.duration, (row.predicted_p50_s, row.predicted_p95_s))
        yield f"Response predicted in the busy hour: p50 {p50}, p95 {p95}, spare replicas idle"


def _capacity_lines(capacity: CapacityUsed) -> Iterator[str]:
    usable = formats.tokens_per_s(capacity.usable_tokens_per_s)
    explanation = formats.plain(capacity.explanation)
    limit = {
        "objective": "limited by the latency objective",
        "ceiling": "limited by the utilisation ceiling",
    }[capacity.binding]
    load = formats.percent(capacity.usable_tokens_per_s / capacity.nominal_tokens_per_s)
    yield (
        f"Capacity, {capacity.basis}: {usable} usable a replica, {load} of full batches, {limit}. "
        f"{explanation}"
    )
    if (replica := capacity.replica) is not None:
        alone = formats.duration(replica.queue.alone_s)
        yield (
            f"Batches of up to {replica.texts_per_batch} texts of {replica.tokens_per_text:,.4g} "
            f"tokens; a text alone takes {alone}"
        )
    if capacity.source is not None:
        yield f"Throughput: {source_text(capacity.source)}"


def _latency_lines(row: OptionAtVolume) -> Iterator[str]:
    if row.measured is not None:
        summary = row.measured.summary
        yield (
            f"Latency measured {formats.moment(row.measured.started_at)}: "
            f"{summary.n_ok} answers, {summary.n_failed} failures"
            f"{formats.plain(row.measured.said_of_it)}"
        )
        yield formats.plain(row.answers_reason)
    if row.published is not None:
        text = formats.plain(published_text(row.published))
        yield f"Latency, {text}: {source_text(row.published.source)}"


def source_text(source: Source) -> str:
    """A source as markdown: kind, confidence, date, address, and its note as it stands."""
    where = formats.plain(source.where) or "no address"
    if source.url is not None:
        where = f"[{_host(source)}]({_address(source)})"
    parts = [
        KINDS[source.kind.value],
        f"{source.confidence.value} confidence",
        f"read {source.read:%Y-%m-%d}",
        where,
    ]
    text = ", ".join(parts)
    return f"{text}. {formats.plain(source.note)}" if source.note else text


def _host(source: Source) -> str:
    return formats.plain(source.url.host or "address") if source.url else ""


def _address(source: Source) -> str:
    """The address with the two characters that would end a markdown link written as escapes."""
    return str(source.url).replace("(", "%28").replace(")", "%29")
