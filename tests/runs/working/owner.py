"""A process that starts a run as a page does, and then ends as it is told to.

``python -m tests.runs.working.owner DATA_DIR PLAN_FILE``: prints the run's id, waits for a line,
and leaves without having closed anything.
"""

import sys
from decimal import Decimal
from pathlib import Path

from core.catalog.schema import PriceUnit
from core.probe.records.probe_plan import ProbePlan
from core.runs.service import Runs
from core.runs.spending.worst_case import Rate
from core.settings import Settings
from core.store.open import open_store


def main(data_dir: str, plan_file: str) -> None:
    """Start, say which run, wait."""
    settings = Settings(data_dir=Path(data_dir), database_url=None)
    runs = Runs(open_store(settings), settings)
    plan = ProbePlan.model_validate_json(Path(plan_file).read_text(encoding="utf-8"))
    price = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)
    sys.stdout.write(f"{runs.start(plan, rate=price)}\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
