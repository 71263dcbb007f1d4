"""What a labelled note teaches the two first readers: which mentions count, and what each sentence shows.

The annotator's evidence spans are the truth for mentions: a mention inside one counts; a mention elsewhere whose
meaning the label excludes does not; one that agrees with the label but was not listed teaches nothing, since annotators
list enough and
not everything. For sentences the label says only which statements *may* stand in the evidence (a home video visit: video, and
home); which of them a sentence makes is found by fitting in rounds, each round choosing among what the label allows.
"""

from __future__ import annotations

import math

from classifier.context import Observation
from classifier.cues import Reading
from classifier.explain import GROUPS
from classifier.features import STATEMENTS, group
from training.corpus import LabelledNote

IGNORED = math.nan
_AGREES: dict[str, frozenset[str]] = {
    "10": frozenset({"HOME", "TELE", "remote_finding"}),
    "02": frozenset({"AWAY", "TELE", "remote_finding"}),
    "11": frozenset({"hands_on", "measured", "arrival", "in_person", "setting"}),
    "location_missing": frozenset({"TELE", "remote_finding"}),
    "modality_missing": frozenset(),
    "conflict": frozenset(),
    "other_setting": frozenset({"setting", "AWAY", "hands_on", "measured", "arrival", "in_person"}),
    "no_visit": frozenset({"no_visit", "async"}),
}


def spans_of(text: str, quotes: tuple[str, ...]) -> list[tuple[int, int]]:
    """Character ranges of every occurrence of each quote."""
    found = []
    for quote in quotes:
        at = text.find(quote)
        while at >= 0:
            found.append((at, at + len(quote)))
            at = text.find(quote, at + 1)
    return found


def _touches(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in spans)


def mention_truth(note: LabelledNote, reading: Reading, observations: list[Observation]) -> list[float]:
    """1 where a mention counts, 0 where it does not, nan where the note does not say."""
    evidence, aside = spans_of(note.text, note.evidence), spans_of(note.text, note.distractors)
    truth = []
    for seen in observations:
        start, end = reading.starts[seen.mention.first], reading.ends[seen.mention.last - 1]
        entry = seen.mention.entry
        if _touches(start, end, evidence):
            truth.append(1.0)
        elif _touches(start, end, aside) or group(entry.kind, entry.value) not in _AGREES[note.label]:
            truth.append(0.0)
        else:
            truth.append(IGNORED)
    return truth


def allowed_statements(note: LabelledNote) -> frozenset[str]:
    """The statements that may be true in a note of this label."""
    if note.label == "conflict":
        return frozenset(STATEMENTS)
    allowed: set[str] = set()
    if note.modality in {"video", "audio"}:
        allowed.add(note.modality)
    if note.modality == "video":
        allowed.add("audio")
    if note.modality == "in_person":
        allowed.add("in_person")
    allowed |= {"10": {"home"}, "02": {"away"}, "other_setting": {"other_setting", "in_person"}}.get(note.label, set())
    if note.label == "no_visit":
        allowed |= {"no_visit", "other_setting"}
    return frozenset(allowed)


def statement_truth(note: LabelledNote, reading: Reading) -> tuple[list[list[float]], list[bool]]:
    """For each sentence seven values (1, 0 or nan: to be found) and whether the annotator quoted it."""
    evidence, aside = spans_of(note.text, note.evidence), spans_of(note.text, note.distractors)
    allowed = allowed_statements(note)
    rows, quoted = [], []
    for first, last in reading.sentences:
        start, end = reading.starts[first], reading.ends[last - 1]
        is_quoted = _touches(start, end, evidence)
        is_known = not is_quoted and (note.label == "conflict" or _touches(start, end, aside))
        rows.append([0.0 if name not in allowed or is_known else IGNORED for name in STATEMENTS])
        quoted.append(is_quoted)
    return rows, quoted


LIT = {**GROUPS, "other_setting": GROUPS["other_setting"] | {"hands_on"}}
"""Groups of cues from which the first round guesses what a quoted sentence shows."""
