"""A run is of what it was sent to: a claim to an option counts only at the option's own server."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from core.catalog.load import load_catalog
from core.engines.common.status import MODEL
from core.measurement.latency import Subject
from core.probe.records.probe_plan import (
    ApiTarget,
    HybridTarget,
    LocalTarget,
    Paired,
    ProbePlan,
    Rival,
)
from core.runs.files.importing import import_runs
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.starting.candidates import catalogue_candidate, custom_candidate, plan_for
from core.runs.starting.job import Access
from core.runs.trust.claims import as_sent, claims_nothing, endpoint_id, holds
from core.scenario import THIS_MACHINE, hybrid_id, pair_id
from core.store.adoptions import Adoption, adopt
from core.store.open import Store
from core.store.runs import get_run
from tests.dashboard.past_runs import whole_run, write_run
from tests.runs.support import api_plan, finished
from tests.servers.ground_truth import GroundTruthServer

OPTION = "openai/text-embedding-3-small"
ELSEWHERE = "endpoint/evil.example:443/text-embedding-3-small"
Serve = Callable[..., GroundTruthServer]


def own_plan() -> ProbePlan:
    """The catalogue's own server and model, as the page and the command line ask them."""
    candidate = catalogue_candidate(load_catalog(), OPTION)
    return plan_for(candidate, None, texts=("one", "two"), timeout_s=5)


def sent_to(base_url: str, **changes: Any) -> ProbePlan:
    """The same claim, asked of another address or in another way."""
    plan = own_plan()
    assert isinstance(plan.target, ApiTarget)
    endpoint = plan.target.endpoint.model_validate(
        plan.target.endpoint.model_dump() | {"base_url": base_url}
    )
    target = plan.target.model_copy(update={"endpoint": endpoint} | changes)
    return plan.model_copy(update={"target": target})


def test_the_options_own_server_is_the_option() -> None:
    """Nothing of such a plan changes, however its host is spelt."""
    for base_url in (
        "https://api.openai.com/v1",
        "https://API.OPENAI.COM:443/v1",
        "https://api.openai.com./v1",
    ):
        plan = sent_to(base_url)
        assert as_sent(plan) is plan


@pytest.mark.parametrize(
    ("plan", "option_id"),
    [
        (sent_to("https://evil.example/v1"), ELSEWHERE),
        (sent_to("http://api.openai.com/v1"), "endpoint/api.openai.com:80/text-embedding-3-small"),
        (sent_to("https://api.openai.com:8443/v1"), "endpoint/api.openai.com:8443/"),
        (sent_to("https://api.openai.com@evil.example/v1"), ELSEWHERE),
        (sent_to("https://аpi.openai.com/v1"), "endpoint/xn--pi-6kc.openai.com:443/"),
        (sent_to("http://127.0.0.1:8080/v1"), "endpoint/127.0.0.1:8080/"),
        (
            sent_to("https://api.openai.com/v1", wire_model="cheap"),
            "endpoint/api.openai.com:443/cheap",
        ),
    ],
)
def test_another_server_is_an_endpoint_of_its_own(plan: ProbePlan, option_id: str) -> None:
    """Another host, scheme, port or model is named after itself, label and model too."""
    named = as_sent(plan)
    assert isinstance(plan.target, ApiTarget)
    assert named.subject.option_id.startswith(option_id)
    assert named.subject.label.startswith(f"{plan.target.wire_model} at ")
    assert named.subject.model == plan.target.wire_model
    assert as_sent(named) is named


def test_what_is_no_api_of_the_catalogue_is_not_measured_by_one() -> None:
    """No address proves a card, a rented GPU or this computer; a name of one's own claims none."""
    far = sent_to("https://evil.example/v1").target
    for claim in ("aws/g6.xlarge", "owned/rtx-4080", "this-machine", "this-machine/m"):
        assert not holds(Subject(option_id=claim, label="", model=""), far)
    assert holds(Subject(option_id="endpoint/mine/m", label="", model=""), far)
    local = own_plan().model_copy(update={"target": LocalTarget()})
    assert as_sent(local).subject.option_id == "this-machine"


def test_a_machine_with_a_model_is_measured_by_that_model_alone() -> None:
    """Of this computer the target says which model it is; of another machine no address proves it.

    The command line asks for the model that the id names, the packaged one by its own name too.
    """
    for model_id, asked in (("BAAI/bge-m3", "BAAI/bge-m3"), (MODEL, None)):
        candidate = catalogue_candidate(load_catalog(), pair_id(THIS_MACHINE, model_id))
        assert candidate.target == LocalTarget(model=asked)
        assert candidate.model == model_id
        claim = Subject(option_id=candidate.option_id, label="", model="")
        assert holds(claim, LocalTarget(model=asked))
        assert not holds(claim, LocalTarget(model="another/model"))
    far = sent_to("https://evil.example/v1").target
    for claimed in ("aws/g6.xlarge@BAAI/bge-m3", "this-machine@BAAI/bge-m3"):
        assert not holds(Subject(option_id=claimed, label="", model=""), far)
    assert holds(Subject(option_id="endpoint/mine/@cf/m", label="", model=""), far)


def test_a_hybrid_is_known_by_its_burst_target() -> None:
    """Its base is the person's own; what it spills must go to the option that it names."""
    claim = Subject(option_id=hybrid_id("aws/g6.xlarge", OPTION), label="", model="")
    for url, true in (("https://api.openai.com/v1", True), ("https://evil.example/v1", False)):
        burst = sent_to(url).target
        target = HybridTarget.model_validate({"base": LocalTarget(), "burst": burst})
        assert holds(claim, target) is true
        assert not holds(claim, burst)


def test_a_new_run_is_stored_as_what_it_is(runs: Runs, embedding_server: Serve) -> None:
    """Its claim stands nowhere in the store; every target of a comparison is judged."""
    server = embedding_server()
    honest = api_plan(server.base_url, option_id=OPTION)
    rival = Rival(subject=honest.subject, target=honest.target)
    plan = api_plan(
        server.base_url,
        option_id="this-machine",
        schedule=Paired(pairs=5, rate_per_s=100),
        rivals=(rival,),
    )
    access = Access.at(FREE, None)
    view = finished(runs, runs.start(plan, rate=FREE, rivals=(access,)))
    assert isinstance(plan.target, ApiTarget)
    own = endpoint_id(plan.target)
    assert {s.option_id for s in view.plan.subjects} == {own}
    runs.adopt(view.run_id, 1)
    assert set(runs.measurements()) == {own}


def test_an_old_run_that_was_sent_elsewhere_measures_no_option(runs: Runs, store: Store) -> None:
    """It hides no run of the option itself, and a choice of it is not in force."""
    true, stray = own_plan(), sent_to("https://evil.example/v1")
    own = write_run(store, true, samples=whole_run(true), age_days=9)
    other = write_run(store, stray, samples=whole_run(stray), age_days=1)
    measured = runs.measurements()
    assert measured[OPTION].run_id == own
    assert measured[ELSEWHERE].run_id == other
    assert runs.view(other).plan.subject.option_id == ELSEWHERE
    with store.write() as connection:
        adopt(connection, Adoption(OPTION, other, 0))
    assert runs.adoptions() == {}
    assert runs.measurements()[OPTION].run_id == own
    runs.adopt(other)
    assert runs.adoptions() == {ELSEWHERE: other}


def test_an_old_choice_of_the_options_own_run_stays_in_force(runs: Runs, store: Store) -> None:
    """So does one of a typed address, by the id that it had."""
    true = own_plan()
    typed = plan_for(
        custom_candidate("http://localhost:8080/v1", "m"), None, texts=("one",), timeout_s=5
    )
    older = write_run(store, true, samples=whole_run(true), age_days=9)
    write_run(store, true, samples=whole_run(true), age_days=2)
    own = write_run(store, typed, samples=whole_run(typed), age_days=5)
    runs.adopt(older)
    runs.adopt(own)
    assert runs.adoptions() == {OPTION: older, "endpoint/localhost:8080/m": own}
    assert runs.measurements()[OPTION].run_id == older


def test_an_imported_run_measures_no_option_that_it_only_claims(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """Whatever the file says its subject is: chosen, it measures the server that it asked."""
    plan = api_plan(embedding_server().base_url)
    assert isinstance(plan.target, ApiTarget)
    own = endpoint_id(plan.target)
    run_id = finished(runs, runs.start(plan, rate=FREE)).run_id
    document = json.loads(runs.export([run_id]))
    runs.delete(run_id)
    document["runs"][0]["plan"]["subject"]["option_id"] = OPTION
    import_runs(store, json.dumps(document).encode(), "f.json")
    with store.read() as connection:
        stored = get_run(connection, run_id)
    assert stored is not None
    assert stored.plan.subject.option_id == own
    assert runs.measurements() == {}
    runs.adopt(run_id)
    assert set(runs.measurements()) == {own}


def test_a_hybrid_with_this_machine_has_its_base_here() -> None:
    """A server of anybody's is not this machine, whatever its burst target is."""
    server = api_plan("http://127.0.0.1:9/v1").target
    claim = Subject(option_id=hybrid_id(THIS_MACHINE, OPTION), label="", model="")
    for base, true in ((LocalTarget(), True), (server, False)):
        mixed = HybridTarget.model_validate({"base": base, "burst": own_plan().target})
        assert holds(claim, mixed) is true


def typed(base_url: str, model: str = "m") -> ProbePlan:
    """A plan for an address that somebody typed."""
    return plan_for(custom_candidate(base_url, model), None, texts=("one",), timeout_s=5)


PLACES = [
    *("http://localhost:8080/v1", "http://localhost:8081/v1", "https://localhost:8443/v1"),
    *("http://localhost:8080/", "http://localhost:8080/a/v1", "http://localhost:8080/a%2Fv1"),
    *("http://localhost:8080/m/v1", "http://[::1]:8080/v1", "https://host.example/v1"),
    *("https://host.example:8443/v1", "https://host.example/v2"),
]


def test_two_servers_on_one_host_are_two_options() -> None:
    """Each port and path has an id and a name of its own, and no id is one of version 0.1.0."""
    plans = [typed(url, model) for url in PLACES for model in ("m", "v1/m", "m/m")]
    assert len({plan.subject.option_id for plan in plans}) == len(plans)
    assert len({plan.subject.label for plan in plans}) == len(plans)
    for plan in plans:
        place = plan.subject.option_id.split("/")[1]
        assert re.search(r":\d+(~|$)", place)


def test_one_server_in_two_spellings_is_one_option() -> None:
    """A slash at the end, a port that is understood, a host in capitals."""
    one = {typed(f"https://{rest}").subject for rest in ("h.example/v1", "H.Example:443/v1/")}
    assert len(one) == 1


def test_the_measurement_of_one_server_does_not_count_for_another(runs: Runs, store: Store) -> None:
    """Not the newer one's for the older one, and not one of 0.1.0, whose id had the host alone."""
    first, second = typed("http://localhost:8080/v1"), typed("http://localhost:8081/v1")
    old_name = first.subject.model_copy(update={"option_id": "endpoint/localhost/m"})
    old = first.model_copy(update={"subject": old_name})
    kept = write_run(store, old, samples=whole_run(old), age_days=3)
    one = write_run(store, first, samples=whole_run(first), age_days=2)
    other = write_run(store, second, samples=whole_run(second), age_days=1)
    assert {key: found.run_id for key, found in runs.measurements().items()} == {
        "endpoint/localhost/m": kept,
        "endpoint/localhost:8080/m": one,
        "endpoint/localhost:8081/m": other,
    }
    runs.adopt(kept)
    assert runs.adoptions() == {"endpoint/localhost/m": kept}
    runs.release("endpoint/localhost/m")
    assert runs.adoptions() == {}


def test_names_that_are_too_long_stay_apart() -> None:
    """Cut to what a column holds, with a hash of the whole."""
    far = "https://h.example/" + "a" * 200
    plans = [typed(f"{far}{end}/v1", "m" * 150) for end in "xy"]
    ids = {plan.subject.option_id for plan in plans}
    assert len(ids) == 2
    assert {len(option_id) for option_id in ids} == {300}


def test_what_changes_the_question_changes_the_option() -> None:
    """Another input_type is another option, in any order of its fields; another header is not."""
    url = "http://localhost:8080/v1"

    def id_of(**endpoint: Any) -> str:
        return custom_candidate(url, "m", endpoint=endpoint).option_id

    plain = id_of()
    assert plain == "endpoint/localhost:8080/m"
    assert id_of(key_header="api-key") == plain
    query = id_of(body={"input_type": "query"})
    assert query == "endpoint/localhost:8080/m?input_type:%22query%22"
    both = {"input_type": "query", "truncate": True}
    ids = {plain, query, id_of(body={"input_type": "document"}), id_of(query={"v": "1"})}
    assert len(ids) == 4
    assert id_of(body=both) == id_of(body=dict(reversed(both.items())))
    assert id_of(query={"v": "1"}) != id_of(body={"v": 1})
    label = custom_candidate(url, "m", endpoint={"body": both}).label
    assert label == 'm at localhost:8080 (input_type:"query", truncate:true)'


def test_an_option_that_is_asked_otherwise_is_not_that_option() -> None:
    """With a field that the catalogue's own request does not have."""
    plan = own_plan()
    assert isinstance(plan.target, ApiTarget)
    endpoint = plan.target.endpoint.model_copy(update={"body": {"input_type": "query"}})
    target = plan.target.model_copy(update={"endpoint": endpoint})
    assert holds(plan.subject, plan.target)
    assert not holds(plan.subject, target)


@pytest.mark.parametrize("model", ["", "@BAAI/bge-m3"])
def test_no_option_of_a_catalogue_claims_nothing(model: str) -> None:
    """Whatever may be an option is looked up, with any model on it; so are two mixed."""
    ids = load_catalog().option_ids()
    assert len(ids) > 100
    for option_id in (*ids, hybrid_id(THIS_MACHINE, OPTION), f"{THIS_MACHINE}/x"):
        assert not claims_nothing(Subject(option_id=option_id + model, label="x", model="m"))


def test_a_typed_address_claims_nothing() -> None:
    """No row can have its name: the catalogue need not be read before it is asked."""
    assert claims_nothing(Subject(option_id=ELSEWHERE, label="x", model="m"))
