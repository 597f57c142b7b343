"""The endpoints that are read alone are those of the whole catalogue."""

from core.catalog.load import load_catalog
from core.catalog.shipped_endpoints import shipped_endpoints


def test_the_endpoints_are_those_of_the_whole_catalogue() -> None:
    """In its order, none left out: also one that would stand below the rows of its file."""
    whole = [(p.id, p.endpoint) for p in load_catalog().providers if p.endpoint is not None]
    assert len(whole) > 10
    assert list(shipped_endpoints()) == whole
