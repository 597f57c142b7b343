import pytest

from core.catalog.rows.areas import area_of
from core.catalog.schema import Area, Catalog


@pytest.mark.parametrize(
    ("region", "area"),
    [
        ("us-east-1", Area.US),
        ("eastus", Area.US),
        ("westus3", Area.US),
        ("us-central1", Area.US),
        ("eu-central-1", Area.EU),
        ("westeurope", Area.EU),
        ("francecentral", Area.EU),
        ("europe-west4", Area.EU),
        ("fsn1", Area.EU),
        ("hel1 (Helsinki)", Area.EU),
        ("PAR2 (fr-par-2)", Area.EU),
        ("eu-west-2", Area.UK),
        ("europe-west2", Area.UK),
        ("uksouth", Area.UK),
        ("eu-central-2", Area.CH),
        ("europe-west6", Area.CH),
        ("switzerlandnorth", Area.CH),
        ("ap-northeast-1", Area.ASIA),
        ("ap-southeast-2", Area.AUSTRALIA),
        ("canadacentral", Area.CANADA),
        ("", None),
        ("aws", None),
        ("Ireland storefront", None),
    ],
)
def test_a_region_lies_in_the_area_that_its_vendor_means(region: str, area: Area | None) -> None:
    """London and Zurich are in Europe and not in the EU; what tells nothing is nowhere."""
    assert area_of(region) is area


def test_every_region_of_the_catalogue_has_an_area(catalog: Catalog) -> None:
    """A machine whose row names a region can be demanded by area."""
    rows = [offer for provider in catalog.providers for offer in provider.machines]
    named = [offer.region for offer in rows if offer.region]
    assert named
    assert [region for region in named if area_of(region) is None] == []
