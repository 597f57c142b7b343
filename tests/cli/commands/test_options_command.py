"""`breakeven options`: from a server of one's own to the comparison, and back."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import breakeven
from tests.servers.ground_truth import Config, GroundTruthServer

API = ("options", "add", "api", "Lab", "--model", "bge-m3", "--by", "Ada", "--base-url")
SECRET = "zqk7Lm29Pw84Rt55"
MACHINE = ("options", "add", "machine", "Rack", "--card", "l4", "--model", "BAAI/bge-m3")


def listed(folder: Path) -> list[dict[str, str | None]]:
    """What the list says."""
    done = breakeven(folder, "options", "list", "--json")
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, str | None]] = json.loads(done.stdout)
    return rows


def test_what_is_added_is_compared_and_named_yours(tmp_path: Path) -> None:
    """API, machine and rate stand in the table of `compare`; removed, they are not known."""
    assert breakeven(tmp_path, *API, "http://localhost:8080/v1", "--usd", "0.01").returncode == 0
    assert breakeven(tmp_path, *MACHINE, "--there", "--count", "2").returncode == 0
    rate = ("--model", "BAAI/bge-m3", "--tokens-per-s", "9000", "--tokens-per-text", "512")
    assert breakeven(tmp_path, "options", "add", "rate", "rack/l4", *rate).returncode == 0
    options = ("--option", "lab/bge-m3", "--option", "rack/l4@BAAI/bge-m3")
    document = json.loads(breakeven(tmp_path, "compare", "--json", *options).stdout)
    assert [row["label"] for row in document["options"]] == [
        "Yours: Lab bge-m3",
        "Yours: Rack with bge-m3",
    ]
    assert all(row["usd_per_month"] is not None for row in document["options"])
    assert [row["id"] for row in listed(tmp_path)] == [
        "lab/bge-m3",
        "rack/l4",
        "rate/rack/l4@BAAI/bge-m3",
    ]
    assert "Ada" in str(listed(tmp_path)[0]["who"])
    assert breakeven(tmp_path, "options", "remove", "lab/bge-m3", text="n\n").returncode == 0
    assert len(listed(tmp_path)) == 3
    assert breakeven(tmp_path, "options", "remove", "lab/bge-m3", "--yes").returncode == 0
    done = breakeven(tmp_path, "compare", "--option", "lab/bge-m3")
    assert done.returncode == 2
    assert "nothing called 'lab/bge-m3'" in done.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("pasted", "address", "speaks"),
    [
        ("localhost:8080/v1/embeddings", "http://localhost:8080/v1", "openai_compatible"),
        ("http://0.0.0.0:8080/v1/", "http://127.0.0.1:8080/v1", "openai_compatible"),
        ("http://localhost:8080/embed", "http://localhost:8080", "tei"),
    ],
)
def test_a_pasted_address_is_mended_and_shown(
    tmp_path: Path, pasted: str, address: str, speaks: str
) -> None:
    """As a probe mends it: the address of one request is none of a server."""
    done = breakeven(tmp_path, *API, pasted)
    assert done.returncode == 0, done.stderr
    assert "The address was mended: " in done.stderr
    (file,) = tmp_path.rglob("*.toml")
    endpoint = tomllib.loads(file.read_text())["endpoint"]
    assert (endpoint["base_url"].rstrip("/"), endpoint["wire"]) == (address, speaks)


def test_an_azure_address_keeps_its_version_and_a_value_its_signs(tmp_path: Path) -> None:
    """What was taken off the address goes with each request; & and = are part of a value."""
    pasted = "https://lab.openai.azure.com/openai/deployments/e/embeddings?api-version=2024-10-21"
    done = breakeven(tmp_path, *API, pasted, "--query", "filter=a&b=c", "--body", 'user="x&y=z"')
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.rglob("*.toml")
    endpoint = tomllib.loads(file.read_text())["endpoint"]
    assert endpoint["query"] == {"api-version": "2024-10-21", "filter": "a&b=c"}
    assert endpoint["body"] == {"user": "x&y=z"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*API, "not an address"), "endpoint.base_url"),
        ((*API, "http://localhost:1/v1", "--unit", "usd_per_day"), "unit"),
        ((*API, "http://localhost:1/v1", "--area", "moon"), "area"),
        (MACHINE, "one of --usd-per-hour"),
        ((*MACHINE, "--there", "--bought", "5"), "one of --usd-per-hour"),
        ((*MACHINE, "--bought", "0"), "price of 0"),
        (("options", "remove", "openai/text-embedding-3-small", "--yes"), "ships with"),
        (("options", "export"), "Nothing is yours"),
        (("options", "key", "x/y"), "Give --env"),
    ],
)
def test_bad_input_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """And nothing is written."""
    done = breakeven(tmp_path, *arguments)
    assert done.returncode == 2
    assert said in done.stderr.replace("\n", " "), done.stderr
    assert not list(tmp_path.rglob("*.toml"))


def test_an_address_from_a_file_is_confirmed_by_typing_it(tmp_path: Path) -> None:
    """Shown, refused, and taken once it is typed; the key's binding does not travel."""
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "options.json"
    breakeven(here, *API, "https://gpu.corp.example:8443/v1")
    assert breakeven(here, "options", "key", "lab/bge-m3", "--env", "LAB_KEY").returncode == 0
    assert listed(here)[0]["key_env"] == "LAB_KEY"
    assert breakeven(here, "options", "export", str(file)).returncode == 0
    assert "LAB_KEY" not in file.read_text()
    refused = breakeven(there, "options", "import", str(file))
    assert refused.returncode == 2
    assert "--to gpu.corp.example:8443" in refused.stderr.replace("\n", " ")
    assert not list(there.rglob("*.toml"))
    wrong = breakeven(there, "options", "import", str(file), "--to", "gpu.corp.example")
    assert wrong.returncode == 2
    taken = breakeven(there, "options", "import", str(file), "--to", "gpu.corp.example:8443")
    assert taken.returncode == 0, taken.stderr
    assert [(row["id"], row["key_env"]) for row in listed(there)] == [("lab/bge-m3", None)]


def test_a_probe_of_an_own_option_uses_its_price_and_its_bound_key(
    tmp_path: Path, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """Without a flag for either; the key reaches that server, and the run is the option's."""
    server = embedding_server(Config(api_key="sk-lab-secret-1"))
    breakeven(tmp_path, *API, server.base_url)
    breakeven(tmp_path, "options", "key", "lab/bge-m3", "--env", "LAB_KEY")
    few = ("probe", "--option", "lab/bge-m3", "--requests", "3", "--rate", "50", "--json")
    unset = breakeven(tmp_path, *few)
    assert unset.returncode == 2
    assert "LAB_KEY" in unset.stderr.replace("\n", " ")
    done = breakeven(tmp_path, *few, variables={"LAB_KEY": "sk-lab-secret-1"})
    assert done.returncode == 0, done.stderr
    assert "sk-lab-secret-1" not in done.stdout + done.stderr
    options = ("--option", "lab/bge-m3")
    document = json.loads(breakeven(tmp_path, "compare", "--json", *options).stdout)
    assert document["options"][0]["measured_p50_s"] is not None
    breakeven(tmp_path, *API, "http://localhost:9/v1", "--replace")
    moved = breakeven(tmp_path, *few, variables={"LAB_KEY": "sk-lab-secret-1"})
    assert "it is not used" in moved.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--query", f"subscription={SECRET}"), "holds what is in LAB_KEY"),
        (("--body", f'user="Bearer {SECRET}"'), "holds what is in LAB_KEY"),
        (("--base-url", f"http://localhost:1/{SECRET}/v1"), "holds what is in LAB_KEY"),
        (("--base-url", f"http://ada:{SECRET}@localhost:1/v1"), "no user, password"),
        (("--base-url", f"http://localhost:1/v1?code={SECRET}"), "no user, password"),
    ],
)
def test_a_key_is_written_into_no_file_of_ones_own(
    tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    """Nor is it repeated: what is typed in a terminal may end in a log."""
    words = (*API, "http://localhost:1/v1", *more)
    refused = breakeven(tmp_path, *words, variables={"LAB_KEY": SECRET})
    assert refused.returncode == 2
    assert said in " ".join(refused.stderr.split())
    assert SECRET not in refused.stderr
    assert not list(tmp_path.rglob("*.toml"))


@pytest.mark.parametrize("command", [("probe",), ("sweep",)])
def test_a_password_in_an_address_is_not_repeated(tmp_path: Path, command: tuple[str, ...]) -> None:
    """It is refused, and where it stood is named."""
    at = ("--base-url", f"http://ada:{SECRET}@127.0.0.1:9/v1", "--model", "m", "--free")
    refused = breakeven(tmp_path, *command, *at)
    assert refused.returncode == 2
    assert "@" in refused.stderr
    assert SECRET not in refused.stderr
