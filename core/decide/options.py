"""From a scenario's option ids to options with the bills that their curves rest on."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.schema import Catalog
from core.cost.api import ApiBill
from core.cost.hosting import HostedBill
from core.decide.api_option import api_option
from core.decide.hosted_option import owned_option, rented_option, this_machine_option
from core.decide.result import Option, OptionKind
from core.decide.throughput import PublishedRates, published_rates
from core.errors import ScenarioError
from core.measurement import Measurement
from core.scenario import OWNED_PREFIX, THIS_MACHINE, Scenario

BY_USE = (OptionKind.API, OptionKind.PER_SECOND)
"""Paid for what is used; every other kind is self-hosted and paid by the replica."""


@dataclass(frozen=True, slots=True)
class Billed:
    """An option and its bill; None where nothing is priced, and the option says why."""

    option: Option
    bill: ApiBill | HostedBill | None


def is_self_hosted(option: Option) -> bool:
    """Whether an option is paid by the replica."""
    return option.kind not in BY_USE


def billed_options(
    scenario: Scenario, catalog: Catalog, measurements: Mapping[str, Measurement]
) -> tuple[Billed, ...]:
    """Every option of the scenario, in its order.

    Raises ScenarioError for an id that the catalogue does not have.
    """
    published = published_rates(catalog)
    return tuple(
        Billed(*_build(option_id, scenario, catalog, published, measurements.get(option_id)))
        for option_id in scenario.options
    )


def options(
    scenario: Scenario, catalog: Catalog, measurements: Mapping[str, Measurement]
) -> tuple[Option, ...]:
    """Every option of the scenario, in its order, with all that its curve rests on."""
    return tuple(billed.option for billed in billed_options(scenario, catalog, measurements))


def _build(
    option_id: str,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
    measured: Measurement | None,
) -> tuple[Option, ApiBill | HostedBill | None]:
    if option_id == THIS_MACHINE:
        return this_machine_option(scenario, catalog, measured)
    if option_id.startswith(OWNED_PREFIX) and catalog.card(option_id.removeprefix(OWNED_PREFIX)):
        return owned_option(option_id, scenario, catalog, published, measured)
    if (api := catalog.find_api(option_id)) is not None:
        return api_option(option_id, api[1], scenario, catalog, measured)
    if (gpu := catalog.find_gpu(option_id)) is not None:
        return rented_option(option_id, gpu[1], scenario, catalog, published, measured)
    raise ScenarioError(
        f"options: the catalogue has nothing called {option_id!r}. Choose one of its options, "
        "or add the offer to the catalogue."
    )
