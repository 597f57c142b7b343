"""How a check under load is laid out: no faster than it can be sent on schedule."""

import numpy as np
import pytest

from core.runs.sweep.sweep_load import MOST_REQUESTS_PER_S, Load, texts_per_request


@pytest.mark.parametrize("largest", [1, 8, 32, 512])
@pytest.mark.parametrize("rate", [0.5, 50.0, 200.0, 201.0, 5_000.0, 1e6])
def test_requests_come_no_faster_than_they_can_be_sent(rate: float, largest: int) -> None:
    """Unless a request would be larger than a batch; slow engines get single texts."""
    texts = texts_per_request(rate, largest)
    assert 1 <= texts <= largest
    assert rate / texts <= MOST_REQUESTS_PER_S or texts == largest
    assert texts == 1 or rate > MOST_REQUESTS_PER_S
    assert texts == 1 or rate / (texts - 1) > MOST_REQUESTS_PER_S


def test_a_batch_of_requests_takes_as_long_as_its_texts() -> None:
    """Two requests of three texts are a batch of six; a seventh and eighth find no place."""
    batch_s = np.arange(1.0, 9.0)[:, None] * np.ones((1, 2))
    load = Load(60.0, 3)
    assert load.requests_per_s == 20.0
    assert load.of(batch_s)[:, 0].tolist() == [3.0, 6.0]
    assert Load(60.0, 1).of(batch_s) is not None
    assert Load(60.0, 1).of(batch_s).shape == (8, 2)
