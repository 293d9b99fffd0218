"""Logistic regression in plain Python: a dozen features and some hundred pairs need no library."""

import math
from collections.abc import Sequence

SHRINK = 1.0
"""Strength of the pull towards 0, on features of equal spread."""
HARDLY = 1e-4
"""The same on the constant: only so that there is a solution where all pairs are of one kind."""
STEPS = 30
Row = Sequence[float]


def fit(rows: Sequence[Row], same: Sequence[bool]) -> tuple[list[float], float]:
    """Weights of the features and the constant, by Newton's method with an L2 penalty."""
    means, spreads = _spread(rows)
    scaled = [
        [*((x - m) / s for x, m, s in zip(row, means, spreads, strict=True)), 1.0] for row in rows
    ]
    size = len(scaled[0])
    theta = [0.0] * size
    for _ in range(STEPS):
        step = _newton(scaled, same, theta)
        theta = [old + by for old, by in zip(theta, step, strict=True)]
        if max(map(abs, step)) < 1e-9:
            break
    weights = [t / s for t, s in zip(theta, spreads, strict=False)]
    return weights, theta[-1] - sum(w * m for w, m in zip(weights, means, strict=True))


def score(row: Row, weights: Sequence[float], constant: float) -> float:
    """Between 0 and 1: how likely the pair is the same."""
    z = constant + sum(w * x for w, x in zip(weights, row, strict=True))
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


def _spread(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    columns = list(zip(*rows, strict=True))
    means = [sum(column) / len(column) for column in columns]
    spreads = [
        math.sqrt(sum((x - mean) ** 2 for x in column) / len(column)) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    return means, spreads


def _newton(rows: Sequence[Row], same: Sequence[bool], theta: Sequence[float]) -> list[float]:
    size = len(theta)
    pull = [SHRINK] * (size - 1) + [HARDLY]
    slope = [-by * t for by, t in zip(pull, theta, strict=True)]
    curve = [[pull[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
    for row, is_same in zip(rows, same, strict=True):
        p = score(row[:-1], theta[:-1], theta[-1])
        bend = p * (1 - p)
        for i, x in enumerate(row):
            slope[i] += (is_same - p) * x
            for j in range(i + 1):
                curve[i][j] += bend * x * row[j]
    for i in range(size):
        for j in range(i):
            curve[j][i] = curve[i][j]
    return _solve(curve, slope)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss's elimination; the penalty keeps the matrix positive."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        known = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - known) / rows[i][i]
    return found


def groups(pairs: Sequence[tuple[str, str]]) -> list[int]:
    """For each pair the group of matters that it belongs to: pairs that share a text, directly or
    by others, are one group, so that no text is ever both learned from and measured on."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for one, other in pairs:
        parent[root(one)] = root(other)
    numbers: dict[str, int] = {}
    return [numbers.setdefault(root(one), len(numbers)) for one, _ in pairs]
