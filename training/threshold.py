"""Thresholds for a stated risk: above which probability is at most one suggestion in 100 wrong, and how sure is that?

Learn-then-test over a short fixed grid: a threshold is valid when the exact binomial upper bound of its error, at the
confidence divided among the thresholds of the grid (Bonferroni), is within the risk. The lowest valid one is chosen. Where
the notes at hand cannot show the risk, the next of ``LADDER`` is tried; the card says what was shown. When nothing on the
ladder can be shown there is no threshold, and nothing is suggested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

GRID = (0.80, 0.85, 0.90, 0.925, 0.95, 0.97, 0.98, 0.99)
LADDER = ((0.01, 0.95), (0.01, 0.90), (0.01, 0.75), (0.01, 0.50), (0.02, 0.90), (0.05, 0.95))
"""Pairs of risk (share wrong among what is suggested) and confidence, strictest first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the notes can show: at ``threshold`` at most ``risk`` is wrong, with ``confidence``."""

    threshold: float | None
    risk: float | None
    confidence: float | None


def upper_bound(wrong: int, n: int, confidence: float = 0.90) -> float:
    """Exact (Clopper-Pearson) one-sided upper bound of an error rate.

    >>> round(upper_bound(0, 230), 4)
    0.01
    """
    return 1.0 if wrong >= n else float(beta.ppf(confidence, wrong + 1, n - wrong))


def find_threshold(p: np.ndarray, is_right: np.ndarray, risk: float = 0.01, confidence: float = 0.90) -> float | None:
    """Return the lowest threshold of the grid whose error is bounded by ``risk``; None when none is.

    Parameters
    ----------
    p : array of shape (n,)
        Probability of the code that would be suggested, 0 where none would.
    is_right : bool array of shape (n,)
        Whether it is the truth.
    """
    each = 1 - (1 - confidence) / len(GRID)
    for threshold in GRID:
        taken = p >= threshold
        if upper_bound(int((~is_right[taken]).sum()), int(taken.sum()), each) <= risk:
            return threshold
    return None


def strictest(p: np.ndarray, is_right: np.ndarray) -> Shown:
    """Walk down the ladder to the first risk and confidence that a threshold can show."""
    for risk, confidence in LADDER:
        threshold = find_threshold(p, is_right, risk, confidence)
        if threshold is not None:
            return Shown(threshold, risk, confidence)
    return Shown(None, None, None)
