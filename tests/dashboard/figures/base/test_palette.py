"""Colours that can be seen, and told apart without red or green cones."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from dashboard.figures.base.palette import DARK, LIGHT, Palette

Vector = NDArray[np.float64]

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
CONES = {
    "all cones": np.eye(3),
    "without red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "without green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
# Ottosson (2020): linear RGB to the Oklab space, whose distances are even to the eye.
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> Vector:
    """Linear RGB of a hex colour."""
    part = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    high, low = sorted((float(weights @ linear(c)) for c in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def oklab(colour: str, cones: Vector) -> Vector:
    """Oklab coordinates of a colour as a reader with these cones sees it."""
    seen = np.clip(cones @ linear(colour), 0, 1)
    result: Vector = TO_LAB @ np.cbrt(TO_LMS @ seen)
    return result


BOTH = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])


@BOTH
def test_lines_stand_out_from_the_page(scheme: Palette) -> None:
    """Every line has a contrast of 3 to 1, every text one of 4.5."""
    assert all(contrast(line, scheme.page) >= 3 for line in (*scheme.lines, scheme.limit))
    assert all(contrast(text, scheme.page) >= 4.5 for text in (scheme.ink, scheme.muted))


@BOTH
@pytest.mark.parametrize("cones", CONES)
def test_lines_can_be_told_apart(scheme: Palette, cones: str) -> None:
    """The nearest two line colours keep a visible distance for every reader."""
    seen = [oklab(line, CONES[cones]) for line in scheme.lines]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
    assert nearest >= 0.09
