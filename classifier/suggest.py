"""The whole way on one page: text, cues, judgement, probabilities, ruling, suggestion.

    read -> observe -> judge mentions and sentences -> decide -> threshold -> rule -> say why

Every arrow is a function of another room; this page only joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import classifier
from classifier import explain, policy
from classifier.context import Observation, observe
from classifier.cues import CueFinder, Reading, finder
from classifier.errors import NoteError
from classifier.features import decision_features, mention_features, statement_features, word_features
from classifier.model import LABELS, Model, load_model
from classifier.query import query_for
from classifier.records import CODES, WIRE_VERSION, Cue, Decision, Note, Reason, Scores, Suggestion
from classifier.resources import lexicon_hash
from classifier.settings import MAX_CHARS

REASON_LABELS = LABELS[3:]


@dataclass(frozen=True, slots=True)
class Judged:
    """A note between reading and ruling: everything an explanation needs.

    ``mention_weights`` (one per observation) and ``statements`` (seven per sentence) are probabilities 0 to 1;
    ``probabilities`` are the calibrated ones of ``model.LABELS``.
    """

    reading: Reading
    observations: list[Observation]
    mention_weights: list[float]
    statements: list[list[float]]
    statement_rows: list[dict[str, float]]
    row: dict[str, float]
    probabilities: dict[str, float]


class Classifier:
    """Reads notes and suggests codes; build one with :func:`load` and keep it.

    Parameters
    ----------
    model : Model
        A verified model.
    cue_finder : CueFinder, optional
        The finder over the lexicon the model was fitted with.
    """

    def __init__(self, model: Model, cue_finder: CueFinder | None = None) -> None:
        self.model = model
        self._finder = cue_finder or finder()

    @cached_property
    def versions(self) -> dict[str, str]:
        """What made an answer: product, wire form, model, lexicon and code set."""
        return {
            "doc2pos": classifier.__version__,
            "wire": WIRE_VERSION,
            "model": self.model.model_id,
            "lexicon": lexicon_hash()[:12],
            "policy": policy.CMS_RULE,
        }

    def judge(self, text: str) -> Judged:
        """Read a text and judge it, without ruling."""
        reading, mentions = self._finder.read(text)
        observations = observe(reading, mentions)
        weights = [self.model.mention.probabilities(row)[0] for row in mention_features(reading, observations)]
        statement_rows = statement_features(reading, observations)
        statements = [self.model.statement.probabilities(row) for row in statement_rows]
        words = self.model.word.probabilities(word_features(reading, observations))
        row = decision_features(reading, observations, weights, statements, words)
        return Judged(reading, observations, weights, statements, statement_rows, row, self.model.decide(row))

    def suggest(self, note: Note) -> Suggestion:
        """Answer one note.

        Raises
        ------
        NoteError
            If the text is empty, binary, or longer than ``settings.MAX_CHARS`` characters.
        """
        check_text(note)
        judged = self.judge(note.text)
        label = max(reversed(LABELS), key=judged.probabilities.__getitem__)
        scores = _scores(judged.probabilities)
        code, reasons = self._choose(judged.probabilities, scores)
        documented = code or (scores.best if scores.best in CODES else None)
        ruling, more = policy.rule(documented, note)
        reasons = reasons + more
        decision = Decision.REVIEW if reasons else Decision.SUGGEST
        told = explain.tell(judged, self.model, scores.best if scores.best in CODES else label)
        return Suggestion(
            note_id=note.note_id,
            decision=decision,
            code=ruling.code if decision is Decision.SUGGEST else None,
            probability=scores.to_dict()[scores.best],
            scores=scores,
            facts=told.facts,
            evidence=told.evidence,
            set_aside=told.set_aside,
            reasons=reasons,
            looks_like=told.looks_like if Reason.OTHER_SETTING in reasons else None,
            query=query_for(reasons),
            ruling=ruling,
            versions=self.versions,
        )

    def suggest_many(self, notes: Iterable[Note]) -> Iterator[Suggestion]:
        """Answer notes one by one, in order, lazily."""
        return map(self.suggest, notes)

    def cues(self, text: str) -> list[Cue]:
        """Every cue found in a text, judged, in text order."""
        judged = self.judge(text)
        return [explain.cue(judged, n) for n in range(len(judged.observations))]

    def _choose(self, probabilities: dict[str, float], scores: Scores) -> tuple[str | None, tuple[Reason, ...]]:
        """The code when it is safe; else None and why not, weightiest reason first."""
        null = max(REASON_LABELS, key=probabilities.__getitem__)
        best = scores.best
        if best not in CODES:
            return None, (Reason(null),)
        threshold = self.model.thresholds.get(best)
        if threshold is not None and scores.to_dict()[best] >= threshold:
            return best, ()
        return None, (Reason.LOW_PROBABILITY, Reason(null))


def _scores(probabilities: dict[str, float]) -> Scores:
    codes = [round(probabilities[code], 9) for code in CODES]
    return Scores(codes[0], codes[1], codes[2], 1.0 - sum(codes))


def check_text(note: Note) -> None:
    """Raise ``NoteError`` when a text cannot be a note; the message names the note's id, never its words."""
    if not note.text.strip():
        raise NoteError(f"note {note.note_id}: the text is empty: give the note's words")
    if len(note.text) > MAX_CHARS:
        raise NoteError(f"note {note.note_id}: {len(note.text):,} characters given, {MAX_CHARS:,} allowed: one encounter a note")
    controls = sum(note.text.count(chr(c)) for c in (0, 1, 2, 3, 4, 5, 6, 7, 8))
    if controls and controls * 20 > len(note.text):
        raise NoteError(f"note {note.note_id}: the text looks binary: give plain text")


def load(model: Path | str | None = None) -> Classifier:
    """Load the shipped model, or the folder ``model``, after checking it.

    Raises
    ------
    ModelError
        If the folder is refused (see :func:`classifier.model.check_folder`).
    """
    return Classifier(load_model(Path(model) if model is not None else None))
