"""What is known of an option by its id, where the id may name the model on a machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from core.measurement.beside.quality_found import MeasuredQuality
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, machine_and_model, machine_id, pair_id

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, eq=False, slots=True)
class OfMachines(Mapping[str, Number], Generic[Number]):
    """A number of each machine, such as the user's price: one, whatever model is named on it."""

    by_machine: Mapping[str, Number] = field(default_factory=dict)

    def __getitem__(self, option_id: str) -> Number:
        return self.by_machine[machine_id(option_id)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_machine)

    def __len__(self) -> int:
        return len(self.by_machine)


OwnPrices: TypeAlias = OfMachines[float]
"""USD in the billed unit."""
OwnCounts: TypeAlias = OfMachines[int]
"""Of each that is one's own already, how many there are."""


@dataclass(frozen=True, eq=False, slots=True)
class MeasuredOptions(Mapping[str, Measurement]):
    """The newest run of each option; of a machine that names a model, with that model alone.

    This computer is measured under its own id, whatever runs on it, and under one id a model. Any
    other machine is measured with a model, which is the one hosted where its option names none.
    """

    by_id: Mapping[str, Measurement] = field(default_factory=dict)
    hosted_model: str = ""

    def __getitem__(self, option_id: str) -> Measurement:
        machine, model_id = machine_and_model(option_id)
        if model_id is None:
            pair = pair_id(machine, self.hosted_model)
            other = None if machine == THIS_MACHINE else self.by_id.get(pair)
            return other or self.by_id[option_id]
        names = [option_id, machine]
        if machine == THIS_MACHINE:
            names.append(f"{THIS_MACHINE}/{model_id}")
        for name in names:
            run = self.by_id.get(name)
            if run is not None and run.subject.model == model_id:
                return run
        raise KeyError(option_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)


@dataclass(frozen=True, eq=False, slots=True)
class FoundOfTexts:
    """What each option finds of one's own queries: vectors are the model's, whoever computes them.

    So an option that was not tested itself has the figure of another one with the same model.
    """

    by_id: Mapping[str, MeasuredQuality] = field(default_factory=dict)

    def of(self, option_id: str, model_id: str | None) -> MeasuredQuality | None:
        """The option's own figure, else its model's, the newest; None: not measured.

        This computer is tested under its own id with whatever runs on it, as it is measured.
        """
        if (own := self.by_id.get(option_id)) is not None:
            return own
        same = [one for one in self.by_id.values() if one.found.model == model_id]
        return max(same, key=lambda one: one.at, default=None)
