"""The page over a data folder that can be read and not written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.app_pages.test_latency_page import history, texts
from tests.harness.disk import fill, make_read_only, small_disk
from tests.old_data.old_data import expected, make_folder


@pytest.mark.parametrize(
    ("spoil", "words"), [(fill, "the disk is full"), (make_read_only, "read-only")]
)
def test_runs_are_shown_and_the_reason_why_none_can_start_is_said(
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], object],
    words: str,
) -> None:
    """The history has every run, one of them in full; no traceback anywhere."""
    with small_disk() as disk:
        folder = make_folder(disk / "data").data_dir
        monkeypatch.setenv("BREAKEVEN_DATA_DIR", str(folder))
        spoil(disk)
        page = open_page("latency")
        assert not page.exception
        assert len(history(page)) == len(expected()["runs"])
        told = texts(page)
        assert words in told
        assert "Nothing can be probed or changed until then" in told
        page.switch_page("app_pages/compare_page.py").run()
        assert not page.exception
        assert words in texts(page)
