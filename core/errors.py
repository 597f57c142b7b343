"""The errors a person may see. Each says what is wrong, where, and what to do next.

::

    BreakevenError
    ├── CatalogError          a price file that does not load: names file, row and mend
    ├── ScenarioError         a question that cannot be asked: names field and limit
    ├── ModelInputError       an argument of a formula outside its domain
    ├── StoreError            the database: unreadable, full, read-only, of a newer version
    │   ├── UnwritableError   it can be read and not written: read-only, or the disk is full
    │   └── UnreadableRunError  one run in it: of a newer version, or damaged
    ├── SettingsError         a BREAKEVEN_* variable with a value that makes no sense
    ├── LoadImportError       an export of requests that cannot be read: what, where, what to do
    ├── QualityError          the test of one's own queries: its package is not installed
    │   └── QualityInputError  its files cannot be read: names file, row and mend
    ├── RunError              a probe run that cannot start or be found
    │   ├── BusyError         no free seat: too many live runs here, or one of this endpoint
    │   │   └── AlreadyLiveError  this very run is live: names it, so that it can be watched
    │   ├── MissingKeyError   the provider's key is not set: names the variable
    │   └── BudgetError       the worst case is above a spending cap
    ├── EgressError           an address that this deployment may not call
    └── EngineError           the local model: not installed, no weights, out of memory
"""


class BreakevenError(Exception):
    """Base of every error that is shown to a person as its message, without a traceback."""


class CatalogError(BreakevenError):
    """A catalogue file does not load."""


class ScenarioError(BreakevenError):
    """A scenario has a value outside its limits or an unknown id."""


class ModelInputError(BreakevenError, ValueError):
    """An argument of a formula lies outside its domain."""


class LoadImportError(BreakevenError):
    """An export of the user's own requests cannot be read."""


class QualityError(BreakevenError):
    """The test of one's own queries cannot be made."""


class QualityInputError(QualityError):
    """A file of one's own queries or documents cannot be used."""


class StoreError(BreakevenError):
    """The store cannot be opened, read or written."""


class UnwritableError(StoreError):
    """The store can be read and not written."""


class UnreadableRunError(StoreError):
    """A run is there, and this version cannot read it."""


class SettingsError(BreakevenError):
    """A setting from the environment makes no sense."""


class RunError(BreakevenError):
    """A probe run cannot be started, found or cancelled."""


class BusyError(RunError):
    """No seat is free: two probes of one model or endpoint at once would measure each other."""


class AlreadyLiveError(BusyError):
    """The very same run is live here; ``run_id`` says which."""

    def __init__(self, sentence: str, run_id: str) -> None:
        super().__init__(sentence)
        self.run_id = run_id


class MissingKeyError(RunError):
    """The provider's key is not set."""


class BudgetError(RunError):
    """The worst-case cost is above a spending cap."""


class EgressError(BreakevenError):
    """The address may not be called from here."""


class EngineError(BreakevenError):
    """The local model cannot be loaded or run."""
