"""Sections, words, cues and their judgement by rule, on sentences made for the test."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.context import observe
from classifier.cues import finder
from classifier.sections import find_lines, find_sections


def judged(text: str, value: str) -> set[str]:
    reading, mentions = finder().read(text)
    return {str(o.assertion) for o in observe(reading, mentions) if o.mention.entry.value == value}


@given(st.text(max_size=400))
def test_sections_and_lines_cover_the_text(text: str) -> None:
    for spans in (find_sections(text), find_lines(text)):
        assert spans[0].start == 0
        assert spans[-1].end == len(text)
        assert all(a.end == b.start for a, b in pairwise(spans))


@given(st.text(max_size=400))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    reading, _ = finder().read(text)
    assert all(0 <= a < b <= len(text) for a, b in zip(reading.starts, reading.ends, strict=True))
    assert all(b <= c for b, c in zip(reading.ends, reading.starts[1:], strict=False))
    assert len(reading.sentence) == len(reading.words)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("HPI:\nBetter.\nPLAN:\nRest.", ["history", "plan"]),
        ("Note\nS: better\nO: BP ok\nA/P: rest", ["preamble", "history", "exam", "assessment"]),
        ("no headings at all", ["preamble"]),
    ],
)
def test_sections_by_heading(text: str, kinds: list[str]) -> None:
    assert [s.kind for s in find_sections(text)] == kinds


@pytest.mark.parametrize(
    ("text", "value", "assertion"),
    [
        ("Patient was at home.", "home", "affirmed"),
        ("Patient was not at home.", "home", "negated"),
        ("Home medications reviewed.", "home", "idiom"),
        ("Follow up by video in three months.", "video", "planned"),
        ("Last seen by video in March.", "video", "past"),
        ("Declined a video visit.", "video", "negated"),
        ("She was offered a video visit.", "video", "offered"),
        ("I was at home during this call.", "home", "other_person"),
        ("Provider location: clinic", "clinic", "header"),
        ("[ ] home  [x] work", "home", "unticked"),
        ("[x] home  [ ] work", "home", "affirmed"),
        ("Home __  Work _X_", "home", "unticked"),
        ("☐ Home ☑ Clinic", "clinic", "affirmed"),
        ("PT_LOC|residence", "home", "affirmed"),
        ("Pt location: ***", "missing", "template"),
    ],
)
def test_judgement_by_rule(text: str, value: str, assertion: str) -> None:
    assert judged(text, value) == {assertion}


@pytest.mark.parametrize(
    "text",
    ["vidoe visit", "VIDEO  VISIT", "video-visit", "video\nvisit", "<b>Video</b> visit", "Vi­deo".replace("­", "") + " visit"],
)
def test_one_phrase_covers_its_spellings(text: str) -> None:
    assert "video" in {o.mention.entry.value for o in observe(*finder().read(text))}


def test_the_set_aside_words_are_named() -> None:
    text = "Last seen by video in March."
    reading, mentions = finder().read(text)
    because = next(o.because for o in observe(reading, mentions) if o.mention.entry.value == "video")
    assert because is not None
    assert text[because.start : because.end] == "Last seen"
