"""A row of one's own gets no key: keys go to the endpoints that ship, and nowhere else."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.catalog.own.joined import joined_catalog
from core.catalog.schema import PriceUnit
from core.cli.probing.spending import Terms, accesses
from core.errors import EgressError
from core.probe.records.probe_plan import ApiTarget, ProbePlan
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.candidates import Candidate, catalogue_candidate, plan_for
from core.runs.trust.key_hosts import refuse_strange_host
from core.runs.trust.origin import origin_of
from core.runs.trust.shipped import origins_of_keys, provider_at
from tests.catalog.own.own_texts import MINE, SOURCE, write

KEY = "sk-the-key-of-openai"
OPTION = "mine/small"
SMALL = "openai/text-embedding-3-small"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Candidate:
    """An offer of a folder of one's own, with every key of the catalogue that ships set."""
    for name in origins_of_keys():
        monkeypatch.setenv(name, KEY)
    write(tmp_path, "api/mine.toml", MINE)
    return catalogue_candidate(joined_catalog(tmp_path).catalog, OPTION)


def plan(candidate: Candidate) -> ProbePlan:
    """One request."""
    schedule = {"kind": "open_loop", "requests": 1, "rate_per_s": 1.0}
    return plan_for(candidate, None, texts=("a text",), schedule=schedule)


def test_no_key_goes_to_a_server_of_ones_own(own: Candidate) -> None:
    """None is read from the environment for it, and it is no server that keys may be sent to."""
    assert own.key_env is None
    asked = plan(own)
    assert [one.key for one in accesses(asked, Terms(FREE, True, ()))] == [None]
    assert isinstance(own.target, ApiTarget)
    origin = origin_of(own.target.endpoint)
    assert provider_at(origin) is None
    assert not any(origin in origins for origins in origins_of_keys().values())


def test_a_key_of_a_provider_that_ships_is_refused_there(own: Candidate) -> None:
    """Also where it is typed, or its variable is named in the target itself."""
    assert isinstance(own.target, ApiTarget)
    with pytest.raises(EgressError, match="belongs to"):
        refuse_strange_host(own.target, SecretStr(KEY))
    named = own.target.endpoint.model_copy(update={"key_env": "OPENAI_API_KEY"})
    with pytest.raises(EgressError, match="OPENAI_API_KEY belongs to"):
        refuse_strange_host(own.target.model_copy(update={"endpoint": named}), None)


@pytest.mark.parametrize(("usd", "counted"), [("0.000001", "0.02"), ("7", "7")])
def test_a_row_of_ones_own_lowers_no_cap(tmp_path: Path, usd: str, counted: str) -> None:
    """A probe of a server that ships is held to the higher of its price and one's own."""
    text = (
        'id = "openai"\n[[api_offers]]\nid = "text-embedding-3-small"\n[[api_offers.prices]]\n'
        f'usd = {usd}\nunit = "usd_per_mtok"\n'
    ) + SOURCE.format(table="[api_offers.prices.source]", dated="2026-11-29")
    write(tmp_path, "api/openai.toml", text)
    joined = joined_catalog(tmp_path)
    assert joined.refusal == ""
    rate = catalogue_candidate(joined.catalog, SMALL).rate
    assert rate == Rate(Decimal(counted), PriceUnit.PER_MTOK)
