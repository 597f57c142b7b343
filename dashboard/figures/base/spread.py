"""Keeps labels beside a chart from lying on each other."""

from collections.abc import Sequence


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions apart to at least ``gap``, each as little as it takes, in their order.

    Returned in the order given. They stay within low and high as long as they fit there; if they
    do not, they are set evenly.
    """
    if not positions:
        return []
    order = sorted(range(len(positions)), key=positions.__getitem__)
    room = (high - low) / max(1, len(positions) - 1)
    step = min(gap, room)
    placed = [min(max(positions[i], low), high) for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + step)
    # What was pushed over the top pushes back down.
    placed[-1] = min(placed[-1], high)
    for i in range(len(placed) - 2, -1, -1):
        placed[i] = min(placed[i], placed[i + 1] - step)
    result = [0.0] * len(positions)
    for rank, i in enumerate(order):
        result[i] = placed[rank]
    return result
