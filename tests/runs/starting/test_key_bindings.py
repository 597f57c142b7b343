"""A key of an own option is bound here, to one host and port, and to nothing that ships."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from core.catalog.own.joined import joined_catalog
from core.catalog.own.own_bundle import bundle_text, files_of
from core.catalog.schema import Catalog
from core.errors import EgressError, RunError, StoreError
from core.runs.starting.candidates import catalogue_candidate
from core.runs.starting.key_bindings import FILE, bind, bindings, forget, with_bound_key
from tests.catalog.own.own_texts import MINE, write

OPTION = "mine/small"
Known = Callable[[str], Catalog]


@pytest.fixture
def known(tmp_path: Path) -> Known:
    """The catalogue with an own option at an address."""

    def at(address: str) -> Catalog:
        write(
            tmp_path / "catalog", "api/mine.toml", MINE.replace("https://api.mine.example", address)
        )
        joined = joined_catalog(tmp_path / "catalog")
        assert joined.refusal == ""
        return joined.catalog

    return at


def test_a_bound_variable_is_used_at_its_host_and_port_alone(tmp_path: Path, known: Known) -> None:
    """Another host, port or scheme: not used, and it is said; another path is the same server."""
    here = known("https://api.mine.example")
    assert bind(tmp_path, here, OPTION, "MY_KEY") == "https://api.mine.example:443"
    bound = with_bound_key(catalogue_candidate(here, OPTION), here, tmp_path)
    assert (bound.key_env, bound.remark) == ("MY_KEY", "")
    same = known("https://API.mine.example:443/other")
    assert with_bound_key(catalogue_candidate(same, OPTION), same, tmp_path).key_env == "MY_KEY"
    for address in (
        "https://api.mine.example:8443",
        "http://api.mine.example:443",
        "https://evil.example",
    ):
        moved = known(address)
        candidate = with_bound_key(catalogue_candidate(moved, OPTION), moved, tmp_path)
        assert candidate.key_env is None
        assert "MY_KEY is bound to https://api.mine.example:443" in candidate.remark
        assert "Bind it again" in candidate.remark


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "CO_API_KEY"])
def test_a_providers_variable_is_bound_to_no_strange_host(
    tmp_path: Path, known: Known, variable: str
) -> None:
    """Set or not."""
    with pytest.raises(EgressError, match=f"{variable} belongs to"):
        bind(tmp_path, known("https://api.mine.example"), OPTION, variable)
    assert bindings(tmp_path) == {}


def test_a_providers_key_under_another_name_is_bound_nowhere_else(
    tmp_path: Path, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key itself is known, too."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-the-key-of-openai")
    monkeypatch.setenv("MY_KEY", "sk-the-key-of-openai")
    with pytest.raises(EgressError, match="OPENAI_API_KEY belongs to"):
        bind(tmp_path, known("https://api.mine.example"), OPTION, "MY_KEY")


@pytest.mark.parametrize(
    ("option_id", "variable", "said"),
    [
        (OPTION, "sk-abc-123", "never the key itself"),
        (OPTION, "", "never the key itself"),
        (OPTION, "BREAKEVEN_DATABASE_URL", "hold settings"),
        ("openai/text-embedding-3-small", "MY_KEY", "no API of your own"),
        ("no/such", "MY_KEY", "mine/small"),
    ],
)
def test_what_cannot_be_bound_is_refused(
    tmp_path: Path, known: Known, option_id: str, variable: str, said: str
) -> None:
    """A key that was typed in the place of its name is not repeated."""
    with pytest.raises(RunError, match=said) as error:
        bind(tmp_path, known("https://api.mine.example"), option_id, variable)
    assert "sk-abc" not in str(error.value)


def test_the_binding_lies_beside_the_database_and_travels_in_no_file(
    tmp_path: Path, known: Known
) -> None:
    """Readable by its owner alone; forgotten when asked; no word of it in the folder."""
    bind(tmp_path, known("https://api.mine.example"), OPTION, "MY_KEY")
    mode = stat.S_IMODE((tmp_path / FILE).stat().st_mode)
    assert mode == 0o600
    assert "MY_KEY" not in bundle_text(files_of(tmp_path / "catalog"))
    assert forget(tmp_path, OPTION)
    assert not forget(tmp_path, OPTION)
    assert bindings(tmp_path) == {}


@pytest.mark.parametrize("damage", ["", "{", '{"keys": {"a": {"origin": "x"}}}', '{"more": 1}'])
def test_a_damaged_file_sends_no_key(tmp_path: Path, known: Known, damage: str) -> None:
    """It is said, not passed over."""
    catalog = known("https://api.mine.example")
    (tmp_path / FILE).write_text(damage)
    with pytest.raises(StoreError, match="no key of your own options is used"):
        with_bound_key(catalogue_candidate(catalog, OPTION), catalog, tmp_path)
