"""A job through APIs: each interface with its price, its limit and its days; and what follows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from core.catalog.schema import ApiOffer, PriceUnit, Provider, RateLimit
from core.cost.by_use.job_days import JobDays, batch_days, online_days
from core.cost.by_use.rate_ceiling import Counted, rate_ceiling
from core.cost.by_use.usage_bill import UsageBill
from core.cost.under_factors.many_factors import Factors
from core.decide.capacity.meets_objective import loses_too_much
from core.decide.capacity.replica_capacity import unfit_reason
from core.decide.case import Case
from core.decide.demands.judged import why_not_read, why_not_sold
from core.decide.job.job_unknowns import BatchRates, unknown_batch, unknown_rate
from core.decide.job.job_way import ROUNDING, After, Grades, JobAsk, JobWay, WayKind
from core.decide.load.text_load import TextLoad
from core.decide.options.api_option import price_used
from core.decide.options.terms.account import account_of
from core.decide.options.terms.billed_seconds import billed_seconds
from core.decide.options.terms.least_limit import PublishedLimits
from core.decide.options.terms.rate_limit import account_limit, counted_by, seconds_per_call
from core.decide.options.terms.usage import usage_bill
from core.decide.result.limit_used import LimitUsed, limit_used
from core.decide.result.unknown import Unknown
from core.errors import ModelInputError


@dataclass(frozen=True, slots=True)
class Sold:
    """One offer before the job."""

    id: str
    offer: ApiOffer
    model: str
    texts: TextLoad
    bill: UsageBill | None
    refusal: str
    row: RateLimit | None
    counted: Counted
    """What its provider counts of a text."""
    after: After | None = None


@dataclass(frozen=True, eq=False)
class ApiWays:
    """APIs before one job; the case is that of a load that comes evenly."""

    case: Case
    ask: JobAsk
    peak: float
    """Highest rate of what comes afterwards over its mean."""
    names: frozenset[str] | None = None
    """Options that are asked for; None: all. What follows may be sold by any."""

    @cached_property
    def least_per_month(self) -> float:
        """What the lowest rate limit that any provider publishes lets through, tokens a month."""
        asked = self.case.scenario
        limits = PublishedLimits(self.case.whole, self.case.load, asked.serverless, asked.calendar)
        return limits.least()

    @cached_property
    def batch_rates(self) -> BatchRates:
        """What batch interfaces are published to take."""
        return BatchRates(self.case.whole)

    @cached_property
    def sold(self) -> tuple[Sold, ...]:
        """Every API that is sold, by the day and in the place that are asked."""
        return tuple(
            self._sold(provider, offer)
            for provider in self.case.catalog.providers
            for offer in provider.api_offers
            if offer.status != "withdrawn" and offer.prices
            if self._matters(f"{provider.id}/{offer.id}")
        )

    def _matters(self, option_id: str) -> bool:
        follows = self.ask.after_tokens_per_month > 0
        return self.names is None or follows or option_id in self.names

    def ways(self, sold: Sold) -> Iterator[JobWay]:
        """Its interface that answers while one waits, and its batch interface where it has one."""
        if sold.bill is None:
            yield self._way(sold, WayKind.API, None, JobDays(None, ""), None, ())
            return
        yield self._online(sold, sold.bill)
        if sold.bill.batch_discount > 0:
            yield self._batch(sold, replace(sold.bill, batch_share=1.0))

    def _sold(self, provider: Provider, offer: ApiOffer) -> Sold:
        case, option_id = self.case, f"{provider.id}/{offer.id}"
        scenario, model_id = case.scenario, offer.model or case.scenario.hosting.model
        longest = case.catalog.longest_text(offer, model_id)
        texts = case.load.texts(longest)
        bill, refusal = self._bill(provider, offer, option_id, model_id, texts)
        demands, region = scenario.demands, scenario.objective.region
        against = why_not_sold(provider, offer, case.whole, demands, region) or why_not_read(
            model_id, case.catalog.model(model_id), longest, demands, hosted=False
        )
        lost = loses_too_much(longest, texts, scenario.objective.max_lost_share)
        row = account_limit(provider, offer.id, case.tiers, case.own_limits)
        refused = lost or against or refusal
        call_s = seconds_per_call(case.measurements.get(option_id), case.catalog.latency(option_id))
        counted = counted_by(
            offer, texts, scenario.serverless, scenario.workload.tokens_per_request, call_s
        )
        sold = Sold(option_id, offer, model_id, texts, bill, refused, row, counted)
        return replace(sold, after=self._after(sold)) if self.ask.after_tokens_per_month else sold

    def _bill(
        self,
        provider: Provider,
        offer: ApiOffer,
        option_id: str,
        model_id: str,
        texts: TextLoad,
    ) -> tuple[UsageBill | None, str]:
        """What its provider bills, storage left out; None and the reason where nobody can say."""
        case, scenario = self.case, self.case.scenario
        own, seconds = case.own_prices.get(option_id), None
        if offer.price.unit is PriceUnit.PER_SECOND:
            card = case.catalog.card(offer.card or "")
            if unfit := unfit_reason(case.catalog.model(model_id), card):
                return None, unfit
            seconds = billed_seconds(offer, texts, case)
        try:
            return usage_bill(
                offer,
                texts,
                scenario.workload,
                scenario.serverless,
                account=account_of(provider, offer, own, scenario.calendar),
                own_usd=own,
                seconds_per_text=seconds,
            ), ""
        except ModelInputError as why:
            return None, str(why)

    def _rate_per_month(self, sold: Sold) -> float | None:
        """What its known rates let through in an even month, tokens; None where none is known."""
        known = {} if sold.row is None else sold.row.online
        ceiling = rate_ceiling(known, sold.counted, 1.0, self.case.scenario.calendar)
        return None if ceiling is None else ceiling.tokens_per_month

    def _after(self, sold: Sold) -> After | None:
        """It embeds what comes afterwards, too; with the reason where nobody knows that it can."""
        volume, months = self.ask.after_tokens_per_month, self.ask.months
        if sold.bill is None or sold.refusal:
            return After(sold.id, sold.offer.label, None, months, sold.refusal)
        usd, peak = float(sold.bill.under(Factors(), volume)), volume * self.peak
        let_through, reason = self._rate_per_month(sold), ""
        if let_through is None and peak > self.least_per_month:
            reason = (
                f"The rate limit of {sold.offer.label} is not known at the peak of what follows."
            )
        elif let_through is not None and peak > let_through:
            reason = f"The limit of {sold.offer.label} is below the peak of what follows."
        return After(sold.id, sold.offer.label, None if reason else usd, months, reason)

    def _online(self, sold: Sold, bill: UsageBill) -> JobWay:
        usd = float(bill.under(Factors(), self.ask.tokens))
        known = {} if sold.row is None else sold.row.online
        calendar = self.case.scenario.calendar
        took = online_days(known, sold.counted, self.ask.tokens, usd, calendar)
        held = limit_used(sold.row)
        unknown: tuple[Unknown, ...] = ()
        if took.days is None or took.at_least:
            per_month = self.ask.tokens / self.ask.days * calendar.days_per_month
            least = self.least_per_month
            unknown = unknown_rate(sold.offer.label, held, self.ask, least, per_month)
        return self._way(sold, WayKind.API, bill, took, held, unknown)

    def _batch(self, sold: Sold, bill: UsageBill) -> JobWay:
        row, billed = sold.row, self.ask.tokens * sold.texts.billed_share
        queue = None if row is None else row.batch_queue_tokens
        window = None if row is None else row.batch_window_hours
        took = batch_days(billed, queue, window)
        unknown: tuple[Unknown, ...] = ()
        if took.days is None:
            unknown = unknown_batch(sold.offer.label, self.ask, self.batch_rates)
        return self._way(sold, WayKind.BATCH, bill, took, self.batch_rates.used(row), unknown)

    def _way(
        self,
        sold: Sold,
        kind: WayKind,
        bill: UsageBill | None,
        took: JobDays,
        held: LimitUsed | None,
        unknown: tuple[Unknown, ...],
    ) -> JobWay:
        price = price_used(sold.offer.price, self.case.own_prices.get(sold.id))
        days = took.days
        late = days is not None and days > self.ask.days * (1 + ROUNDING)
        meets = False if late else None if unknown or bill is None else True
        return JobWay(
            id=sold.id,
            label=sold.offer.label,
            kind=kind,
            model=sold.model,
            lines=bill.lines(self.ask.tokens) if bill else (),
            days=days,
            meets_deadline=meets,
            grades=Grades(None, price.grade, held.grade if held else None),
            limit=held,
            binding=took.binding,
            unknown=unknown,
            refusal=sold.refusal,
            after=sold.after,
        )
