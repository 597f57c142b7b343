"""The note that the project grew from, checked claim by claim by the model itself."""

from collections.abc import Callable

from core.catalog.schema import Catalog
from core.decide.seed_note import note_api, note_hosting
from core.decide.seed_note.seed_note import Claim, Finding, RightNumber

__all__ = ["Claim", "Finding", "RightNumber", "check_note"]


def check_note(catalog: Catalog) -> tuple[Claim, ...]:
    """Every claim of the note.

    Prices and cards are the catalogue's, sums are the model's. Raises CatalogError where the
    catalogue lacks an offer that the note is about.
    """
    checks: tuple[Callable[[Catalog], Claim], ...] = (
        note_hosting.workload,
        note_hosting.p3_rent,
        note_hosting.card,
        note_api.openai_price,
        note_api.openai_latency,
        note_api.hugging_face_price,
        note_api.hugging_face_cold_start,
        note_api.together_replicate_price,
        note_api.together_replicate_latency,
        note_api.minimums,
        note_hosting.self_hosted_unit_cost,
        note_api.openai_bill,
        note_hosting.break_even,
    )
    return tuple(check(catalog) for check in checks)
