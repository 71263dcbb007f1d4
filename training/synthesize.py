"""Make the contradictions and the plain notes that authors write too few of, by a fixed seed.

A written note gets one sentence from the statement bank at a line end or sentence end. What comes out is known: a home
visit by video with a sentence that shows touch is a *conflict*; so is an office visit with a sentence that shows a
remote visit, or a visit at home with a sentence that shows the patient elsewhere. A note in which nothing shows how the
patient was seen, headed by a stock sentence, has that sentence's answer. Made notes keep their author, so that no author
crosses a fold; made contradictions teach the decision alone, plain ones the readers too, and none is ever counted in a
figure.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from training.stock import STOCK, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.corpus import LabelledNote, Statement

SEED = 20261125
SHARE_CONFLICT = 0.25
SHARE_PLAIN = 0.6
_GAP = re.compile(r"(?<=[.!?])[ \t]+(?=[A-Z])|\n")
_REMOTE = (frozenset({"video", "home"}), frozenset({"audio", "home"}), frozenset({"video", "away"}))


def synthesize(notes: Sequence[LabelledNote], statements: Sequence[Statement], seed: int = SEED) -> list[LabelledNote]:
    """Return made notes; the same notes, statements and seed give the same ones."""
    rng = random.Random(seed)  # noqa: S311 - reproducible sampling, no secret
    touch = [s.text for s in statements if s.shows == {"in_person"}]
    remote = [s.text for s in statements if s.shows in _REMOTE]
    home = [s.text for s in statements if s.shows in ({"home"}, {"video", "home"})]
    away = [s.text for s in statements if s.shows in ({"away"}, {"video", "away"})]
    made = []
    for note in notes:
        contrary = {"10": touch, "location_missing": touch, "11": remote}.get(note.label)
        if contrary and rng.random() < SHARE_CONFLICT:
            made.append(_insert(note, rng.choice(contrary), "conflict", rng))
        elsewhere = {"10": away, "02": home}.get(note.label)
        if elsewhere and rng.random() < SHARE_CONFLICT / 3:
            made.append(_insert(note, rng.choice(elsewhere), "conflict", rng))
    return made


def plain_notes(notes: Sequence[LabelledNote], seed: int = SEED) -> list[LabelledNote]:
    """Return one plain note of each stock label for every note in which nothing shows how the patient was seen."""
    rng = random.Random(seed)  # noqa: S311 - reproducible sampling, no secret
    return [
        _headed(note, label, rng)
        for note in notes
        if note.label == "modality_missing"
        for label in STOCK
        if rng.random() < SHARE_PLAIN
    ]


def _headed(note: LabelledNote, label: str, rng: random.Random) -> LabelledNote:
    """The note with a stock sentence before its first line, after it, or at its end."""
    sentence = draw(label, rng)
    lines = note.text.split("\n")
    at = rng.choice([0, 0, 1, len(lines)])
    text = "\n".join([*lines[:at], sentence, *lines[at:]])
    is_code = label in {"02", "10", "11"}
    remote = "audio" if sentence[:5] in {"Phone", "Telep", "Audio"} else "video"
    return replace(
        note,
        id=f"{note.id}={label}",
        text=text,
        pos=label if is_code else None,
        reason=None if is_code else label,
        modality="in_person" if label == "11" else remote,
        evidence=tuple(sentence.split("\n")),
    )


def _insert(note: LabelledNote, sentence: str, label: str, rng: random.Random) -> LabelledNote:
    """The note with one more sentence, at a place where a sentence may stand."""
    gaps = [m.end() for m in _GAP.finditer(note.text)] or [len(note.text)]
    at = rng.choice(gaps)
    closed = sentence if sentence.endswith((".", "!", "?")) else sentence + "."
    text = f"{note.text[:at]}{closed}{' ' if at < len(note.text) else ''}{note.text[at:]}"
    is_code = label in {"02", "10", "11"}
    return replace(note, id=f"{note.id}+", text=text, pos=label if is_code else None, reason=None if is_code else label)
