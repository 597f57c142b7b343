"""What is believed of the speed of each kind of card, before and after it was measured."""

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Final

from core.catalog.option_names import with_model
from core.catalog.schema import Catalog
from core.cost.many_scenarios.laws import TAIL, Law, LawKind, known
from core.decide.result.belief import THROUGHPUT, Belief, around
from core.decide.result.option import CapacityUsed, Option
from core.grade import Grade
from core.measurement.measured import Measurement
from core.scenario import OWNED_PREFIX, hybrid_parts, machine_and_model, machine_id, pair_id
from core.serving.law.near_rows import has_server
from core.serving.law.stated_range import Z_RANGE, Known, server_factor

_Z_TAIL: Final = NormalDist().inv_cdf(1 - TAIL)


def throughput_name(option: Option, catalog: Catalog) -> str:
    """Name of the throughput that an option rests on: one for each card or processor and model.

    What was measured or is known of one machine says nothing sure of another with the same card.
    """
    machine, of_it_alone = machine_id(_base(option)), (Grade.MEASURED, Grade.CLAIMED)
    is_own = option.capacity is not None and option.capacity.basis in of_it_alone
    name = THROUGHPUT + (machine if is_own else _works_by(machine, catalog))
    return pair_id(name, option.other_model) if option.other_model else name


def _base(option: Option) -> str:
    """Id of what computes: of a hybrid its own replicas."""
    return (hybrid_parts(option.id) or (option.id,))[0]


def _works_by(machine: str, catalog: Catalog) -> str:
    """Id of the card or processor that works in a machine; the machine's own where it has none."""
    rented = catalog.find_machine(machine)
    kind = (rented[1].card or rented[1].cpu) if rented else machine.removeprefix(OWNED_PREFIX)
    return kind or machine


def throughputs(
    hosted: Sequence[Option], catalog: Catalog, measurements: Mapping[str, Measurement]
) -> list[Belief]:
    """One for each kind of card and model: its speed is the same whoever rents it out."""
    groups: dict[str, list[Option]] = {}
    for option in hosted:
        groups.setdefault(throughput_name(option, catalog), []).append(option)
    return [
        _throughput(name, members, catalog, measurements.get(_base(members[0])))
        for name, members in groups.items()
    ]


def _throughput(
    name: str,
    members: Sequence[Option],
    catalog: Catalog,
    measured: Measurement | None,
) -> Belief:
    first = members[0]
    capacity = first.capacity
    assert capacity is not None  # noqa: S101  only options with one are grouped
    value = capacity.nominal_tokens_per_s
    if capacity.basis == "measured" and measured is not None:
        law, basis = _measured_law(value, measured)
        before = _before(value, measured)
    elif capacity.basis == Grade.CLAIMED:
        law, before, basis = known(value), None, "Your own rate: taken as known."
    else:
        law, before = _of_range(value, capacity), None
        basis = (
            "The middle server published for the card, or what the law of size predicts, as far "
            "off as it was on pairs, or cards, that it did not see: 8 of 10, by Student's t, for "
            "they are few."
        )
    label = f"Throughput of {_called(name, first, catalog)}"
    ids = frozenset(option.id for option in members)
    return Belief(name, label, "tokens/s", law, basis, ids, before)


def _before(value: float, measured: Measurement) -> Law:
    """As wide as a prediction of the machine would have been, around what was measured."""
    known = Known.CARD if has_server(measured.subject.hardware or "") else Known.NEITHER
    return _log_normal(value, math.log(server_factor(known)) / Z_RANGE)


def _called(name: str, first: Option, catalog: Catalog) -> str:
    """The card or processor, with its model where the name has one; else the option."""
    kind, model_id = machine_and_model(name.removeprefix(THROUGHPUT))
    known = catalog.card(kind) or catalog.cpu(kind)
    if known is None:
        return first.label
    return known.name if model_id is None else with_model(known.name, model_id)


def _measured_law(value: float, measured: Measurement) -> tuple[Law, str]:
    """What a measurement leaves open: its fit's residual, or the interval of its median."""
    if measured.fit is not None:
        log_sd = measured.fit.log_spread
        basis = f"{measured.how}: the fit's residual over {measured.fit.shapes} batches."
    else:
        median = measured.summary.service_p50
        if not (median.low_s and median.high_s):
            basis = f"{measured.how} with too few requests for an interval: within a factor of 2."
            return around(LawKind.LOG_UNIFORM, value / 2, value, value * 2), basis
        z_level = NormalDist().inv_cdf((1 + median.level) / 2)
        log_sd = math.log(median.high_s / median.low_s) / (2 * z_level)
        basis = f"{measured.how}: the interval of the median service time."
    return _log_normal(value, log_sd), basis


def _of_range(value: float, capacity: CapacityUsed) -> Law:
    """8 of 10 in a range as wide as the stated one, the stated value its median."""
    low, high = capacity.low_tokens_per_s or value, capacity.high_tokens_per_s or value
    return _log_normal(value, math.log(high / low) / (2 * Z_RANGE))


def _log_normal(value: float, log_sd: float) -> Law:
    factor = math.exp(_Z_TAIL * log_sd)
    return around(LawKind.LOG_NORMAL, value / factor, value, value * factor)
