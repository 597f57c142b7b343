"""Where a request goes: scheme, host and port, which is what a key is bound to."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pydantic import HttpUrl, TypeAdapter, ValidationError

from core.catalog.schema import Endpoint
from core.errors import EgressError, RunError
from core.probe.addresses.hosts import canonical_host
from core.probe.records.probe_plan import LocalTarget, ProbePlan, Target

HTTPS: Final = ("https", 443)
HERE: Final = "this computer"
_URL: Final[TypeAdapter[HttpUrl]] = TypeAdapter(HttpUrl)


@dataclass(frozen=True, slots=True)
class Origin:
    """One server, as a browser tells servers apart. Another port is another server."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port, as a person types them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def origin_of(endpoint: Endpoint) -> Origin:
    """Of an address: its host in its one spelling, its port where none is written.

    A stored run may have a host that is none: that stays as it stands, and belongs to nobody.
    """
    return origin_of_url(endpoint.base_url)


def origin_of_url(url: HttpUrl) -> Origin:
    """The same of a bare address."""
    host = url.host or ""
    with suppress(EgressError):
        host = canonical_host(host)
    return Origin(url.scheme, host, url.port or 0)


def typed_authority(text: str) -> str:
    """``host``, ``host:port`` or a whole address, as :attr:`Origin.authority` writes it.

    Without a port it is that of the scheme, of https where there is none. Raises RunError.
    """
    try:
        url = _URL.validate_python(text if "://" in text else f"https://{text}")
    except ValidationError:
        url = None
    if url is None or not url.host or url.username or url.password:
        # What stands before an @ may be a password, and a sentence may end in a log.
        shown = "What has an @ in it" if "@" in text else repr(text[:100])
        raise RunError(f"{shown} is no host. Type HOST:PORT, such as localhost:8080.")
    return origin_of_url(url).authority


def destinations(plan: ProbePlan) -> tuple[str, ...]:
    """Everywhere that a plan sends texts to, each once: servers, and models on this computer."""
    return tuple(dict.fromkeys(place for target in plan.targets for place in _places(target)))


def _places(target: Target) -> Iterator[str]:
    yield from (_here(model) for model in target.local_models)
    yield from (str(origin_of(api.endpoint)) for api in target.apis)


def _here(model: LocalTarget) -> str:
    return f"{HERE} (model {model.model})" if model.model else HERE
