"""What a command says of its settings and keys holds none of them."""

from pathlib import Path

import pytest

from core.runs.secrets.known_secrets import hide
from core.runs.secrets.secrecy import HIDDEN
from tests.cli.terminal import breakeven

CANARY = "quokka-Marmalade-7391"


def test_the_keys_and_passwords_of_the_environment_are_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The catalogue's variables, the database's and the proxy's password, and what is given."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-one-of-openai")
    monkeypatch.setenv("BREAKEVEN_DATABASE_URL", f"postgresql://me:{CANARY}@host/db")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:proxy-password@proxy:1")
    said = f"sk-one-of-openai, {CANARY}, proxy-password, typed-in-here, me at host"
    hidden = ", ".join([HIDDEN] * 4)
    assert hide(said, ["typed-in-here"]) == f"{hidden}, me at host"


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{CANARY}@127.0.0.1:1/db",
        f"postgresql://me:{CANARY}@no-such-host.invalid/db",
        f"postgresql://me:{CANARY}@127.0.0.1:1/db?sslmode={CANARY}",
        f"postgresql://me:{CANARY}@127.0.0.1:1/db?{CANARY}=1",
        f"postgresql://me@127.0.0.1:1/db?password={CANARY}&connect_timeout=x",
        f"postgresql://me:{CANARY}@127.0.0.1:{CANARY}/db",
        f"postgresql://me:{CANARY}@[127.0.0.1/db",
        f"mysql://me:{CANARY}@host/db",
        f"{CANARY}",
        f"sqlite:///{{folder}}/x.db?timeout={CANARY}&password={CANARY}",
    ],
)
@pytest.mark.parametrize("command", [("runs", "list"), ("doctor",)], ids=["list", "doctor"])
def test_an_address_of_the_database_that_fails_shows_no_password(
    tmp_path: Path, address: str, command: tuple[str, ...]
) -> None:
    """Whatever the driver repeats of it."""
    url = address.replace("{folder}", str(tmp_path))
    done = breakeven(tmp_path / "data", *command, variables={"BREAKEVEN_DATABASE_URL": url})
    assert "BREAKEVEN_DATABASE_URL" in done.stdout + done.stderr or "database" in done.stderr
    shown = (done.stdout + done.stderr).lower()
    assert not any(CANARY.lower()[i : i + 8] in shown for i in range(len(CANARY) - 7))


@pytest.mark.parametrize("proxy", [f"http://me:{CANARY}@proxy:port", f"ftp://me:{CANARY}@proxy"])
def test_an_address_of_a_proxy_that_fails_shows_no_password(tmp_path: Path, proxy: str) -> None:
    """Nor is anything sent."""
    variables = {"BREAKEVEN_PROXY": proxy, "OPENAI_API_KEY": "sk-one-of-openai"}
    typed = ("--option", "openai/text-embedding-3-small")
    done = breakeven(tmp_path / "data", "probe", *typed, variables=variables)
    assert done.returncode == 2
    shown = (done.stdout + done.stderr).lower()
    assert not any(CANARY.lower()[i : i + 8] in shown for i in range(len(CANARY) - 7))
