"""Tables in the reader's currency."""

import pandas as pd

from core.money import Money, Rate
from dashboard import formats
from dashboard.components.shared.money_columns import in_money, whole_amounts

POUNDS = Money("GBP", Rate(2.0, "2026-11-30", "yours"))
TABLE = pd.DataFrame(
    {
        "Option": ["a", "b"],
        "USD/month": [10.0, None],
        "Low (USD)": ["", 3.0],
        "usd_per_mtok": [1, 2],
        "Tokens": [5, 6],
    }
)


def test_every_column_of_dollars_is_turned_and_named_so() -> None:
    """Numbers alone: what is absent stays absent, and every other column as it is."""
    with formats.showing(POUNDS):
        table = in_money(TABLE)
        form = whole_amounts()["type_config"]["format"]
    assert list(table) == ["Option", "GBP/month", "Low (GBP)", "gbp_per_mtok", "Tokens"]
    assert table["GBP/month"][0] == 5.0
    assert pd.isna(table["GBP/month"][1])
    assert table["Low (GBP)"].tolist() == ["", 1.5]
    assert table["gbp_per_mtok"].tolist() == [0.5, 1.0]
    assert table["Tokens"].tolist() == [5, 6]
    assert form == "£%,.0f"
    assert in_money(TABLE) is TABLE
