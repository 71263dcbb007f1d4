"""The corpus: labelled notes and labelled statements, read through a strict door.

``corpus/notes/<author>.jsonl`` holds whole notes in the guideline's schema with group keys (``author``, ``family``),
``mix`` (``practice`` or ``hard``), ``distractors`` (spans that look like an answer and are none) and ``second``, the label
given blind by a reader who did not write the note. ``corpus/statements/<author>.jsonl`` holds single sentences with
what each shows on its own. ``corpus/split.json`` names the frozen authors, never used to choose anything.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from eval.gold import REASONS

HERE = Path(__file__).parent / "corpus"
MODALITIES = ("video", "audio", "in_person", "async", "none", None)
STATEMENT_LABELS = frozenset({"video", "audio", "home", "away", "in_person", "other_setting", "no_visit"})
TAGS = frozenset(
    [
        "plain",
        "home_distractor",
        "telehealth_distractor",
        "negated",
        "past_visit",
        "future_plan",
        "offered_declined",
        "converted",
        "provider_location",
        "third_party_remote",
        "facility_telehealth",
        "temporary_lodging",
        "car",
        "workplace",
        "school",
        "payer_dependent",
        "audio_only",
        "checkbox",
        "unfilled_template",
        "header_department",
        "state_only",
        "copy_forward",
        "implicit",
        "abbreviated",
        "misspelled",
        "dictated",
        "long",
        "injection",
        "child",
        "group_visit",
        "interpreter",
        "code_claimed",
    ]
)
NEAR_DUPLICATE = 0.25
"""Share of common four-word runs, of the shorter note, from which two notes count as near-duplicates."""


@dataclass(frozen=True, slots=True)
class LabelledNote:
    """One labelled note; ``label`` is a code or the reason for none."""

    id: str
    text: str
    pos: str | None
    reason: str | None
    modality: str | None
    patient_location: str | None
    evidence: tuple[str, ...]
    distractors: tuple[str, ...]
    tags: tuple[str, ...]
    specialty: str
    style: str
    author: str
    family: str
    mix: str
    second: str | None

    @property
    def label(self) -> str:
        """The answer as the decision's label."""
        return self.pos or self.reason or ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence and what it shows about the visit; no label means nothing."""

    text: str
    shows: frozenset[str]
    author: str


def note_files() -> list[Path]:
    """The note files, sorted by name."""
    return sorted((HERE / "notes").glob("*.jsonl"))


def read_notes(paths: list[Path] | None = None) -> list[LabelledNote]:
    """Read labelled notes in file order."""
    notes = []
    for path in paths or note_files():
        for line in path.read_text(encoding="utf-8").splitlines():
            notes.append(_note(json.loads(line)))
    return notes


def _note(raw: dict[str, Any]) -> LabelledNote:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return LabelledNote(**fields)


def read_statements() -> list[Statement]:
    """Read the statement bank in file order."""
    found = []
    for path in sorted((HERE / "statements").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            found.append(Statement(raw["text"], frozenset(raw["shows"]), path.stem))
    return found


def frozen_authors() -> frozenset[str]:
    """Authors held out whole: reported on, never trained on, never used to choose anything."""
    return frozenset(json.loads((HERE / "split.json").read_text(encoding="utf-8"))["frozen_authors"])


def split(notes: list[LabelledNote]) -> tuple[list[LabelledNote], list[LabelledNote]]:
    """Return the notes for training and the frozen ones."""
    frozen = frozen_authors()
    return [n for n in notes if n.author not in frozen], [n for n in notes if n.author in frozen]


def corpus_hash() -> str:
    """SHA-256 over the files that training reads, in name order."""
    digest = hashlib.sha256()
    for path in [*note_files(), *sorted((HERE / "statements").glob("*.jsonl")), HERE / "split.json"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def problems(notes: list[LabelledNote]) -> Iterator[str]:
    """Everything wrong with the corpus, by note id; nothing is printed of a text."""
    for note_id, count in Counter(note.id for note in notes).items():
        if count > 1:
            yield f"{note_id}: the id stands {count} times"
    for note in notes:
        yield from (f"{note.id}: {what}" for what in _wrong(note))
    yield from near_duplicates(notes)
    by_family: dict[str, set[str]] = {}
    for note in notes:
        by_family.setdefault(note.family, set()).add(note.author)
    yield from (f"family {name}: has several authors" for name, who in by_family.items() if len(who) > 1)


def _wrong(note: LabelledNote) -> Iterator[str]:
    if note.pos not in {"02", "10", "11", None}:
        yield "pos must be 02, 10, 11 or null"
    if (note.reason not in REASONS) if note.pos is None else note.reason is not None:
        yield "a reason stands with a null pos, and only there"
    if note.modality not in MODALITIES:
        yield "unknown modality"
    if note.pos in {"02", "10"} and note.modality not in {"video", "audio"}:
        yield "02 and 10 need video or audio"
    if note.pos == "11" and note.modality != "in_person":
        yield "11 needs in_person"
    if unknown := set(note.tags) - TAGS:
        yield f"unknown tag {sorted(unknown)[0]}"
    if not note.evidence and note.reason != "modality_missing":
        yield "evidence is empty"
    if any(span not in note.text for span in (*note.evidence, *note.distractors)):
        yield "a span is not verbatim"
    if note.second is None:
        yield "has no blind second label"


def near_duplicates(notes: list[LabelledNote]) -> Iterator[str]:
    """Pairs of notes that share too many four-word runs (by an inverted index, so pairs in common are few)."""
    runs = {note.id: _runs(note.text) for note in notes}
    holders: dict[tuple[str, ...], list[str]] = {}
    for note_id, found in runs.items():
        for run in found:
            holders.setdefault(run, []).append(note_id)
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        if 1 < len(ids) <= 50:
            shared.update(combinations(ids, 2))
    for (a, b), count in shared.items():
        if count / max(min(len(runs[a]), len(runs[b])), 1) > NEAR_DUPLICATE:
            yield f"{a}, {b}: near-duplicates"


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa of paired labels.

    >>> kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")])
    0.5
    """
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(left[label] * right[label] for label in left) / n**2
    return (agree - chance) / (1 - chance) if chance < 1 else 1.0
