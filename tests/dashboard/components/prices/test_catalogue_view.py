"""What stands above a table of the catalogue."""

import pandas as pd
import pytest

from dashboard.components.prices.catalogue_view import caption


@pytest.mark.parametrize(
    ("ages", "of", "start"),
    [
        ([1], 1, "1 row, read 1 day ago."),
        ([0, 0], 2, "2 rows, read 0 days ago."),
        ([3, 40], 9, "2 of 9 rows, read 3 to 40 days ago."),
        ([], 9, "0 of 9 rows."),
    ],
)
def test_the_caption_says_how_much_and_how_old(ages: list[int], of: int, start: str) -> None:
    """The age of what is shown is in sight above it."""
    assert caption(pd.DataFrame({"Age (days)": ages}), of).startswith(start)
