"""The figures against closed forms and hand counts."""

import math

import pytest

from eval.metrics import brier, calibration_error, confusion, coverage_at, log_loss, rate, summary, wilson

SURE_10 = [0.0, 1.0, 0.0, 0.0]
EVEN = [0.25, 0.25, 0.25, 0.25]


def test_wilson_of_zero_hits_has_the_closed_form() -> None:
    z2 = 1.959963984540054**2
    low, high = wilson(0, 20)
    assert low == 0.0
    assert high == pytest.approx(z2 / (20 + z2))


def test_wilson_of_nothing_knows_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert rate(0, 0)["value"] is None


def test_log_loss_of_even_odds_is_log_4() -> None:
    assert log_loss(["10", "none"], [EVEN, EVEN]) == pytest.approx(math.log(4))


def test_brier_by_hand() -> None:
    assert brier(["10"], [SURE_10]) == 0.0
    assert brier(["02"], [SURE_10]) == 2.0
    assert brier(["02"], [EVEN]) == pytest.approx(0.75**2 + 3 * 0.25**2)


def test_calibration_error_by_hand() -> None:
    p = [[0.0, 0.8, 0.2, 0.0]] * 4
    assert calibration_error(["10", "10", "11", "11"], ["10"] * 4, p) == pytest.approx(0.3)
    assert calibration_error(["10"], ["10"], [SURE_10]) == 0.0


def test_confusion_keeps_the_label_order() -> None:
    assert confusion(["02", "none"], ["02", "10"]) == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]


def test_coverage_stops_at_the_first_rank_that_breaks_the_level() -> None:
    truth = ["10", "10", "none", "10"]
    p = [[0, q, 1 - q, 0] for q in (0.99, 0.98, 0.97, 0.96)]
    assert coverage_at(0.99, truth, ["10"] * 4, p)["hits"] == 2
    assert coverage_at(0.75, truth, ["10"] * 4, p)["hits"] == 3


def test_summary_counts_by_hand() -> None:
    truth = ["10", "02", "none", "11"]
    best = ["10", "10", "none", "11"]
    table = summary(truth, best, ["10", "10", None, None], [SURE_10, SURE_10, [0, 0, 0, 1], [0, 0, 1, 0]])
    assert table["accuracy"]["hits"] == 3
    assert (table["precision of suggestions"]["hits"], table["precision of suggestions"]["n"]) == (1, 2)
    assert (table["share of codable notes suggested"]["hits"], table["share of codable notes suggested"]["n"]) == (2, 3)
    assert table["null notes given a code"]["hits"] == 0
    assert (table["precision 10"]["value"], table["recall 02"]["value"]) == (0.5, 0.0)
