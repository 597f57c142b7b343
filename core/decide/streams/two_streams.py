"""The cheapest pair of options for queries and documents, at a volume and over it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.piecewise import Floats
from core.decide.answer.rows import rows_at
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import option_curve
from core.decide.demands.of_budget import over_budget
from core.decide.options.machine import quota_of
from core.decide.options.options import billed_options, served_up_to
from core.decide.result.curves import Curves, OptionCurve
from core.decide.result.option import Option
from core.decide.risk.by_mean import by_mean
from core.decide.streams.beside_queries import Beside, BothStreams
from core.decide.streams.stream_result import StreamLead, StreamPair, Streams
from core.scenario import machine_id


@dataclass(frozen=True, eq=False)
class TwoStreams:
    """A case with documents beside its workload, and the curves of the queries alone."""

    case: Case
    queries: Curves
    any_space: bool = False
    """Whether queries and documents may lie in different vector spaces."""

    @cached_property
    def of_documents(self) -> Case:
        """The documents' own question, to the same options."""
        return self.case.asking(self.case.scenario.of_documents())

    @cached_property
    def documents(self) -> Curves:
        """Its curves; who leads in it alone is not asked."""
        case, grid = self.of_documents, self.queries.tokens_per_month
        cold_start_s = case.scenario.serverless.cold_start_s
        slo_p95_s = case.scenario.objective.slo_p95_s
        drawn = [option_curve(o, grid, cold_start_s, slo_p95_s) for o in billed_options(case)]
        believed = beliefs(case, [curve.option for curve in drawn])
        means = by_mean(drawn, believed, case.ranges, case.catalog)
        return Curves(grid, tuple(drawn), break_evens=(), by_mean=means)

    def answer(self) -> Streams | None:
        """Every pair at the volumes that are asked, and who leads where; None: no documents."""
        asked = self.case.scenario
        if asked.document_tokens_per_month == 0:
            return None
        pairs = sorted(self._pairs(), key=lambda pair: float(f"{pair.usd_per_month:.9e}"))
        return Streams(
            asked.tokens_per_month, asked.document_tokens_per_month, tuple(pairs), self._leads()
        )

    @property
    def _ratio(self) -> float:
        """Tokens of documents for one of queries."""
        asked = self.case.scenario
        return asked.document_tokens_per_month / asked.tokens_per_month

    def _pairs(self) -> Iterator[StreamPair]:
        own = {row.option.id: row for row in rows_at(self.queries, self.case)}
        their = {row.option.id: row for row in rows_at(self.documents, self.of_documents)}
        both = self._at(np.array([self.case.scenario.tokens_per_month]))
        for one, other in self._candidates:
            beside = both.beside(one, other, self._stored(other.option))
            usd = (float(self._of_queries(one, both.queries)[0]), float(beside.usd[0]))
            yield StreamPair(
                own[one.option.id],
                their[other.option.id],
                *usd,
                beside.together,
                self._space(one.option),
                bool(beside.fits[0]),
                bool(beside.is_known[0]),
                self._too_dear(sum(usd)),
            )

    @property
    def _budget_usd(self) -> float | None:
        return self.case.scenario.demands.budget_usd_per_month

    def _too_dear(self, usd_per_month: float) -> str:
        refusal = None
        if self._budget_usd is not None:
            refusal = over_budget(usd_per_month, self._budget_usd)
        return refusal.said if refusal else ""

    def _at(self, query_tokens: Floats) -> BothStreams:
        """Both grow in proportion."""
        asked = self.case.scenario
        return BothStreams(
            query_tokens,
            query_tokens * self._ratio,
            max(self.case.load.rhythm.filled),
            asked.workload.tokens_per_request,
            asked.documents.tokens_per_request,
            quota_of(asked.hosting, None),
        )

    @cached_property
    def _candidates(self) -> tuple[tuple[OptionCurve, OptionCurve], ...]:
        """Pairs with a price whose vectors mix."""
        priced = [
            [curve for curve in drawn.curves if curve.cost is not None]
            for drawn in (self.queries, self.documents)
        ]
        return tuple(
            (one, other)
            for one, other in product(*priced)
            if (self.any_space or self._mixed(one.option, other.option))
            and not _same_machines(one.option, other.option)
        )

    def _mixed(self, one: Option, other: Option) -> bool:
        return self.case.catalog.shares_space(one.model, other.model)

    def _space(self, option: Option) -> str:
        model = self.case.catalog.model(option.model or "")
        return (model and model.vector_space) or option.model or "an unknown model"

    def _stored(self, option: Option) -> float:
        """What keeping the vectors costs a month: those of the documents are kept."""
        return math.fsum(line.usd_per_month for line in self.case.storage(option.model))

    def _of_queries(self, curve: OptionCurve, tokens: Floats) -> Floats:
        assert curve.cost is not None  # noqa: S101  only priced options are paired
        result: Floats = np.asarray(curve.cost.at(tokens)) - self._stored(curve.option)
        return result

    def _leads(self) -> tuple[StreamLead, ...]:
        """Where another pair becomes the cheapest that is known to serve."""
        if not self._candidates:
            return ()
        grid = self.queries.tokens_per_month
        both = self._at(grid)
        own = {c.option.id: self._of_queries(c, grid) for c, _ in self._candidates}
        usd = np.full((len(self._candidates), grid.size), math.inf)
        for place, (one, other) in enumerate(self._candidates):
            beside = both.beside(one, other, self._stored(other.option))
            can = _serves(one, grid) & _serves(other, both.documents) & _together(beside)
            total = own[one.option.id] + beside.usd
            affordable = total <= (math.inf if self._budget_usd is None else self._budget_usd)
            usd[place] = np.where(can & affordable, total, math.inf)
        return tuple(self._stretches(grid, usd))

    def _stretches(self, grid: Floats, usd: Floats) -> Iterator[StreamLead]:
        served = np.isfinite(usd).any(axis=0)
        leader = np.where(served, np.argmin(usd, axis=0), -1)
        begins = np.flatnonzero(np.diff(leader, prepend=-2))
        for place in begins.tolist():
            if leader[place] >= 0:
                one, other = self._candidates[int(leader[place])]
                yield StreamLead(float(grid[place]), one.option.id, other.option.id)


def _same_machines(one: Option, other: Option) -> bool:
    """Whether the same machines, which are there in one number, would run two models at once."""
    shared = machine_id(one.id) == machine_id(other.id) and one.id != other.id
    return shared and one.many is not None


def _together(beside: Beside) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = beside.fits & beside.is_known
    return result


def _serves(curve: OptionCurve, tokens: Floats) -> NDArray[np.bool_]:
    """Where it is known to serve alone."""
    most = min(served_up_to(curve.option), curve.option.known_up_to_tokens_per_month)
    result: NDArray[np.bool_] = (tokens <= most) & (tokens >= curve.floor_tokens_per_month)
    return result
