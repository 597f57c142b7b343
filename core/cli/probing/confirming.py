"""Which servers of a command a person means: typed in it, or confirmed on this computer before."""

from collections.abc import Collection
from pathlib import Path

from core.errors import RunError
from core.probe.records.probe_plan import ProbePlan
from core.runs.trust.confirmed import confirm_servers, confirmed_servers, servers_of
from core.runs.trust.origin import typed_authority


def known_or_typed(data_dir: Path, to: Collection[str]) -> frozenset[str]:
    """Servers that a file may send to. Raises RunError for a typed one that is none."""
    return confirmed_servers(data_dir) | {typed_authority(server) for server in to}


def servers_meant(
    plan: ProbePlan, data_dir: Path, to: Collection[str], base_url: str
) -> tuple[str, ...]:
    """Every server of the plan that is no provider's, each meant; ``--to`` is kept beside the runs.

    Raises RunError for one that stands in a file and was neither typed nor confirmed.
    """
    asked = servers_of(plan)
    typed = {typed_authority(server) for server in to}
    addresses = {typed_authority(base_url)} if base_url else set()
    strange = [one for one in asked if one not in addresses | known_or_typed(data_dir, to)]
    if strange:
        raise RunError(
            f"{strange[0]} stands in a file, and nobody has typed or confirmed it here. If you "
            f"mean that server, type --to {strange[0]} once."
        )
    confirm_servers(data_dir, typed.intersection(asked))
    return asked


def refuse_idle(plan: ProbePlan, to: Collection[str]) -> None:
    """Raise RunError for a server that was typed and that nothing is sent to."""
    for server in to:
        if typed_authority(server) not in servers_of(plan):
            raise RunError(
                f"--to {server[:100]}: nothing is sent there. It says which server a file may "
                "mean: give --plan FILE, or an option of your own catalogue folder."
            )
