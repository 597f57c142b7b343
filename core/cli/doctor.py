"""What this machine has: read only, quick, and it never prints a key."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal

from core.catalog.load import load_catalog
from core.catalog.own.joined import joined_catalog
from core.engines.common.status import engine_status
from core.errors import BreakevenError
from core.probe.answers.token_count import counter_for
from core.runs.secrets.known_secrets import hide
from core.runs.surroundings.route_of_settings import proxy_setting, route_of
from core.settings import load_settings
from core.store.open import open_store

PACKAGES: Final = ("streamlit", "plotly", "pandas", "pydantic", "sqlalchemy", "httptools")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    what: str
    state: Literal["ok", "absent", "broken"]
    found: str
    advice: str = ""

    def as_dict(self) -> dict[str, str]:
        """Plain values for JSON."""
        return asdict(self)


def examine() -> tuple[Check, ...]:
    """Run every check; a failing one is reported, and the others still run."""
    return (
        _program(),
        _packages(),
        _machine(),
        _timer(),
        _guarded("local model", _local_model),
        _guarded("catalogue", _catalogue),
        _guarded("your own catalogue", _own_catalogue),
        _guarded("settings and store", _store),
        _guarded("network", _network),
        _tokenizer(),
        *_guarded_many("keys", _keys),
    )


def _guarded(what: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except BreakevenError as error:
        return Check(what, "broken", hide(str(error)))


def _guarded_many(what: str, check: Callable[[], tuple[Check, ...]]) -> tuple[Check, ...]:
    try:
        return check()
    except BreakevenError as error:
        return (Check(what, "broken", hide(str(error))),)


def _program() -> Check:
    return Check("breakeven", "ok", f"{_version('breakeven')}, Python {platform.python_version()}")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _packages() -> Check:
    versions = {package: _version(package) for package in PACKAGES}
    missing = [package for package, number in versions.items() if number == "not installed"]
    return Check(
        "packages",
        "broken" if missing else "ok",
        ", ".join(f"{package} {number}" for package, number in versions.items()),
        'python -m pip install -e "."' if missing else "",
    )


def _machine() -> Check:
    # Windows keeps no load average.
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return Check(
        "machine",
        "ok",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} logical CPUs{load}",
    )


def smallest_tick_s(clock: Callable[[], float] = time.perf_counter, looks: int = 1_000) -> float:
    """Smallest step that a clock was seen to make, in seconds: below it no latency is real."""
    return min(_one_tick(clock) for _ in range(looks))


def _one_tick(clock: Callable[[], float]) -> float:
    start = clock()
    while (now := clock()) == start:
        pass
    return now - start


def _timer() -> Check:
    tick_us = smallest_tick_s() * 1e6
    coarse = tick_us > 100
    return Check(
        "timer",
        "broken" if coarse else "ok",
        f"smallest step seen {tick_us:.2f} µs",
        "latencies below this step cannot be told apart" if coarse else "",
    )


def _local_model() -> Check:
    status = engine_status()
    return Check(
        "local model",
        "ok" if status.ready else "absent",
        status.summary,
        "" if status.ready else status.advice,
    )


def _catalogue() -> Check:
    catalog = load_catalog()
    return Check(
        "catalogue", "ok", f"{len(catalog.option_ids())} options, {len(catalog.models)} models"
    )


def _own_catalogue() -> Check:
    """Whether there is a folder of one's own, and whether it is read."""
    what, folder = "your own catalogue", load_settings().own_catalog
    if not folder.exists():
        return Check(what, "absent", f"no folder {folder}", "only needed for rows of your own")
    refusal = joined_catalog(folder).refusal
    return Check(what, "broken" if refusal else "ok", refusal or str(folder))


def _store() -> Check:
    settings = load_settings()
    store = open_store(settings)
    store.close()
    return Check("data folder", "ok", str(settings.data_dir))


def _network() -> Check:
    """By which way requests would leave; nothing is sent, and no password is shown."""
    settings = load_settings()
    proxy = proxy_setting(settings.proxy, "api.openai.com")
    route = route_of(proxy, settings.ca_file)
    details = [route.label if route.proxy is None else f"{route.label} at {route.proxy.host}"]
    if settings.ca_file is not None:
        details.append(f"certificates of {settings.ca_file} beside the system's")
    if settings.allow_networks:
        details.append(f"beyond the internet {', '.join(settings.allow_networks)}")
    caps = (
        f"caps ${settings.spend_cap_per_run_usd:f} a run, ${settings.spend_cap_per_day_usd:f} a "
        f"day, ${settings.spend_cap_total_usd:f} in all"
    )
    return Check("network", "ok", ", ".join((*details, caps)))


def _tokenizer() -> Check:
    """Whether billed tokens can be held against a count of our own."""
    counter = counter_for("text-embedding-3-small")
    counted = None if counter is None else counter.count(("hello world",))
    return Check(
        "tokenizer",
        "ok" if counted == 2 else "broken",
        "counts OpenAI's tokens offline",
        "" if counted == 2 else 'python -m pip install -e "."',
    )


def _keys() -> tuple[Check, ...]:
    names = sorted(
        {
            provider.endpoint.key_env
            for provider in load_catalog().providers
            if provider.endpoint and provider.endpoint.key_env
        }
    )
    return tuple(_key(name) for name in names)


def _key(name: str) -> Check:
    if os.environ.get(name):
        return Check(f"key {name}", "ok", "set")
    return Check(f"key {name}", "absent", "not set", "only needed to probe this provider")
