"""The figures, computed by us with a fixed label order, and their intervals.

Every rate comes with its n and a 95 % Wilson interval; the functions take plain lists, so that each can be checked against a
closed form by hand. ``ANSWERS`` is the order of every table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.records import ANSWERS, CODES

Z = 1.959963984540054


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % Wilson score interval of a rate; (0, 1) where nothing was counted.

    >>> [round(x, 4) for x in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    if n == 0:
        return 0.0, 1.0
    p = hits / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def rate(hits: int, n: int) -> dict[str, Any]:
    """A rate with its n and interval; ``value`` is None where n is 0."""
    low, high = wilson(hits, n)
    return {"value": round(hits / n, 4) if n else None, "n": n, "hits": hits, "low": round(low, 4), "high": round(high, 4)}


def summary(
    truth: Sequence[str],
    best: Sequence[str],
    suggested: Sequence[str | None],
    probabilities: Sequence[Sequence[float]],
) -> dict[str, Any]:
    """The table of figures of one evaluation.

    Parameters
    ----------
    truth, best : sequence of str
        True and most probable answer of each note, of ``ANSWERS``.
    suggested : sequence of str or None
        The code suggested, None where the note went to review.
    probabilities : sequence of four floats
        In the order of ``ANSWERS``.
    """
    n = len(truth)
    codable = [t in CODES for t in truth]
    taken = [s is not None for s in suggested]
    right = sum(s == t for s, t in zip(suggested, truth, strict=True) if s is not None)
    table: dict[str, Any] = {
        "accuracy": rate(sum(t == b for t, b in zip(truth, best, strict=True)), n),
        "precision of suggestions": rate(right, sum(taken)),
        "share suggested": rate(sum(taken), n),
        "share of codable notes suggested": rate(
            sum(s is not None and c for s, c in zip(suggested, codable, strict=True)), sum(codable)
        ),
        "null notes given a code": rate(
            sum(s is not None and not c for s, c in zip(suggested, codable, strict=True)), n - sum(codable)
        ),
        "null notes whose best answer is a code": rate(
            sum(b in CODES and not c for b, c in zip(best, codable, strict=True)), n - sum(codable)
        ),
    }
    for code in CODES:
        said = sum(b == code for b in best)
        true = sum(t == code for t in truth)
        both = sum(b == code == t for b, t in zip(best, truth, strict=True))
        table[f"precision {code}"] = rate(both, said)
        table[f"recall {code}"] = rate(both, true)
    for level in (0.95, 0.98, 0.99):
        table[f"coverage at {level:.0%} precision"] = coverage_at(level, truth, best, probabilities)
    table["log loss"] = {"value": round(log_loss(truth, probabilities), 4), "n": n}
    table["brier"] = {"value": round(brier(truth, probabilities), 4), "n": n}
    table["calibration error"] = {"value": round(calibration_error(truth, best, probabilities), 4), "n": n}
    return table


def coverage_at(
    level: float, truth: Sequence[str], best: Sequence[str], probabilities: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Largest share of codable notes that could be suggested, most probable first, at a precision of ``level``."""
    ranked = sorted(((max(p), b == t) for p, b, t in zip(probabilities, best, truth, strict=True) if b in CODES), reverse=True)
    hits, reached = 0, 0
    for k, (_, is_right) in enumerate(ranked, 1):
        hits += is_right
        if hits >= level * k:
            reached = hits
    return rate(reached, sum(t in CODES for t in truth))


def log_loss(truth: Sequence[str], probabilities: Sequence[Sequence[float]]) -> float:
    """Mean negative log probability of the truth, in nats.

    >>> round(log_loss(["02"], [[0.5, 0.5, 0.0, 0.0]]), 4)
    0.6931
    """
    return float(np.mean([-math.log(max(p[ANSWERS.index(t)], 1e-12)) for t, p in zip(truth, probabilities, strict=True)]))


def brier(truth: Sequence[str], probabilities: Sequence[Sequence[float]]) -> float:
    """Mean squared distance of the four probabilities from the truth, 0 to 2."""
    return float(
        np.mean(
            [sum((q - (a == t)) ** 2 for a, q in zip(ANSWERS, p, strict=True)) for t, p in zip(truth, probabilities, strict=True)]
        )
    )


def calibration_error(
    truth: Sequence[str], best: Sequence[str], probabilities: Sequence[Sequence[float]], bins: int = 10
) -> float:
    """Expected calibration error of the best answer over equal-width bins of its probability."""
    p = np.array([max(row) for row in probabilities])
    right = np.array([b == t for b, t in zip(best, truth, strict=True)], dtype=float)
    where = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[where == k].mean() - right[where == k].mean()) * (where == k).mean() for k in np.unique(where)]
    return float(sum(gaps))


def confusion(truth: Sequence[str], best: Sequence[str]) -> list[list[int]]:
    """Counts, rows the truth and columns the best answer, both in the order of ``ANSWERS``."""
    return [[sum(t == a and b == c for t, b in zip(truth, best, strict=True)) for c in ANSWERS] for a in ANSWERS]
