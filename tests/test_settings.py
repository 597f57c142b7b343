"""Settings from the environment."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.settings import MENDS, Settings, load_settings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BREAKEVEN_")]:
        monkeypatch.delenv(name)


def test_defaults_need_no_variable() -> None:
    """Without a variable there is an absolute data folder and there are small caps."""
    settings = load_settings()
    assert settings.data_dir.is_absolute()
    assert settings.database_file.parent == settings.data_dir
    assert 0 < settings.spend_cap_per_run_usd <= settings.spend_cap_per_day_usd


def test_variables_are_read_exactly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Money is the decimal that was typed, a folder the absolute path of what was typed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BREAKEVEN_SPEND_CAP_PER_RUN_USD", "0.1")
    monkeypatch.setenv("BREAKEVEN_DATA_DIR", "here")
    monkeypatch.setenv("BREAKEVEN_ALLOW_CUSTOM_BASE_URL", "false")
    settings = load_settings()
    assert settings.spend_cap_per_run_usd == Decimal("0.1")
    assert settings.data_dir == tmp_path / "here"
    assert settings.allow_custom_base_url is False


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty line of a compose file leaves the default."""
    monkeypatch.setenv("BREAKEVEN_SPEND_CAP_PER_DAY_USD", "")
    assert load_settings().spend_cap_per_day_usd == Settings().spend_cap_per_day_usd


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("data_dir", "~no-such-user/breakeven"),
        ("spend_cap_per_run_usd", "a lot"),
        ("spend_cap_per_day_usd", "-1"),
        ("spend_cap_per_day_usd", "NaN"),
        ("spend_cap_per_day_usd", "Infinity"),
        ("local_threads", "0"),
        ("allow_custom_base_url", "perhaps"),
        ("place", "x" * 81),
        ("allowed_hosts", "*"),
        ("allowed_hosts", "*.com"),
        ("allowed_hosts", "page.*.com"),
        ("allowed_hosts", "https://page.example.com"),
        ("allowed_hosts", "page.example.com:8501"),
        ("allowed_hosts", "page.example.com/path"),
        ("allowed_hosts", "me@page.example.com"),
        ("allowed_hosts", "good.example.com, bad_.-example.com"),
        ("allowed_hosts", "b\u00fccher.example"),
    ],
)
def test_a_bad_value_is_named_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    """The sentence says which variable, what it holds, and what to give instead."""
    monkeypatch.setenv(f"BREAKEVEN_{field.upper()}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    sentence = str(caught.value)
    assert f"BREAKEVEN_{field.upper()} is {value!r}" in sentence
    assert MENDS[field] in sentence


def test_allowed_hosts_are_names_as_a_browser_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small letters, no dot at the end, an address in its short form; spaces do not matter."""
    assert load_settings().allowed_hosts == ()
    typed = "Page.Example.com., *.example.org ,192.0.2.7,[2001:DB8:0:0:0:0:0:1],my_page,"
    monkeypatch.setenv("BREAKEVEN_ALLOWED_HOSTS", typed)
    names = ("page.example.com", "*.example.org", "192.0.2.7", "2001:db8::1", "my_page")
    assert load_settings().allowed_hosts == names


def test_a_user_without_a_home_is_told_to_give_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's user may be a number with no home: a sentence, not a traceback."""
    for name in ("HOME", "USERPROFILE", "HOMEDRIVE", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)

    def nobody(*_: object, **__: object) -> str:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("core.settings.platformdirs.user_data_dir", nobody)
    monkeypatch.setattr(Path, "expanduser", nobody)
    with pytest.raises(SettingsError, match=r"BREAKEVEN_DATA_DIR is .*Give a folder"):
        load_settings()


def test_a_misspelt_variable_is_refused_with_the_near_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spending cap under a wrong name would silently be no cap."""
    monkeypatch.setenv("BREAKEVEN_SPEND_CAP_PER_DAY", "0.01")
    with pytest.raises(SettingsError, match="did you mean BREAKEVEN_SPEND_CAP_PER_DAY_USD"):
        load_settings()


def test_a_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database address may hold a password: neither repr nor str of the settings has it."""
    monkeypatch.setenv("BREAKEVEN_DATABASE_URL", "postgresql://me:hunter2@db/breakeven")
    settings = load_settings()
    assert "hunter2" not in repr(settings) + str(settings)


def test_every_setting_has_its_mend() -> None:
    """No setting can be wrong without a sentence that says what to give."""
    assert set(MENDS) == set(Settings.model_fields)
