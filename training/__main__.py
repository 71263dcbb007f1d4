"""``python -m training fit | check | corpus``: make the model, show that the shipped one is that one, check the corpus."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from classifier.model import FILES, LABELS, default_folder
from classifier.records import ANSWERS
from eval.metrics import summary
from training.corpus import corpus_hash, kappa, problems, read_notes, read_statements, split
from training.fit import Fitted, fit
from training.threshold import strictest
from training.write import write_model

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
out = Console()
TOLERANCE = 5e-4


def four(p: np.ndarray) -> np.ndarray:
    """Probabilities of the eight labels as those of the four answers, shape (n, 4)."""
    return np.column_stack([p[:, :3], p[:, 3:].sum(axis=1)])


def build(folder: Path) -> dict[str, Any]:
    """Fit on the committed corpus and write the model into ``folder``."""
    notes, frozen = split(read_notes())
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=out
    ) as progress:
        fitted = fit(notes, read_statements(), progress)
    return write_model(folder, fitted, card_facts(fitted, [n.label for n in notes], len(frozen)))


def card_facts(fitted: Fitted, labels: list[str], frozen: int) -> dict[str, Any]:
    """Thresholds, figures and limits for the card, all from cross-fitted probabilities."""
    p = four(fitted.probabilities)
    truth = [label if label in ANSWERS else "none" for label in labels]
    codes = np.array(ANSWERS[:3])
    best = codes[p[:, :3].argmax(axis=1)]
    is_code = p.argmax(axis=1) < 3
    shown = strictest(np.where(is_code, p.max(axis=1), 0.0), best == np.array(truth))
    threshold = shown.threshold
    suggested = [
        str(b) if ok and threshold is not None and q >= threshold else None
        for b, ok, q in zip(best, is_code, p.max(axis=1), strict=True)
    ]
    return {
        "corpus": corpus_hash(),
        "trained_on": {"notes": len(labels), "labels": dict(sorted(Counter(labels).items())), "frozen_notes": frozen},
        "thresholds": dict.fromkeys(ANSWERS[:3], threshold),
        "risk": {
            "at_most_wrong": shown.risk,
            "confidence": shown.confidence,
            "wanted": 0.01,
            "method": "exact binomial bound, Bonferroni over a fixed grid",
        },
        "cross_fitted": summary(truth, [ANSWERS[i] for i in p.argmax(axis=1)], suggested, p.tolist()),
        "limits": [
            "fitted on invented notes; figures on them say nothing certain about another hospital's notes",
            "reads English; text alone cannot tell an office from a hospital outpatient department",
        ],
    }


@app.command("fit")
def fit_command(
    model: Annotated[Path | None, typer.Option(help="Folder to write; default: the one that ships.")] = None,
) -> None:
    """Rebuild the model from the committed corpus (minutes on two cores)."""
    card = build(model or default_folder())
    out.print_json(json.dumps({key: card[key] for key in ("thresholds", "temperature", "cross_fitted")}))


@app.command()
def check() -> None:
    """Fit anew and compare with the shipped model: the same terms, and every weight within 0.0005."""
    with tempfile.TemporaryDirectory() as name:
        build(Path(name))
        shipped, fresh = default_folder(), Path(name)
        same = all((shipped / f).read_bytes() == (fresh / f).read_bytes() for f in FILES)
        gap = largest_gap(json.loads((shipped / "weights.json").read_text()), json.loads((fresh / "weights.json").read_text()))
        cards = [json.loads((folder / "card.json").read_text()) for folder in (shipped, fresh)]
    out.print(f"files identical: {same}; largest difference of a weight: {gap:.6f} (allowed {TOLERANCE})")
    if gap > TOLERANCE or cards[0]["corpus"] != cards[1]["corpus"] or cards[0]["thresholds"] != cards[1]["thresholds"]:
        out.print("the shipped model is not the one this corpus gives: run make train and commit the result")
        raise typer.Exit(1)


def largest_gap(a: Any, b: Any) -> float:
    """Largest difference between two weight files; a term that stands in one alone counts as its whole weight."""
    gap = 0.0
    for part in a.keys() | b.keys():
        one, two = a[part]["terms"], b[part]["terms"]
        zero = [0.0] * len(a[part]["labels"])
        for name in one.keys() | two.keys():
            pairs = zip(one.get(name, zero), two.get(name, zero), strict=True)
            gap = max(gap, *(abs(x - y) for x, y in pairs))
    return gap


@app.command()
def corpus() -> None:
    """Check the corpus and print its make-up; exits 1 when something must be mended."""
    notes = read_notes()
    wrong = list(problems(notes))
    for line in wrong:
        out.print(line)
    train, frozen = split(notes)
    pairs = [(n.label, n.second) for n in notes if n.second]
    out.print(
        f"{len(notes)} notes ({len(train)} for training, {len(frozen)} frozen), "
        f"{len({n.author for n in notes})} authors, {len({n.family for n in notes})} families, "
        f"{len(read_statements())} statements"
    )
    out.print(f"kappa of first and blind second label, among kept notes: {kappa(pairs):.3f}")
    for title, values in (
        ("label", Counter(n.label for n in notes)),
        ("mix", Counter(n.mix for n in notes)),
        ("tag", Counter(t for n in notes for t in n.tags)),
    ):
        out.print(f"{title}: " + ", ".join(f"{k} {v}" for k, v in values.most_common()))
    lengths = np.percentile([len(n.text.split()) for n in notes], [0, 10, 50, 90, 100])
    out.print("words, least to most (0/10/50/90/100 %): " + " ".join(f"{x:.0f}" for x in lengths))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    assert len(LABELS) == 8
    app()
