"""What is measured of the quality of options: of one corpus, for others cannot be compared with it.

A figure counts where its test went through, its target embedded all texts, and the claim of its
plan to be the option holds.
"""

from typing import Final

from sqlalchemy import Connection

from core.catalog.schema import Catalog
from core.measurement.beside.quality_found import MeasuredQuality, QualityReport
from core.quality.example import example_corpus
from core.runs.quality.quality_job import QUALITY
from core.runs.trust.claims import as_sent
from core.runs.working.run_ending import quality_of
from core.store.runs import StoredRun, newest_of_kind

LOOKED_AT: Final = 100
"""Newest tests that are looked at."""


def measured_quality(connection: Connection, known: Catalog) -> dict[str, MeasuredQuality]:
    """Option id -> its newest figure over the texts, and at the k, of the newest test."""
    tests = [
        (run, report)
        for run in newest_of_kind(connection, QUALITY, LOOKED_AT)
        if (report := quality_of(run)) is not None
        and report.has_figures
        # What ships to try it out is nobody's own queries.
        and report.corpus != example_corpus().digest
    ]
    measured: dict[str, MeasuredQuality] = {}
    for run, report in tests:
        if _same_question(report, tests[0][1]):
            for option_id, one in _of_run(run, report, known).items():
                measured.setdefault(option_id, one)
    return measured


def _same_question(one: QualityReport, other: QualityReport) -> bool:
    return (one.corpus, one.k) == (other.corpus, other.k)


def _of_run(run: StoredRun, report: QualityReport, known: Catalog) -> dict[str, MeasuredQuality]:
    """Of each target that embedded everything."""
    claimed = {subject.option_id for subject in as_sent(run.plan, known).subjects}
    return {
        one.option_id: MeasuredQuality(
            run_id=run.run_id,
            at=run.finished_at or run.created_at,
            k=report.k,
            queries=one.queries,
            documents=one.documents,
            found=one,
        )
        for one in report.plain
        if one.recall is not None and not one.failure and one.option_id in claimed
    }
