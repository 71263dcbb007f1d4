"""Answer labelled notes with the product itself and turn the answers into figures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classifier.records import ANSWERS, CODES, Decision, Note, Suggestion
from classifier.suggest import Classifier
from eval.gold import REASONS, Gold
from eval.metrics import rate, summary

_TELE = {"video", "audio"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A labelled note with the product's answer; keeps no text."""

    gold: Gold
    suggestion: Suggestion
    seconds: float

    @property
    def best(self) -> str:
        """Most probable of the four answers."""
        return self.suggestion.scores.best

    @property
    def suggested(self) -> str | None:
        """The code suggested, None in review."""
        return self.suggestion.code if self.suggestion.decision is Decision.SUGGEST else None

    @property
    def reason(self) -> str | None:
        """The guideline's reason that the review gives first."""
        return next((str(r) for r in self.suggestion.reasons if r in REASONS), None)


def answer(gold: Sequence[Gold], reader: Classifier) -> list[Answered]:
    """Answer every note, in order."""
    answers = []
    for one in gold:
        begin = time.perf_counter()
        suggestion = reader.suggest(Note(note_id=one.id, text=one.text))
        answers.append(Answered(one, suggestion, time.perf_counter() - begin))
    return answers


def figures(answers: Sequence[Answered]) -> dict[str, Any]:
    """The table of figures (see ``metrics.summary``), and what only the whole suggestion can show."""
    truth = [a.gold.answer for a in answers]
    table = summary(
        truth,
        [a.best for a in answers],
        [a.suggested for a in answers],
        [[a.suggestion.scores.to_dict()[x] for x in ANSWERS] for a in answers],
    )
    sent = [a for a in answers if a.suggested is None and a.gold.answer == "none"]
    table["reason right, among null notes sent to review"] = rate(sum(a.reason == a.gold.reason for a in sent), len(sent))
    in_person = [a for a in answers if a.gold.modality not in _TELE]
    tele = [a for a in answers if a.gold.modality in _TELE]
    table["notes without telehealth suggested 02 or 10"] = rate(
        sum(a.suggested in {"02", "10"} for a in in_person), len(in_person)
    )
    table["telehealth notes suggested 11"] = rate(sum(a.suggested == "11" for a in tele), len(tele))
    table["notes without telehealth whose best answer is 02 or 10"] = rate(
        sum(a.best in {"02", "10"} for a in in_person), len(in_person)
    )
    table.update(evidence_overlap(answers))
    table["milliseconds a note"] = {"value": round(1000 * sum(a.seconds for a in answers) / len(answers), 2), "n": len(answers)}
    return table


def evidence_overlap(answers: Sequence[Answered]) -> dict[str, Any]:
    """How much of the annotator's evidence the shown words touch, and how many shown spans touch none of it."""
    touched = total = extra = counted = 0
    for a in answers:
        if not a.gold.evidence:
            continue
        spans = [s for quote in a.gold.evidence if (s := _find(a.gold.text, quote))]
        shown = [(e.start, e.end) for e in a.suggestion.evidence]
        touched += sum(any(x < end and start < y for x, y in shown) for start, end in spans)
        total += len(spans)
        extra += sum(not any(x < end and start < y for start, end in spans) for x, y in shown)
        counted += 1
    return {
        "annotator's evidence spans touched": rate(touched, total),
        "shown spans too many, a note": {"value": round(extra / counted, 3) if counted else None, "n": counted},
    }


def _find(text: str, quote: str) -> tuple[int, int] | None:
    at = text.find(quote)
    return (at, at + len(quote)) if at >= 0 else None


def slices(answers: Sequence[Answered]) -> dict[str, dict[str, Any]]:
    """Accuracy by tag, label and length."""
    keys: dict[str, list[Answered]] = {}
    for a in answers:
        words = len(a.gold.text.split())
        length = "under 60" if words < 60 else "60 to 199" if words < 200 else "200 and more"
        label = a.gold.answer if a.gold.answer in CODES else f"none: {a.gold.reason}"
        for key in (f"label {label}", f"words {length}", *(f"tag {tag}" for tag in a.gold.tags)):
            keys.setdefault(key, []).append(a)
    return {key: rate(sum(a.best == a.gold.answer for a in found), len(found)) for key, found in sorted(keys.items())}
