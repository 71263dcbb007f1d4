"""Thresholds for a stated risk: the smallest probability above which at most one suggestion in 100 is wrong.

Learn-then-test over a fixed descending sequence of candidate thresholds: each is tested by the exact binomial upper
bound of its error at the stated confidence, and the walk stops at the first that fails, so that the confidence holds
for the one chosen without a
correction for many looks (fixed-sequence testing). The walk begins where enough notes stand above the candidate to pass
at all, which depends on their number and not on their errors. If the first candidate fails, there is no threshold.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import beta

RISK = 0.01
CONFIDENCES = (0.95, 0.90, 0.75, 0.50)
"""Confidences tried in this order; the card says which one held. At 0.50 the bound is the median-unbiased estimate."""
STEP = 0.0025


def upper_bound(wrong: int, n: int, confidence: float = 0.90) -> float:
    """Exact (Clopper-Pearson) one-sided upper bound of an error rate.

    >>> round(upper_bound(0, 230), 4)
    0.01
    """
    return 1.0 if wrong >= n else float(beta.ppf(confidence, wrong + 1, n - wrong))


def find_threshold(p: np.ndarray, is_right: np.ndarray, risk: float = RISK, confidence: float = 0.90) -> float | None:
    """The lowest threshold whose error is bounded by ``risk``; None when none is.

    Parameters
    ----------
    p : array of shape (n,)
        Probability of the answer that would be suggested.
    is_right : bool array of shape (n,)
        Whether it is the truth.
    """
    chosen = None
    fewest = math.ceil(math.log(1 - confidence) / math.log(1 - risk))
    for threshold in np.arange(0.9975, 0.30, -STEP):
        taken = p >= threshold
        n = int(taken.sum())
        if n < fewest:
            continue
        if upper_bound(int((~is_right[taken]).sum()), n, confidence) > risk:
            break
        chosen = round(float(threshold), 4)
    return chosen


def most_confident_threshold(p: np.ndarray, is_right: np.ndarray) -> tuple[float | None, float | None]:
    """Return the threshold that holds ``RISK`` at the highest confidence on the ladder, and that confidence."""
    for confidence in CONFIDENCES:
        threshold = find_threshold(p, is_right, RISK, confidence)
        if threshold is not None:
            return threshold, confidence
    return None, None
