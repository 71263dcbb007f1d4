"""Judge each mention by rule: does it speak of this visit, and if not, which words say so?

The assertion shown to a user comes from here: negated, past, planned, offered, another person's, unfilled template,
unticked box, header, idiom, each with the span of the words that made it. The same observations, finer grained, are
the features of the learned judge (``features.py``), which may trust or distrust a rule from experience.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifier.cues import Mention, Reading
from classifier.records import Assertion, Kind, Span

_BOX = re.compile(
    r"\[\s*(?P<a>[xX✓✔*+]|yes|YES)?\s*\]|\((?P<b>\s*[xX✓✔*]\s*|\s{1,3})\)|(?P<c>[☑☒✅✔✓◉⦿●])|(?P<d>[☐□◻❑○◯])|_+(?P<e>[xX✓])_+|(?P<f>_{2,5})"
)
_FIELD_YES = re.compile(r"^\s*(?:y|yes|x|true|checked|✓|✔)\b", re.IGNORECASE)
_FIELD_NO = re.compile(r"^\s*(?:n|no|false|unchecked)\b", re.IGNORECASE)
_REACH = {"negated": (5, 3), "past": (9, 9), "planned": (10, 10), "offered": (8, 6), "clinician": (8, 5), "other": (7, 4)}
_CLINICIAN_LABEL = re.compile(
    r"\b(?:provider|clinician|therapist|physician|doctor|prov|distant|writer|md|np|consultant|staff|dept|department|practice|performing|rendering|service)\b|distant"
)
_PATIENT_LABEL = re.compile(r"\b(?:patient|pt|client|member|originating|origin|resident|child)\b|pt_|patient_")
_PLACED = {Kind.PATIENT_PLACE, Kind.SETTING}
_MILD_OFFER = {"consent", "consents", "consented", "discussed", "available", "wanted", "wants"}
_STRONG = {
    "planned": {
        "will",
        "next",
        "follow up",
        "f/u",
        "return",
        "rtc",
        "rto",
        "plan",
        "schedule",
        "scheduled",
        "upcoming",
        "tomorrow",
        "if",
        "see back",
        "see again",
        "come back",
        "come in",
        "recheck",
        "due",
        "should",
        "go to",
        "going to",
    },
    "past": {
        "last",
        "prior",
        "previous",
        "previously",
        "ago",
        "history of",
        "h/o",
        "yesterday",
        "last week",
        "last month",
        "last year",
        "last visit",
        "last seen",
        "last time",
        "was seen",
        "since",
        "originally",
        "formerly",
        "used to",
        "at that visit",
        "first visit",
        "s/p",
        "status post",
        "past",
        "in the past",
    },
}


@dataclass(frozen=True, slots=True)
class Trigger:
    """A context word: what it does (``value``), its words and its span of words."""

    value: str
    phrase: str
    first: int
    last: int


Near = dict[str, tuple[int, Trigger]]
"""The nearest trigger of each value: signed distance in words (before the mention is < 0), and the trigger."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything seen around a mention; ``near`` maps a trigger value to signed distance in words (before is < 0)."""

    mention: Mention
    sentence: int
    section: str
    label: str
    in_label: bool
    tick: str
    near: Near
    assertion: Assertion
    because: Span | None


class Boxes:
    """Check boxes of one note: which is ticked, and whether boxes stand before or after their option."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[int, list[tuple[int, int, bool]]] = {}
        self._found = [
            (m.start(), m.end(), bool(m["a"] or (m["b"] or "").strip() or m["c"] or m["e"])) for m in _BOX.finditer(text)
        ]

    def tick(self, reading: Reading, start: int, end: int) -> tuple[str, Span | None]:
        """Return ``"ticked"``, ``"unticked"`` or ``""`` with the box's span for the words ``start`` to ``end``."""
        if not self._found:
            return "", None
        index = reading.line_at.at(start)
        line = reading.lines[index]
        boxes = self._lines.get(index)
        if boxes is None:
            boxes = [box for box in self._found if line.start <= box[0] < line.end]
            self._lines[index] = boxes
        if not boxes:
            return "", None
        lead = self._text[line.label_end : boxes[0][0]] if boxes[0][0] >= line.label_end else self._text[line.start : boxes[0][0]]
        if any(char.isalpha() for char in lead):
            after = [box for box in boxes if box[0] >= end]
            chosen = after[0] if after else None
        else:
            before = [box for box in boxes if box[1] <= start]
            chosen = before[-1] if before else None
        if chosen is None:
            return "", None
        return ("ticked" if chosen[2] else "unticked"), Span(chosen[0], chosen[1])


def observe(reading: Reading, mentions: list[Mention]) -> list[Observation]:
    """Judge every cue among ``mentions`` by rule.

    Returns
    -------
    list of Observation
        One for each mention that is a cue, in text order; context mentions only lend their words.
    """
    triggers: list[list[Trigger]] = [[] for _ in reading.sentences]
    cues: list[Mention] = []
    for mention in mentions:
        if mention.entry.kind == "context":
            if mention.idiom is None:
                phrase = " ".join(reading.words[mention.first : mention.last])
                triggers[reading.sentence[mention.first]].append(
                    Trigger(mention.entry.value, phrase, mention.first, mention.last)
                )
        else:
            cues.append(mention)
    cues.sort(key=lambda m: (m.first, -m.last, m.entry.id))
    boxes = Boxes(reading.text)
    return [_observe(reading, cue, triggers, boxes) for cue in cues]


def _observe(reading: Reading, cue: Mention, triggers: list[list[Trigger]], boxes: Boxes) -> Observation:
    start, end = reading.starts[cue.first], reading.ends[cue.last - 1]
    sentence = reading.sentence[cue.first]
    section = reading.sections[reading.section_at.at(start)].kind
    line = reading.lines[reading.line_at.at(start)]
    in_label = start < line.label_end
    label = "" if in_label else line.label
    tick, box = boxes.tick(reading, start, end)
    near: Near = {}
    for trigger in triggers[sentence]:
        if trigger.first < cue.last and cue.first < trigger.last:
            continue
        distance = trigger.last - 1 - cue.first if trigger.first < cue.first else trigger.first - cue.last + 1
        names = [trigger.value]
        if distance < 0 and trigger.phrase in _STRONG.get(trigger.value, ()):
            names.append(f"{trigger.value}!")
        for name in names:
            best = near.get(name)
            if best is None or abs(distance) < abs(best[0]):
                near[name] = (distance, trigger)
    assertion, because = _assert(reading, cue, near, section, label, tick, box)
    return Observation(cue, sentence, section, label, in_label, tick, near, assertion, because)


def _assert(
    reading: Reading, cue: Mention, near: Near, section: str, label: str, tick: str, box: Span | None
) -> tuple[Assertion, Span | None]:
    """Return the first rule that sets the mention aside, most certain first, and its words."""
    kind = cue.entry.kind
    formal = _formal(reading, cue, tick, box)
    if formal is not None:
        return formal
    negated = _negation(reading, cue, near)
    if negated:
        return Assertion.NEGATED, _of(reading, negated[1])
    if kind in _PLACED and (owned := _owned(reading, cue, near, label)):
        return owned
    if kind in _PLACED or kind in {Kind.MODALITY, Kind.ARRIVAL, Kind.REMOTE_FINDING}:
        return _timed(reading, near, section)
    return Assertion.AFFIRMED, None


def _formal(reading: Reading, cue: Mention, tick: str, box: Span | None) -> tuple[Assertion, Span | None] | None:
    """Idioms, boxes and unfilled slots: what the form of the text says, whatever its words."""
    if cue.idiom is not None:
        return Assertion.IDIOM, _words(reading, *cue.idiom)
    if cue.entry.kind == Kind.UNFILLED:
        return Assertion.TEMPLATE, _words(reading, cue.first, cue.last)
    if tick:
        return (Assertion.UNTICKED, box) if tick == "unticked" else (Assertion.AFFIRMED, None)
    return None


def _owned(reading: Reading, cue: Mention, near: Near, label: str) -> tuple[Assertion, Span] | None:
    """Whose place it is: a labelled line says so, else the nearest person."""
    if label and _CLINICIAN_LABEL.search(label) and not _PATIENT_LABEL.search(label):
        return Assertion.HEADER, _line_label(reading, cue)
    if cue.entry.kind == Kind.PATIENT_PLACE and (other := _person(near)):
        return Assertion.OTHER_PERSON, _of(reading, other)
    return None


def _timed(reading: Reading, near: Near, section: str) -> tuple[Assertion, Span | None]:
    """Offered, planned or past, unless the sentence says that it was today."""
    offered = _within(near, "offered")
    if offered and offered[1].phrase not in _MILD_OFFER:
        return Assertion.OFFERED, _of(reading, offered[1])
    if "now" in near:
        return Assertion.AFFIRMED, None
    planned = _within(near, "planned!") or (_within(near, "planned") if section == "plan" else None)
    if planned:
        return Assertion.PLANNED, _of(reading, planned[1])
    past = _within(near, "past!") or _past_after(near)
    if past:
        return Assertion.PAST, _of(reading, past[1])
    return Assertion.AFFIRMED, None


def _past_after(near: Near) -> tuple[int, Trigger] | None:
    """A time word after the mention that puts it in the past: "video visit two weeks ago"."""
    past = _within(near, "past")
    return past if past and past[0] > 0 and past[1].phrase in _STRONG["past"] else None


def _negation(reading: Reading, cue: Mention, near: Near) -> tuple[int, Trigger] | None:
    """The negation of a mention: no comma between, and never of a finding, whose absence was found by examining."""
    found = _within(near, "negated")
    if found is None or (cue.entry.kind == Kind.HANDS_ON and cue.entry.value == "exam"):
        return None
    first, last = (found[1].last, cue.first) if found[0] < 0 else (cue.last, found[1].first)
    return None if "," in reading.words[first:last] else found


def _within(near: Near, value: str) -> tuple[int, Trigger] | None:
    """The nearest trigger of ``value`` when its reach covers the mention."""
    found = near.get(value)
    if found is None:
        return None
    before, after = _REACH[value.rstrip("!")]
    return found if (-before <= found[0] < 0 or 0 < found[0] <= after) else None


def _person(near: Near) -> Trigger | None:
    """The clinician or relative a place belongs to, unless the patient stands nearer."""
    patient = abs(near["patient"][0]) if "patient" in near else 99
    for value in ("clinician", "other"):
        found = _within(near, value)
        if found and found[0] < 0 and abs(found[0]) < patient:
            return found[1]
    return None


def _words(reading: Reading, first: int, last: int) -> Span:
    return Span(reading.starts[first], reading.ends[last - 1])


def _of(reading: Reading, trigger: Trigger) -> Span:
    return _words(reading, trigger.first, trigger.last)


def _line_label(reading: Reading, cue: Mention) -> Span:
    line = reading.lines[reading.line_at.at(reading.starts[cue.first])]
    return Span(line.start, line.label_end)
