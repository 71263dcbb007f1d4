"""Corpus, synthesizer and thresholds: the checks that the model's promises rest on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.gold import read_gold
from training.corpus import frozen_authors, kappa, near_duplicates, problems, read_notes, read_statements, split
from training.synthesize import plain_notes, synthesize
from training.threshold import find_threshold, strictest, upper_bound

NOTES = read_notes()


def test_corpus_has_nothing_to_mend() -> None:
    assert list(problems(NOTES)) == []


def test_corpus_is_as_large_as_its_datasheet_says() -> None:
    assert len(NOTES) >= 800
    assert len({n.family for n in NOTES}) >= 25
    assert {n.label for n in NOTES} >= {"02", "10", "11", "conflict", "no_visit", "other_setting"}
    assert sum(bool(n.distractors) for n in NOTES) * 2 >= len(NOTES)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pos": "12"}, "pos must be"),
        ({"reason": "because"}, "a reason stands"),
        ({"evidence": ("words that are not there",)}, "not verbatim"),
        ({"tags": ("funny",)}, "unknown tag"),
        ({"second": None}, "blind second"),
    ],
)
def test_check_sees_what_is_wrong(change: dict[str, object], says: str) -> None:
    broken = replace(NOTES[0], **change)  # type: ignore[arg-type]
    assert any(says in line for line in problems([broken]))


def test_near_duplicates_are_seen() -> None:
    twin = replace(NOTES[0], id="twin", text=NOTES[0].text + " And so on.")
    assert len(list(near_duplicates([NOTES[0], twin]))) == 1


def test_frozen_authors_never_train() -> None:
    train, frozen = split(NOTES)
    assert {n.author for n in frozen} == frozen_authors()
    assert {n.author for n in train} & frozen_authors() == set()
    assert {n.family for n in train} & {n.family for n in frozen} == set()


def test_made_notes_are_the_same_each_time_and_keep_their_author() -> None:
    train, _ = split(NOTES)
    made, again = synthesize(train[:200], read_statements()), synthesize(train[:200], read_statements())
    assert made == again
    assert {n.label for n in made} == {"conflict"}
    assert {n.author for n in made} <= {n.author for n in train[:200]}


def test_upper_bound_has_the_closed_form_without_errors() -> None:
    assert upper_bound(0, 100, 0.9) == pytest.approx(1 - 0.1 ** (1 / 100))
    assert upper_bound(3, 3) == 1.0


def test_threshold_exists_only_where_the_risk_is_shown() -> None:
    p = np.linspace(0.5, 1.0, 4000)
    all_right = np.ones(4000, dtype=bool)
    assert find_threshold(p, all_right) == 0.80
    assert find_threshold(p[:100], all_right[:100]) is None
    assert find_threshold(p, p > 0.89) == 0.90
    half = np.arange(4000) % 2 == 0
    assert strictest(p, half).threshold is None


def test_ladder_is_walked_from_the_strictest() -> None:
    p = np.full(400, 0.96)
    few_wrong = np.arange(400) % 57 != 0
    assert strictest(p, np.ones(400, dtype=bool)).risk == 0.01
    shown = strictest(p, few_wrong)
    assert (shown.threshold, shown.risk, shown.confidence) == (0.80, 0.05, 0.95)


def test_kappa_of_chance_is_zero() -> None:
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == pytest.approx(0.0)


def test_plain_notes_carry_the_stock_answer() -> None:
    train, _ = split(NOTES)
    made = plain_notes(train)
    assert {n.label for n in made} == {"02", "10", "11", "location_missing"}
    assert made == plain_notes(train)
    assert all(span in n.text for n in made for span in n.evidence)


def test_frozen_gold_is_the_frozen_part_of_the_corpus() -> None:
    gold = {g.id: g.answer for g in read_gold(Path(__file__).parent.parent / "eval/gold/frozen.jsonl")}
    _, frozen = split(NOTES)
    assert gold == {n.id: n.pos or "none" for n in frozen}
