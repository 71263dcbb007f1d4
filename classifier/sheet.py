"""The score sheet of one note, for whoever asks why: ``doc2pos explain``."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from classifier.features import STATEMENTS
from classifier.model import LABELS
from classifier.records import Note
from classifier.suggest import Classifier, Judged

TOP = 25


def print_sheet(console: Console, reader: Classifier, note: Note) -> None:
    """Print cues with their weights, sentences with what they show, and the terms of the decision."""
    judged = reader.judge(note.text)
    console.print(_cues(judged, note.text))
    console.print(_sentences(judged, note.text))
    console.print(_decision(reader, judged))
    final = Table("answer", "probability", title="calibrated probabilities")
    for label, p in sorted(judged.probabilities.items(), key=lambda item: -item[1]):
        final.add_row(label, f"{p:.3f}")
    console.print(final)
    console.print(f"thresholds to suggest: {dict(reader.model.thresholds)}; temperature {reader.model.temperature:.2f}")


def _cues(judged: Judged, text: str) -> Table:
    table = Table("words", "kind", "value", "assertion", "because", "section", "weight", title="cues in text order")
    from classifier.explain import cue

    for n in range(len(judged.observations)):
        one = cue(judged, n)
        because = text[one.because.start : one.because.end] if one.because else ""
        table.add_row(
            Text(text[one.start : one.end]),
            one.kind,
            one.value,
            one.assertion,
            Text(because),
            one.section,
            f"{one.weight:.2f}",
        )
    return table


def _sentences(judged: Judged, text: str) -> Table:
    table = Table("sentence", *STATEMENTS, title="what each sentence shows (0 to 1; blanks under 0.05)")
    reading = judged.reading
    for (first, last), p in zip(reading.sentences, judged.statements, strict=True):
        words = " ".join(text[reading.starts[first] : reading.ends[last - 1]].split())
        table.add_row(Text(words[:70] + ("…" if len(words) > 70 else "")), *(f"{x:.2f}" if x >= 0.05 else "" for x in p))
    return table


def _decision(reader: Classifier, judged: Judged) -> Table:
    """The terms that set the best answer apart from the second best."""
    ranked = sorted(LABELS, key=judged.probabilities.__getitem__, reverse=True)
    a, b = LABELS.index(ranked[0]), LABELS.index(ranked[1])
    terms = reader.model.decision.terms
    moved = [(value * (terms[name][a] - terms[name][b]), name, value) for name, value in judged.row.items() if name in terms]
    moved.sort(key=lambda item: -abs(item[0]))
    table = Table("term", "value", "log-odds", title=f"what sets {ranked[0]} apart from {ranked[1]}")
    for gain, name, value in moved[:TOP]:
        table.add_row(Text(name), f"{value:.2f}", f"{gain:+.2f}")
    return table
