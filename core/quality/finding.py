"""What a candidate finds of a part of the corpus."""

from dataclasses import dataclass, field

from core.quality.corpus import Corpus
from core.quality.ranking import Places, lot_of, nearest
from core.quality.retrieval_metrics import PerQuery, per_query
from core.quality.side import Candidate, embedded
from core.quality.vector_forms import formed


@dataclass(frozen=True, slots=True)
class Part:
    """The first so many documents, and the queries whose relevant ones are all among them."""

    documents: int
    queries: tuple[int, ...]
    """Their places in the corpus."""


@dataclass(slots=True, eq=False)
class Searcher:
    """Searches a corpus with a candidate's vectors, the same part of the same candidate once."""

    corpus: Corpus
    k: int
    lot: Places = field(init=False)
    _known: dict[tuple[int, Part], PerQuery] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lot = lot_of(self.corpus.documents)

    def part_of(self, *candidates: Candidate) -> Part:
        """What all of these have embedded."""
        sides = [one.side for one in candidates]
        documents = min(embedded(side.documents) for side in sides)
        queries = min(embedded(side.queries) for side in sides)
        return Part(
            min(documents, len(self.corpus.documents)),
            tuple(
                place
                for place, relevant in enumerate(self.corpus.relevant[:queries])
                if max(relevant) < documents
            ),
        )

    def found(self, one: Candidate, part: Part) -> PerQuery:
        """Scores of each query of a part that the candidate has."""
        key = (id(one), part)
        if key not in self._known:
            self._known[key] = self._search(one, part)
        return self._known[key]

    def _search(self, one: Candidate, part: Part) -> PerQuery:
        documents, queries = one.side.documents, one.side.queries
        if documents is None or queries is None:
            raise ValueError("nothing was embedded")
        rows, asked = formed(documents, queries, one.form)
        lot = self.lot[self.lot < part.documents]
        ranked = nearest(rows[: part.documents], asked[list(part.queries)], self.k, lot)
        return per_query([self.corpus.relevant[place] for place in part.queries], ranked, self.k)
