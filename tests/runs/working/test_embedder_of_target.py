"""Every offer of the catalogue whose wire format is spoken gets its embedder."""

import pytest
from pydantic import SecretStr

from core.catalog.load import load_catalog
from core.catalog.schema import ApiOffer, Endpoint, WireFormat
from core.probe.records.probe_plan import ApiTarget
from core.runs.working.embedder_of_target import EMBEDDERS, api_embedder
from tests.probe.embedders.support import FORMATS

OFFERS = [
    (provider.endpoint, offer)
    for provider in load_catalog().providers
    for offer in provider.api_offers
    if provider.endpoint is not None and provider.endpoint.wire in EMBEDDERS
]


@pytest.mark.parametrize(("endpoint", "offer"), OFFERS, ids=[o.label for _, o in OFFERS])
def test_an_offer_makes_its_embedder(endpoint: Endpoint, offer: ApiOffer) -> None:
    """Its address is allowed and its model has a place; nothing is sent."""
    target = ApiTarget(endpoint=endpoint, wire_model=offer.wire_model)
    made = api_embedder(target, SecretStr("a-key"))
    maker: object = EMBEDDERS[endpoint.wire]
    assert type(made) is maker


def test_a_format_that_can_be_chosen_is_tested_with_every_fault() -> None:
    """OpenAI's by the tests of the probe, the others beside one another."""
    tested = {a_format.wire for a_format in FORMATS} | {
        WireFormat.OPENAI_COMPATIBLE,
        WireFormat.REPLICATE,  # predictions: with faults of their own
    }
    assert set(EMBEDDERS) == tested
