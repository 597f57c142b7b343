"""What a trial found."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Trial:
    """Figures with their units in their names, and the faults: none means that it passed."""

    figures: dict[str, float | int | str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.faults

    def expect(self, holds: bool, fault: str) -> None:
        """Note a fault, in one sentence, where something does not hold."""
        if not holds:
            self.faults.append(fault)
