"""The command line: thin, lazy, and plain about what went wrong.

Heavy imports happen inside the commands, so that ``doc2pos --help`` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.errors import Doc2posError, SettingsError

if TYPE_CHECKING:
    from classifier.records import Note
    from classifier.suggest import Classifier

EXIT_CODES = """Exit codes: 0 a code is suggested · 10 review · 2 bad option · 3 the note cannot be read · 4 a table is
broken · 5 the model folder was refused."""
EXIT_REVIEW = 10

app = typer.Typer(
    name="doc2pos",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Which place-of-service code, 02, 10 or 11, does this encounter note support, and by which words?",
    epilog="Start with: doc2pos suggest examples/video-home.txt",
)

Source = Annotated[str, typer.Argument(metavar="FILE|-", help="A text file with one note; - reads standard input.")]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="Model folder; default: the one that ships.", envvar="DOC2POS_MODEL")
]


@app.command(epilog=EXIT_CODES)
def suggest(
    source: Source = "-",
    as_json: Annotated[bool, typer.Option("--json", help="Print the wire form (see data/suggestion.schema.json).")] = False,
    on: Annotated[str | None, typer.Option("--date", help="Date of service, YYYY-MM-DD.")] = None,
    payer: Annotated[str | None, typer.Option(help="Payer named on the claim.")] = None,
    claimed: Annotated[str | None, typer.Option(help="Two-digit code on the claim, to be checked.")] = None,
    model: ModelOption = None,
) -> None:
    """Suggest the code that one note supports, with the words that prove it."""
    note, reader = _prepare(source, on, payer, claimed, model)
    suggestion = reader.suggest(note)
    if as_json:
        typer.echo(json.dumps(suggestion.to_dict(), ensure_ascii=False, indent=1))
    else:
        from rich.console import Console

        from classifier.render import print_suggestion

        print_suggestion(Console(highlight=False), suggestion, note.text)
    raise typer.Exit(0 if suggestion.code else EXIT_REVIEW)


@app.command(epilog=EXIT_CODES)
def explain(source: Source = "-", model: ModelOption = None) -> None:
    """Show the score sheet of one note: every cue and its weight, every sentence, and the path to the answer."""
    note, reader = _prepare(source, None, None, None, model)
    from rich.console import Console

    from classifier.sheet import print_sheet

    print_sheet(Console(highlight=False), reader, note)


@app.command()
def version() -> None:
    """Print the versions of the product, its model and its lexicon."""
    from classifier.suggest import load

    typer.echo(json.dumps(load().versions, indent=1))


def _prepare(source: str, on: str | None, payer: str | None, claimed: str | None, model: Path | None) -> tuple[Note, Classifier]:
    """Read the note, then load what answers it; the cheap checks come first."""
    from classifier.intake import read_note_text
    from classifier.records import Note

    service_date = _date(on)
    code = _code(claimed)
    if source == "-" and sys.stdin.isatty():
        typer.echo("reading a note from the terminal: end it with Ctrl-D", err=True)
    name, text, remark = read_note_text(source)
    if remark:
        typer.echo(f"note: {name} is {remark}", err=True)
    from classifier.suggest import check_text, load

    note = Note(note_id=name, text=text, service_date=service_date, payer=payer, claimed_code=code)
    check_text(note)
    return note, load(model)


def _date(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise SettingsError(f"--date {given!r} is no date: write YYYY-MM-DD, for example 2026-03-09") from error


def _code(given: str | None) -> str | None:
    """Normalise a claimed code ("2" is "02") and refuse one outside the code set."""
    if given is None:
        return None
    from classifier.policy import code_set

    code = given.strip().zfill(2)
    if code not in {row.code for row in code_set()}:
        raise SettingsError(f"--claimed {given!r} is not in the CMS code set: give two digits, for example 11")
    return code


def main() -> None:
    """Run the command line; an expected error is one line and its exit code, never a traceback."""
    try:
        app()
    except Doc2posError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
