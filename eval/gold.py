"""Read labelled notes in the guideline's schema, through a strict door: what is wrong is said with file and line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import NoteError

REASONS = ("location_missing", "modality_missing", "conflict", "other_setting", "no_visit")


@dataclass(frozen=True, slots=True)
class Gold:
    """A labelled note; ``answer`` is of ``records.ANSWERS``, ``reason`` stands when the answer is none."""

    id: str
    text: str
    answer: str
    reason: str | None
    modality: str | None
    evidence: tuple[str, ...]
    tags: tuple[str, ...]
    specialty: str
    style: str
    group: str


def read_gold(path: Path) -> list[Gold]:
    """Read one JSON-lines file of labelled notes.

    Raises
    ------
    NoteError
        When the file is missing, a line is no object, or a label is outside the guideline; names file and line only.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NoteError(f"{path}: cannot be read as UTF-8 text: give a JSON-lines file of labelled notes") from error
    gold = [_gold(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not gold:
        raise NoteError(f"{path}: holds no note: give one JSON object a line")
    if len({g.id for g in gold}) != len(gold):
        raise NoteError(f"{path}: an id stands twice: ids are unique")
    return gold


def _gold(line: str, where: str) -> Gold:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise NoteError(f"{where}: not a JSON object") from error
    missing = {"id", "text", "pos"} - set(raw)
    if missing:
        raise NoteError(f"{where}: field {sorted(missing)[0]!r} is missing: id, text and pos are needed")
    if raw["pos"] not in {"02", "10", "11", None}:
        raise NoteError(f"{where}: pos must be '02', '10', '11' or null")
    if raw["pos"] is None and raw.get("reason") not in REASONS:
        raise NoteError(f"{where}: a null pos needs a reason, one of {', '.join(REASONS)}")
    return Gold(
        id=str(raw["id"]),
        text=raw["text"],
        answer=raw["pos"] or "none",
        reason=raw.get("reason"),
        modality=raw.get("modality"),
        evidence=tuple(raw.get("evidence") or ()),
        tags=tuple(raw.get("tags") or ()),
        specialty=str(raw.get("specialty") or ""),
        style=str(raw.get("style") or ""),
        group=str(raw.get("family") or raw.get("style") or raw["id"]),
    )
