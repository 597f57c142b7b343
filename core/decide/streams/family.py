"""Options that nobody chose and that share a space with one that was."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from core.decide.advice.catalogue_options import (
    models_like,
    named_pair,
    open_models,
    own_model_apis,
)
from core.decide.advice.least_bill import LeastBill
from core.decide.advice.recommend import enough_below, small_bill
from core.decide.compare import curves
from core.decide.streams.stream_result import StreamPair, Streams
from core.decide.streams.two_streams import TwoStreams
from core.scenario import machine_id


@dataclass(frozen=True, eq=False)
class Family:
    """The relatives of what was chosen: the same weights elsewhere, other members of a space."""

    chosen: TwoStreams

    def cheaper(self, than: StreamPair | None) -> StreamPair | None:
        """The cheapest pair with a relative in it, where it saves enough; None: there is none.

        The documents keep their model, which was chosen for what it finds: another member of the
        space may answer the queries. Without a pair to undercut, the documents have any model that
        was chosen.
        """
        usd = float("inf") if than is None else enough_below(than.usd_per_month)
        relatives = tuple(name for name in self._relatives if self._may_cost_less(name, usd))
        if not relatives:
            return None
        asked = self.chosen.case.scenario
        wider = asked.model_copy(update={"options": (*asked.options, *relatives)})
        case = self.chosen.case.asking(wider)
        answer = TwoStreams(case, curves(case)).answer()
        kept_models = self._models if than is None else {than.documents.option.model}
        cheaper = (
            pair
            for pair in (answer.pairs if answer else ())
            if pair.can_serve and pair.usd_per_month < usd
            if pair.documents.option.model in kept_models
        )
        return next(cheaper, None)

    @cached_property
    def _models(self) -> frozenset[str]:
        options = (curve.option for curve in self.chosen.queries.curves)
        return frozenset(option.model for option in options if option.model is not None)

    @property
    def _relatives(self) -> Iterator[str]:
        case = self.chosen.case
        catalog, hosted = case.catalog, case.scenario.hosting.model
        options = [curve.option for curve in self.chosen.queries.curves]
        like = frozenset(name for model in self._models for name in models_like(model, catalog))
        machines = [machine_id(o.id) for o in options if o.capacity is not None and not o.burst]
        yield from (n for n in own_model_apis(catalog, like) if n not in case.scenario.options)
        for model in open_models(catalog):
            for machine in dict.fromkeys(machines if model.id in like else ()):
                pair = named_pair(machine, model.id, hosted)
                if pair not in case.scenario.options:
                    yield pair

    def _may_cost_less(self, option_id: str, usd: float) -> bool:
        """By its least bill of either stream; of the documents' labour may be shared."""
        labour = self.chosen.case.scenario.hosting.labour_usd_per_month
        of_queries, of_documents = self._bounds
        least = min(of_queries.carrying(option_id), of_documents.carrying(option_id) - labour)
        return least < usd

    @cached_property
    def _bounds(self) -> tuple[LeastBill, LeastBill]:
        return LeastBill(self.chosen.case), LeastBill(self.chosen.of_documents)


def with_family(chosen: TwoStreams) -> tuple[Streams | None, StreamPair | None]:
    """The answer among what was chosen, and a cheaper pair with relatives; None: there is none.

    A bill that is too small to matter needs no smaller one.
    """
    streams = chosen.answer()
    if streams is None:
        return None, None
    best, small_usd = streams.best, small_bill(chosen.case.scenario.hosting)
    is_small = best is not None and best.usd_per_month < small_usd
    return streams, None if is_small else Family(chosen).cheaper(best)
