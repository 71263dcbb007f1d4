"""``python -m eval GOLD...``: how good is the shipped model on labelled notes?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from classifier.errors import Doc2posError
from classifier.records import ANSWERS
from classifier.suggest import load
from eval.gold import read_gold
from eval.metrics import confusion
from eval.run import Answered, answer, figures, slices

out = Console()


def main(
    gold: Annotated[list[Path], typer.Argument(help="JSON-lines files of labelled notes (the guideline's schema).")],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: the one that ships.")] = None,
    errors: Annotated[bool, typer.Option(help="List the notes answered wrongly, by id, with the cues that led there.")] = False,
    track: Annotated[bool, typer.Option(help="Log to MLflow (sqlite:///mlflow.db, or MLFLOW_TRACKING_URI).")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Evaluate on labelled notes: every figure with its n and a 95 % interval."""
    try:
        notes = [note for path in gold for note in read_gold(path)]
        reader = load(model)
    except Doc2posError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from error
    answers = answer(notes, reader)
    table = figures(answers)
    if as_json:
        typer.echo(json.dumps({"figures": table, "slices": slices(answers), "versions": reader.versions}, indent=1))
    else:
        show(answers, table)
    if errors:
        show_errors(answers)
    if track:
        log(gold, reader.versions, answers, table)


def show(answers: list[Answered], table: dict[str, Any]) -> None:
    """Print the figures, the confusion table and the slices."""
    grid = Table("figure", "value", "95 % interval", "n", title=f"{len(answers)} notes")
    for name, found in table.items():
        value = "-" if found["value"] is None else f"{found['value']:.3f}"
        grid.add_row(name, value, f"{found['low']:.3f} to {found['high']:.3f}" if "low" in found else "", str(found["n"]))
    out.print(grid)
    crossed = Table("truth", *ANSWERS, title="truth by row, best answer by column")
    for name, line in zip(ANSWERS, confusion([a.gold.answer for a in answers], [a.best for a in answers]), strict=True):
        crossed.add_row(name, *map(str, line))
    out.print(crossed)
    cut = Table("slice", "accuracy", "95 % interval", "n", title="accuracy by slice (n under 30 says little)")
    for name, found in slices(answers).items():
        cut.add_row(name, f"{found['value']:.3f}", f"{found['low']:.3f} to {found['high']:.3f}", str(found["n"]))
    out.print(cut)


def show_errors(answers: list[Answered]) -> None:
    """Print wrong notes by id: truth, answer, and the entries and values of the evidence, never a word of the note."""
    for a in answers:
        if a.best != a.gold.answer:
            led = ", ".join(f"{e.value}@{e.start}" for e in a.suggestion.evidence)
            out.print(
                f"{a.gold.id}: {a.gold.answer} {a.gold.reason or ''} -> {a.best} {a.suggestion.probability:.2f}; {led}",
                markup=False,
            )


def log(gold: list[Path], versions: dict[str, str], answers: list[Answered], table: dict[str, Any]) -> None:
    """Send the evaluation to MLflow."""
    from eval.track import log_run

    digest = hashlib.sha256(b"".join(path.read_bytes() for path in gold)).hexdigest()
    params = {**versions, "gold": ", ".join(path.name for path in gold), "gold_sha256": digest[:16], "notes": str(len(answers))}
    rows = [
        {
            "id": a.gold.id,
            "truth": a.gold.answer,
            "best": a.best,
            "suggested": a.suggested,
            "scores": a.suggestion.scores.to_dict(),
        }
        for a in answers
    ]
    run = log_run(f"{gold[0].stem} {versions['model']}", params, table, rows)
    out.print(f"logged to MLflow as run {run}")


if __name__ == "__main__":
    typer.run(main)
