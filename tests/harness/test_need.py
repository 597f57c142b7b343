"""What a test does where a system package is missing."""

import pytest

from tests.conftest import need


def test_what_is_there_lets_the_test_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is skipped, whatever the variable says."""
    for value in ("", "1"):
        monkeypatch.setenv("BREAKEVEN_REQUIRE_ALL", value)
        need("there", "a package")


def test_what_is_missing_skips_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the report sees what to install."""
    monkeypatch.delenv("BREAKEVEN_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs postgresql"):
        need(None, "postgresql")


def test_what_is_missing_fails_where_all_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole check must not pass because its tests were skipped."""
    monkeypatch.setenv("BREAKEVEN_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="postgresql is missing"):
        need(None, "postgresql")
