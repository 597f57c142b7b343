"""What it costs to begin with an option, to change to it, and to leave it before its time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.cost.by_replica.hosted_bill import whole_replicas
from core.cost.curve.breakdown import CostLine, amount
from core.cost.curve.piecewise import Floats
from core.cost.over_months.vector_storage import storage_usd_per_month, stored_bytes
from core.decide.answer.embedding_job import embedding_job
from core.decide.answer.job_parts import Corpora, Job
from core.decide.case import Case
from core.decide.load.cut_vectors import kept_dimensions
from core.decide.options.options import is_by_use
from core.decide.plan.plan_terms import PlanTerms
from core.decide.result.curves import Curves, OptionCurve
from core.units import MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Moves:
    """One-off costs in USD of their month."""

    beginning: Floats
    """[option]: in month 0, before anything else was used (or from the option in use today)."""
    changing: Floats
    """[from, to, month]."""
    leaving: Floats
    """[option, first, end]: obligations that are left, less what is sold."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Prices the moves between options."""

    curves: Sequence[OptionCurve]
    case: Case
    terms: PlanTerms
    tokens_per_month: Floats
    gpu_price: Floats
    api_price: Floats
    in_use: OptionCurve | None = None
    """What is used today, where the user said: it need have no price, its vectors are there."""

    def moves(self) -> Moves:
        """All of them."""
        months = self.tokens_per_month.size
        count = len(self.curves)
        changing = np.zeros((count, count, months))
        anew = [self._embedding_usd(curve) for curve in self.curves]
        new_vectors = [
            a + self._dual_storage_usd(c) for a, c in zip(anew, self.curves, strict=True)
        ]
        for a, before in enumerate(self.curves):
            for b, after in enumerate(self.curves):
                changing[a, b] = self._changing(before, after, new_vectors[b])
        beginning = np.array(
            [
                self._beginning(after, float(anew[b][0]), new_vectors[b])
                for b, after in enumerate(self.curves)
            ]
        )
        leaving = np.stack([self._leaving(c, months) for c in self.curves]) if count else changing
        return Moves(beginning, changing, leaving)

    def lines(self, before: OptionCurve | None, after: OptionCurve, month: int) -> list[CostLine]:
        """What a move at the beginning of a month (from 0) is made of, each line above zero."""
        before = before or self.in_use
        if before is not None and before.option.id == after.option.id:
            return []
        lines = [CostLine("Set-up", self._labour(before, after), "labour of whoever hosts it")]
        if before is None or not self._same_space(before, after):
            lines += self._embedding_lines(after, month)
        if before is not None and not self._same_space(before, after):
            explanation = f"old and new vectors for {self.terms.cutover_months:g} months"
            usd = float(self._dual_storage_usd(after)[month])
            lines.append(CostLine("Dual storage", usd, explanation))
            explanation = "fit thresholds, evaluate anew"
            lines.append(CostLine("Change of vectors", self.terms.refit_usd, explanation))
        return [line for line in lines if line.usd_per_month > 0]

    def _embedding_lines(self, after: OptionCurve, month: int) -> list[CostLine]:
        """The corpus of a month, with what that is made of."""
        job = self._embedding(after, slice(month, month + 1))
        if job is None:
            return []
        corpus, parts = float(self.corpus[month]), job.lines(0)
        explanation = (
            f"{amount(corpus)} tokens of documents by {after.option.label}, {job.how(0)}: "
        )
        explanation += "; ".join(f"{part.label} {part.explanation}" for part in parts)
        return [CostLine("Embedding the corpus", float(job.usd[0]), explanation)]

    @property
    def corpus(self) -> Floats:
        """Tokens of documents at the beginning of each month: those of the start and since."""
        since = np.concatenate(([0.0], np.cumsum(self.tokens_per_month[:-1])))
        result: Floats = self.terms.corpus_tokens + self.terms.kept_share * since
        return result

    def _beginning(self, after: OptionCurve, anew_usd: float, new_vectors: Floats) -> float:
        """Month 0: from nothing, or from what is used today."""
        if self.in_use is None:
            return self._labour(None, after) + anew_usd
        if self.in_use.option.id == after.option.id:
            return 0.0
        return float(self._changing(self.in_use, after, new_vectors)[0])

    def _changing(self, before: OptionCurve, after: OptionCurve, new_vectors: Floats) -> Floats:
        """[month]: within one space the vectors stay, and nothing is embedded anew."""
        rest: Floats | float = 0.0 if self._same_space(before, after) else new_vectors
        result: Floats = (
            np.zeros(self.tokens_per_month.size) + self._fixed_usd(before, after) + rest
        )
        return result

    def _same_space(self, one: OptionCurve, other: OptionCurve) -> bool:
        """Whether the index stays as it is."""
        return self.case.catalog.shares_space(one.option.model, other.option.model)

    def _fixed_usd(self, before: OptionCurve, after: OptionCurve) -> float:
        setup = self._labour(before, after)
        refit = 0.0 if self._same_space(before, after) else self.terms.refit_usd
        return setup + refit

    def _labour(self, before: OptionCurve | None, after: OptionCurve) -> float:
        """Setting up self-hosting, or moving it to other machines."""
        if not _operated(after) or before is after:
            return 0.0
        return self.terms.move_usd if before and _operated(before) else self.terms.setup_usd

    def _embedding(self, curve: OptionCurve, months: slice) -> Job | None:
        """The whole corpus of each month embedded by an option, at the prices of that month."""
        beside, machines, calls = self.tokens_per_month, self.gpu_price, self.api_price
        asked = Corpora(self.corpus[months], beside[months], machines[months], calls[months])
        return embedding_job(asked, curve, self.case)[0]

    def _embedding_usd(self, curve: OptionCurve) -> Floats:
        """What that costs; without end where nobody can do it."""
        job = self._embedding(curve, slice(None))
        return np.full(self.tokens_per_month.shape, math.inf) if job is None else job.usd

    def _dual_storage_usd(self, curve: OptionCurve) -> Floats:
        """The new vectors beside the old ones until the cut-over is through."""
        model = self.case.catalog.model(curve.option.model or "")
        dims = kept_dimensions(model, self.case.scenario.vectors.dimensions).dims
        if dims is None or self.terms.cutover_months == 0:
            return np.zeros(self.tokens_per_month.size)
        vectors = self.corpus / self.case.scenario.workload.tokens_per_request
        stored = stored_bytes(vectors, dims, index_overhead=self.terms.index_overhead)
        a_month = storage_usd_per_month(stored, self.terms.storage_usd_per_gb_month)
        result: Floats = a_month * self.terms.cutover_months
        return result

    def _leaving(self, curve: OptionCurve, months: int) -> Floats:
        """[first, end]: what is still owed, less the resale of cards."""
        bill = whole_replicas(curve.bill)
        if bill is None:
            return np.zeros((months + 1, months + 1))
        counts = bill.paid_replicas(self.tokens_per_month)
        unit_usd = bill.acquisition.usd_per_month * self.gpu_price
        if curve.option.bought is not None:
            return self._cards_left(counts, unit_usd, curve.option.bought.life_months)
        left = np.zeros((months + 1, months + 1))
        share = self._reserved_share(curve)
        term = self.case.reservation(curve.option.id).months or self.terms.commitment_months
        for first in range(months if share else 0):
            used = np.arange(1, months - first + 1)
            owed = np.maximum(0, term - used)
            left[first, first + 1 :] = owed * share * counts[first:] * unit_usd[first]
        left[:, months] = 0.0  # nobody leaves at the horizon: life goes on
        return left

    def _cards_left(self, counts: Floats, unit_usd: Floats, life_months: int) -> Floats:
        """Cards are bought as they are needed, and each is worth less the older it is.

        One of age a leaves P (1 - (1 - d)^(a/12)) - a m: its loss of value less the months that it
        has paid back, m being the month that adds up to P less its residual value over its life.
        At the horizon it counts too: cards are then worth what they sell for, whoever has them.
        """
        months, hosting = counts.size, self.case.scenario.hosting
        age = np.arange(1, months + 1)
        in_life = (age - 1) % life_months + 1
        resale_share = (1 - self.terms.card_value_lost_per_year) ** (in_life / MONTHS_PER_YEAR)
        paid_back = max(1e-9, 1 - hosting.residual_fraction)
        left_by_age = (1 - resale_share) * life_months / paid_back - in_life
        left = np.zeros((months + 1, months + 1))
        added = np.maximum(0.0, np.diff(counts))
        for first in range(months):
            # Cards of the first month, then those that each later month adds, at its own price.
            cohorts = np.append(counts[first], added[first:]) * unit_usd[first:]
            bought = np.convolve(cohorts, left_by_age)[: months - first]
            left[first, first + 1 :] = bought
        return left

    def _reserved_share(self, curve: OptionCurve) -> float:
        """Share of the rent that is committed for a term."""
        sold = self.case.catalog.find_machine(curve.option.id)
        hosting = self.case.reservation(curve.option.id).hosting
        if sold is not None and sold[1].purchase == "reserved":
            return 1.0
        if sold is None or not sold[1].can_be_mixed:
            return 0.0
        reserved = hosting.reserved_share * (1 - hosting.reserved_discount)
        rest = (1 - hosting.reserved_share) * (1 - hosting.spot_share * hosting.spot_discount)
        return reserved / (reserved + rest)


def mover_now(curves: Curves, case: Case, terms: PlanTerms) -> Mover:
    """Prices the moves of today, at today's volume and prices."""
    priced = [curve for curve in curves.curves if curve.cost is not None]
    one, today = np.ones(1), used_today(curves, terms)
    return Mover(priced, case, terms, one * case.scenario.tokens_per_month, one, one, today)


def used_today(curves: Curves, terms: PlanTerms) -> OptionCurve | None:
    """What is used today, priced or not; None where the user did not say."""
    return next((c for c in curves.curves if c.option.id == terms.current), None)


def _operated(curve: OptionCurve) -> bool:
    """Whether somebody here runs replicas for it."""
    return not is_by_use(curve.option)
