"""Fixtures that several rooms share."""

import importlib.util
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

# Read once, when numpy is imported. Every processor has a test already: more threads of linear
# algebra only wait for each other, which costs up to four times the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from core.engines.common.status import INSTALL, engine_status
from core.engines.local import EngineWish, load_engine
from tests.harness.parsed_once import parsed_once
from tests.harness.turns import turn
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer
from tests.servers.network.own_address import NEEDED, add_address, named_address, own_address
from tests.servers.network.postgresql import PostgreSQLServer, programs_folder

# How long something takes is for the benchmarks to say: a busy machine is no fault of a law.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Name the private address of this run to all its processes; parse the catalogue once."""
    lasting = ExitStack()
    lasting.enter_context(named_address())
    lasting.enter_context(parsed_once())
    config.add_cleanup(lasting.close)


def _is_alone(item: pytest.Item) -> bool:
    """Whether a test compares times, and has the computer to itself."""
    timed = item.get_closest_marker("alone") is not None
    return timed or "embedding_process" in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with tests that run alone last: among the others each lets three processes wait."""
    files = {item.path for item in items if _is_alone(item)}
    items.sort(key=lambda item: item.path in files)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Add that address before the first test, where one needs it: no test sees networks change."""
    if any("private_address" in getattr(item, "fixturenames", ()) for item in session.items):
        add_address()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run a test beside those of the other processes, or alone where it compares times."""
    with turn(alone=_is_alone(item)):
        return (yield)


@pytest.fixture(scope="session")
def frozen_catalog() -> Catalog:
    """A small invented catalogue with round numbers that never change."""
    return load_catalog(Path(__file__).parent / "frozen_catalog")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalogue that ships with the product."""
    return load_catalog()


@pytest.fixture
def embedding_server() -> Iterator[Callable[..., GroundTruthServer]]:
    """Start real embedding servers with known delays and faults; they stop with the test.

    ``embedding_server(Config(...))`` gives a running server in a thread of this process.
    """
    with ExitStack() as running:

        def start(
            config: Config | None = None, *, tls: ssl.SSLContext | None = None
        ) -> GroundTruthServer:
            return running.enter_context(GroundTruthServer(config, tls=tls))

        yield start


@pytest.fixture(scope="session")
def private_address() -> str:
    """An address of a private network at which this computer answers."""
    address = own_address()
    need(address, NEEDED)
    assert address is not None
    return address


@pytest.fixture
def server_process() -> Iterator[Callable[..., GroundTruthProcess]]:
    """The same in a process of its own, for tests that compare times far apart."""
    with ExitStack() as running:
        yield lambda config=None: running.enter_context(GroundTruthProcess(config))


@pytest.fixture
def embedding_process(
    server_process: Callable[..., GroundTruthProcess],
) -> Callable[..., GroundTruthProcess]:
    """The same for tests that compare times closely: they have the computer to themselves."""
    return server_process


def need(there: object, package: str) -> None:
    """Skip the test, naming the package, where something is not there; fail where all is due."""
    if there:
        return
    if os.environ.get("BREAKEVEN_REQUIRE_ALL") == "1":
        pytest.fail(f"{package} is missing, and BREAKEVEN_REQUIRE_ALL is set")
    pytest.skip(f"needs {package}")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQLServer]:
    """A real PostgreSQL server, started once."""
    programs = programs_folder()
    need(programs is not None, "postgresql (initdb, postgres)")
    need(importlib.util.find_spec("psycopg"), "psycopg (the extra postgres)")
    assert programs is not None
    with PostgreSQLServer(programs) as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSQLServer) -> str:
    """Address of a database that is empty."""
    return postgresql_server.new_database()


@pytest.fixture(scope="session")
def exported_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packaged model's export, made once for all processes of the tests.

    To be read, and copied by links: without it a worker loads torch, and then exports.
    """
    status = engine_status()
    need(status.ready and not status.missing_for_onnx, "the extra: " + INSTALL)
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "exported-model"
    with FileLock(f"{folder}.lock"):
        load_engine(EngineWish(), folder, "now")
    return folder


def need_module(name: str, package: str) -> None:
    """Skip or fail as above, where a Python package is not installed."""
    need(importlib.util.find_spec(name), package)
