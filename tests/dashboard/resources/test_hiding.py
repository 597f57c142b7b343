"""What the page says holds no key of whoever runs it."""

import pytest

from core.errors import RunError
from core.runs.secrets.secrecy import HIDDEN
from dashboard.components.shared.error_boxes import sentence_of
from dashboard.resources.hiding import hide


def test_an_error_shows_no_part_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment or of Streamlit's secrets, whoever wrote it into a sentence."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-one-of-openai")
    assert hide("refused: sk-one-of-open") == f"refused: {HIDDEN}"
    shown = sentence_of(RunError("refused: one-of-openai"))
    assert shown.replace("\\", "") == f"refused: {HIDDEN}"
