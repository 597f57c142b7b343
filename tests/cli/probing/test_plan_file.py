"""A plan from somebody else: it may say what is sent, never to whom a key or trust is given."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.catalog.load import load_catalog
from core.cli.probing.plan_file import Granted, plan_from
from core.cli.probing.spending import Terms, accesses, key_variables, price_of
from core.errors import RunError
from core.probe.records.probe_plan import ApiTarget, HybridTarget, LocalTarget, ProbePlan
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.candidates import catalogue_candidate, plan_for
from tests.cli.terminal import Told, breakeven
from tests.runs.support import api_plan, local_plan
from tests.servers.ground_truth import GroundTruthServer

Serve = Callable[..., GroundTruthServer]
CANARY = "canary-of-another-service-5b1f"
OPENAI = "openai/text-embedding-3-small"
VARIABLES = {"SOMEBODYS_TOKEN": CANARY, "OPENAI_API_KEY": "sk-the-key-of-openai"}


def written(folder: Path, plan: ProbePlan, **endpoint: Any) -> Path:
    """A plan in a file, with more in the endpoint of its target."""
    document = json.loads(plan.model_dump_json())
    document["target"]["endpoint"] |= endpoint
    file = folder / "plan.json"
    file.write_text(json.dumps(document))
    return file


def asked(folder: Path, file: Path, *typed: str) -> Told:
    """The command, with keys in its environment."""
    return breakeven(folder, "probe", "--plan", str(file), *typed, variables=VARIABLES)


def told(done: Told) -> str:
    """What it said, in one line."""
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_a_file_sends_nothing_to_a_server_that_nobody_typed(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """The refusal names the server and what to type; a local one is no exception."""
    server = embedding_server()
    plan = api_plan(server.base_url, option_id=OPENAI)
    file = written(tmp_path, plan, key_env="SOMEBODYS_TOKEN")
    for typed in ((), ("--free",), ("--to", "127.0.0.1:1", "--free"), ("--to=localhost",)):
        done = asked(tmp_path / "data", file, *typed)
        assert done.returncode == 2
        assert f"sends to {server.origin}" in told(done)
        assert f"type --to 127.0.0.1:{server.port}, and --free or its price" in told(done)
    assert not server.connections


def test_a_file_reads_no_variable(tmp_path: Path, embedding_server: Serve) -> None:
    """Not even for a server that was typed: who means it types the variable, too."""
    server = embedding_server()
    to = f"--to=127.0.0.1:{server.port}"
    file = written(tmp_path, api_plan(server.base_url), key_env="SOMEBODYS_TOKEN")
    done = asked(tmp_path / "data", file, to, "--free")
    assert done.returncode == 2
    assert "no file reads a key" in told(done)
    assert f"--key-env 127.0.0.1:{server.port}=SOMEBODYS_TOKEN" in told(done)
    assert not server.connections
    plain = written(tmp_path, api_plan(server.base_url))
    assert asked(tmp_path / "data", plain, to, "--free").returncode == 0
    assert server.truths
    assert not any(truth.bearer for truth in server.truths)
    server.truths.clear()
    done = asked(tmp_path / "data", file, to, "--free", "--key-env", "SOMEBODYS_TOKEN")
    assert done.returncode == 0
    assert all(truth.bearer for truth in server.truths)
    assert CANARY not in done.stdout + done.stderr


def test_a_claim_to_an_option_reads_no_key_of_it(tmp_path: Path, embedding_server: Serve) -> None:
    """Neither the option's name nor its variable makes a server the option's own."""
    server = embedding_server()
    plan = api_plan(server.base_url, option_id=OPENAI)
    file = written(tmp_path, plan, key_env="OPENAI_API_KEY")
    assert asked(tmp_path / "data", file).returncode == 2
    plain = written(tmp_path, plan)
    done = asked(tmp_path / "data", plain, f"--to={server.origin}", "--free")
    assert done.returncode == 0
    assert not any(truth.bearer for truth in server.truths)
    (run,) = json.loads(breakeven(tmp_path / "data", "runs", "list", "--json").stdout)
    assert run["option_id"] == f"endpoint/{server.origin.removeprefix('http://')}/m"


def test_a_typed_server_of_a_file_costs_what_is_typed(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """A file makes nothing free: a server here may pass on what a provider bills."""
    server = embedding_server()
    file = written(tmp_path, api_plan(server.base_url))
    to = f"--to={server.origin}"
    done = asked(tmp_path / "data", file, to)
    assert done.returncode == 2
    assert "no spending cap can hold" in told(done)
    done = asked(tmp_path / "data", file, to, "--usd-per-mtok", "99999")
    assert "above the cap" in told(done)
    assert not server.connections


def granted(*to: str, keys: tuple[str, ...] = (), custom_code: bool = False) -> Granted:
    """What was typed beside the file."""
    return Granted(Path("p.json"), to, keys, custom_code=custom_code)


def read(plan: ProbePlan, typed: Granted) -> ProbePlan:
    """A plan through its file."""
    return plan_from(plan.model_dump_json(), Path("p.json"), typed)


def test_what_a_file_says_of_trust_is_not_read() -> None:
    """An address is this computer's own by its spelling alone, and has no key of its own."""
    plan = read(api_plan("https://far.example:8443/v1"), granted("far.example:8443"))
    assert isinstance(plan.target, ApiTarget)
    assert not plan.target.allow_loopback
    here = read(api_plan("http://localhost:8080/v1"), granted("LOCALHOST:8080"))
    assert isinstance(here.target, ApiTarget)
    assert here.target.allow_loopback
    named = api_plan("https://far.example/v1").target.model_dump()
    named["endpoint"] |= {"key_env": "X", "account_env": "Y"}
    plan = read(
        api_plan("https://far.example/v1", target=named), granted("far.example", keys=("Z",))
    )
    assert isinstance(plan.target, ApiTarget)
    assert (plan.target.endpoint.key_env, plan.target.endpoint.account_env) == (None, None)
    for keys in ((), ("other.example:443=Z",)):
        with pytest.raises(RunError, match="no file reads a key"):
            read(
                api_plan("https://far.example/v1", target=named), granted("far.example", keys=keys)
            )


def test_the_catalogues_own_server_needs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key, its price and its address are the catalogue's, whatever the file adds."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    candidate = catalogue_candidate(load_catalog(), OPENAI)
    own = plan_for(candidate, None, texts=("one",))
    assert read(own, granted()) == own
    assert isinstance(own.target, ApiTarget)
    endpoint = own.target.endpoint.model_copy(update={"key_env": "SOMEBODYS_TOKEN"})
    odd = own.target.model_copy(update={"endpoint": endpoint, "allow_loopback": True})
    plan = read(own.model_copy(update={"target": odd}), granted())
    assert plan == own
    (access,) = accesses(plan, Terms(free=True, from_file=True))
    assert access.key is not None
    assert access.key.get_secret_value() == "sk-1"
    assert access.rate == candidate.rate != FREE


@pytest.mark.parametrize("side", ["base", "burst"])
def test_both_sides_of_a_hybrid_are_typed(side: str) -> None:
    """The base is paid for anyway, and still a server that texts go to."""
    sides = {"base": "http://localhost:1/v1", "burst": "https://far.example/v1"}
    targets = {name: api_plan(url).target for name, url in sides.items()}
    mixed = api_plan("http://x.example/v1", target=HybridTarget.model_validate(targets))
    typed = {"base": "localhost:1", "burst": "far.example:443"}
    assert isinstance(read(mixed, granted(*typed.values())).target, HybridTarget)
    with pytest.raises(RunError, match=f"type --to {typed.pop(side)}"):
        read(mixed, granted(*typed.values()))


def test_code_of_a_model_runs_only_where_it_was_typed() -> None:
    """A file alone runs nothing with one's rights."""
    target = LocalTarget(model="/models/theirs", allow_custom_code=True)
    plan = local_plan(target=target)
    with pytest.raises(RunError, match="--allow-custom-code"):
        read(plan, granted())
    assert read(plan, granted(custom_code=True)) == plan


def test_a_variable_that_was_typed_goes_to_one_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two could be meant, it is asked which."""
    monkeypatch.setenv("MINE", "k-1")
    one, two = "http://localhost:1/v1", "http://localhost:2/v1"
    targets = {"base": api_plan(one).target, "burst": api_plan(two).target}
    plan = api_plan(one, target=HybridTarget.model_validate(targets))
    with pytest.raises(RunError, match="--key-env localhost:1=MINE or --key-env localhost:2=MINE"):
        key_variables(plan, Terms(key_env=("MINE",)))
    (access,) = accesses(plan, Terms(key_env=("localhost:1=MINE",)))
    assert access.base_key is not None
    assert access.key is None
    dear = Rate(FREE.usd + 1, FREE.unit)
    assert accesses(plan, Terms(dear))[0].usd == 1
    for terms in (Terms(from_file=True), Terms(dear, from_file=True)):
        with pytest.raises(RunError, match="must cost nothing"):  # no cap would count it
            accesses(plan, terms)
    assert accesses(plan, Terms(free=True, from_file=True))[0].usd == 0


def test_the_base_of_a_hybrid_that_bills_is_refused() -> None:
    """Its calls are in no worst case: a price that is typed would be left out of every cap."""
    sides = {"base": "https://gpu.example/v1", "burst": "https://far.example/v1"}
    targets = {name: api_plan(url).target for name, url in sides.items()}
    plan = api_plan("http://x.example/v1", target=HybridTarget.model_validate(targets))
    with pytest.raises(RunError, match="type --free for a server of your own"):
        accesses(plan, Terms(Rate(FREE.usd + 1000, FREE.unit)))


@pytest.mark.parametrize("typed", ["sk-proj-REALKEY1234567890", "localhost:1=sk-proj-REALKEY1", ""])
def test_a_key_in_the_place_of_its_variable_is_not_repeated(typed: str) -> None:
    """What was typed by mistake does not end in a log."""
    with pytest.raises(RunError, match="never the key itself") as refused:
        key_variables(api_plan("http://localhost:1/v1"), Terms(key_env=(typed,)))
    assert "REALKEY" not in str(refused.value)


def test_a_price_without_end_is_none() -> None:
    """A sentence, before anything is made of it."""
    with pytest.raises(RunError, match="infinity is none"):
        price_of(float("inf"), 0.0)
