"""The flags of an endpoint's own fields, from the terminal to the server and back."""

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.errors import RunError
from core.runs.starting.typed_fields import fields_of
from tests.cli.terminal import breakeven
from tests.servers.embeddings import answer_of, understand
from tests.servers.talking import Asked, Said, talking

KEY = "a-key-of-mine-92745"
FEW = ("--requests", "4", "--rate", "100", "--model", "mine")


def azure(asked: Asked) -> Said:
    """A deployment of Azure OpenAI: an api-key header, an api-version, a model's name of its own.

    https://learn.microsoft.com/azure/ai-services/openai/reference
    """
    path = urlsplit(asked.path)
    if path.path != "/openai/deployments/mine/embeddings" or "api-version=" not in path.query:
        return Said(404, b'{"error":{"code":"404","message":"Resource not found"}}')
    if asked.headers.get("api-key") != KEY or "authorization" in asked.headers:
        body = {"error": {"code": "401", "message": f"Access denied for {asked.headers}"}}
        return Said(401, json.dumps(body).encode())
    return Said(200, answer_of(understand(asked.body, 8)).replace(b'"mine"', b'"other-model"'))


def test_a_deployment_of_azure_is_measured(tmp_path: Path) -> None:
    """Header, version and field by flags; both names are said; the export has all but the key."""
    with talking(azure) as server:
        done = breakeven(
            tmp_path,
            *("probe", "--base-url", f"{server.origin}/openai/deployments/mine", *FEW),
            *("--key-header", "api-key", "--query", "api-version=2024-10-21"),
            *("--body", "truncate=true", "--body", 'user="me"', "--key-env", "MINE", "--json"),
            variables={"MINE": KEY},
        )
        asked = server.asked[0]
    assert done.returncode == 0, done.stderr
    assert dict(parse_qsl(urlsplit(asked.path).query)) == {"api-version": "2024-10-21"}
    sent = json.loads(asked.body)
    assert (sent["truncate"], sent["user"]) == (True, "me")
    (run,) = json.loads(done.stdout)["runs"]
    endpoint = run["plan"]["target"]["endpoint"]
    assert endpoint["key_header"] == "api-key"
    assert endpoint["query"] == {"api-version": "2024-10-21"}
    assert KEY not in done.stdout + done.stderr
    assert {sample["outcome"] for sample in run["samples"]} == {"ok"}
    assert "the answer names the model other-model" in run["samples"][0]["detail"]


def test_a_refusal_is_told_in_the_servers_own_words(tmp_path: Path) -> None:
    """With the path that was asked: here the api-version is missing."""
    with talking(azure) as server:
        base = ("--base-url", f"{server.origin}/openai/deployments/mine")
        done = breakeven(tmp_path, "probe", *base, *FEW)
    assert done.returncode == 1
    told = " ".join(done.stderr.split())
    assert '(POST /openai/deployments/mine/embeddings)); it says: "Resource not found"' in told


def test_some_failures_are_lines_of_the_run(tmp_path: Path) -> None:
    """Beside its percentiles: how many, what the server said, how long it asks to wait."""
    seen: list[Asked] = []

    def sometimes(asked: Asked) -> Said:
        seen.append(asked)
        if len(seen) % 5 == 0:
            words = b'{"error":{"message":"Slow down, please"}}'
            return Said(429, words, (("retry-after-ms", "1500"),))
        return Said(200, answer_of(understand(asked.body, 8)))

    with talking(sometimes) as server:
        done = breakeven(tmp_path, "probe", "--base-url", f"{server.origin}/v1", *FEW)
    assert done.returncode == 0, done.stderr
    assert "failed: 1 rate limited (status 429" in done.stdout
    assert 'it asks to wait 1.5 s; it says: "Slow down, please"' in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--query", "v=1"), "give --base-url"),
        (("--base-url", "http://127.0.0.1:9/v1", "--query", "v"), "NAME=VALUE"),
        (("--base-url", "http://127.0.0.1:9/v1", "--body", "a=b"), "is no JSON"),
        (("--base-url", "http://127.0.0.1:9/v1", "--body", "a=[1]"), "one text, one number"),
        (("--base-url", "http://127.0.0.1:9/v1", "--body", "input=1"), "filled by the format"),
        (("--base-url", "http://127.0.0.1:9/v1", "--key-header", "Host"), "the request's own"),
        (("--base-url", "http://127.0.0.1:9/v1", "--query", "api-key=x"), "name of a key"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Before anything is sent."""
    done = breakeven(tmp_path, "probe", *arguments, "--model", "m")
    assert done.returncode != 0
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_what_was_typed_is_read_as_it_is_meant() -> None:
    """A value may hold an equals sign; numbers and truth keep their kind."""
    fields = fields_of(" api-key ", ["filter=a=b"], ["n=1", "t=true", 'x="y=z"', "f=0.5"])
    assert fields == {
        "key_header": "api-key",
        "query": {"filter": "a=b"},
        "body": {"n": 1, "t": True, "x": "y=z", "f": 0.5},
    }
    assert fields_of() == {}
    with pytest.raises(RunError, match="NAME=JSON") as refused:
        fields_of(body=["sk-a-key-that-was-pasted"])
    assert "pasted" not in str(refused.value)
