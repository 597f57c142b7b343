"""Fixtures that several rooms share."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer


@pytest.fixture(scope="session")
def frozen_catalog() -> Catalog:
    """A small invented catalogue with round numbers that never change."""
    return load_catalog(Path(__file__).parent / "frozen_catalog")


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


@pytest.fixture
def embedding_process() -> Iterator[Callable[..., GroundTruthProcess]]:
    """The same in a process of its own, for tests that compare times."""
    with ExitStack() as running:
        yield lambda config=None: running.enter_context(GroundTruthProcess(config))
