"""Who is out, as the page's table and its download have it."""

from core.decide.why.standing import NOT_YET, OUT, Standing
from core.grade import Grade
from dashboard.components.compare.why_panel import out_table

LIMIT = Standing("a/b", "A", 12.5, OUT, "rate limit", "Too little.", None)
UNSAID = Standing("c/d", "C", None, NOT_YET, "latency", "Nobody knows. Probe it.", Grade.UNKNOWN)


def test_each_has_its_evidence_in_a_word() -> None:
    """The user's own word is "yours"; an unknown bill stays empty."""
    table = out_table([LIMIT, UNSAID])
    assert table["Evidence"].tolist() == ["yours", "unknown"]
    assert table["Stands"].tolist() == [OUT, NOT_YET]
    assert table["USD/month"].isna().tolist() == [False, True]
    assert table["Why, and what to do"].tolist() == ["Too little.", "Nobody knows. Probe it."]
