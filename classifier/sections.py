"""Text to headed sections and labelled lines: who is speaking of what, before any cue is judged.

Sections cover the note without gap or overlap, a preamble before the first heading included, so that every character
has exactly one section. A heading is a short label at the start of a line, ended by a colon, a pipe or the line's end;
its kind comes from the closed table below. An unknown heading of a whole upper-case line opens a section of kind
``other``; an unknown label inside a line opens none, since exports put one on every line.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from classifier.records import Section

_WORDS: dict[str, str] = {
    "visit": "telehealth telemedicine virtual video attestation modality visit encounter connection platform consent "
    "mode service format technology appointment",
    "reason": "cc chief reason complaint presenting concern referral",
    "history": "hpi history present interval subjective s hx interview story narrative d data behavior session content",
    "background": "pmh psh social family sh fh past medical surgical allergies medications meds medication home living "
    "immunizations substance occupational birth developmental",
    "ros": "ros review systems",
    "vitals": "vitals vital vs obs measurements nursing rooming intake anthropometrics",
    "exam": "exam examination objective o pe physical mse mental findings oe",
    "results": "labs lab results imaging data diagnostics studies ekg ecg radiology tests testing impression",
    "procedure": "procedure procedures operation anesthesia technique injection treatment intervention interventions i",
    "assessment": "assessment a dx diagnosis diagnoses imp problem problems formulation ap",
    "plan": "plan p recommendations recs disposition dispo follow followup fu rtc next orders instructions return rx rec",
    "course": "hospital course ed events overnight",
    "billing": "billing charge charges los pos cpt coding code time modifier",
    "sign": "signed signature electronically addendum attending dictated cosigned",
}
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_HEADING = re.compile(
    r"^[ \t>*#•\-\d.)]{0,6}"
    r"(?P<label>[A-Za-z][A-Za-z&/()'’ .-]{0,44}?)[ \t]*"
    r"(?:(?P<end>[:|])|(?P<eol>\r?$))",
    re.MULTILINE,
)
_SPLIT = re.compile(r"[^a-z]+")


def find_sections(text: str) -> tuple[Section, ...]:
    """Split ``text`` into sections that cover it wholly.

    Returns
    -------
    tuple of Section
        In order; ``body`` is where the words after the heading begin. Empty text gives one empty preamble.
    """
    heads: list[tuple[int, int, str]] = []
    for match in _HEADING.finditer(text):
        label = match["label"].strip()
        kind = _heading_kind(label, is_line=match["eol"] is not None)
        if kind is not None:
            heads.append((match.start(), match.end(), kind))
    if not heads:
        return (Section("preamble", 0, len(text), 0),)
    starts = [start for start, _, _ in heads] + [len(text)]
    sections = [Section("preamble", 0, starts[0], 0)] if starts[0] > 0 else []
    sections.extend(Section(kind, start, starts[n + 1], body) for n, (start, body, kind) in enumerate(heads))
    return tuple(sections)


def _heading_kind(label: str, *, is_line: bool) -> str | None:
    """Kind of a heading, or None when the label is only the start of a sentence."""
    words = [word for word in _SPLIT.split(label.lower()) if word]
    if not words or len(words) > 5:
        return None
    known = [_KIND[word] for word in words if word in _KIND]
    if is_line:
        if known and (label.isupper() or (len(words) <= 3 and len(known) == len(words))):
            return known[0]
        return "other" if label.isupper() and len(label) > 3 else None
    return known[0] if known and len(known) * 2 >= len(words) else None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the note with its label, the words before the first colon, pipe or equals sign ("" if none)."""

    start: int
    end: int
    label: str
    label_end: int


_LABEL = re.compile(r"[ \t>*#•\-\d.)|]{0,6}(?P<label>[A-Za-z@][^:|=\n\t?]{0,48}?)[ \t]*(?:[:|=?\t]|\s-\s)")


def find_lines(text: str) -> tuple[Line, ...]:
    """Split ``text`` into lines with their labels."""
    lines: list[Line] = []
    at = 0
    for raw in text.splitlines(keepends=True):
        label = _LABEL.match(raw)
        if label:
            lines.append(Line(at, at + len(raw), label["label"].lower(), at + label.end()))
        else:
            lines.append(Line(at, at + len(raw), "", at))
        at += len(raw)
    return tuple(lines) or (Line(0, 0, "", 0),)


class Locator:
    """Find the section or line that holds a character, by bisection."""

    def __init__(self, spans: tuple[Section, ...] | tuple[Line, ...]) -> None:
        self._starts = [span.start for span in spans]

    def at(self, char: int) -> int:
        """Index of the span that holds ``char``."""
        return max(bisect.bisect_right(self._starts, char) - 1, 0)
