"""No word of a note leaves but in the answer: a canary word is planted, and everything else that was said is searched."""

import logging
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from classifier import Note
from classifier.errors import Doc2posError
from classifier.intake import decode
from classifier.suggest import Classifier, check_text
from eval.gold import read_gold

CANARY = "zorblaxenheim"
ROOT = Path(__file__).parent.parent


def test_repr_of_a_note_hides_its_text() -> None:
    note = Note("n1", f"seen at {CANARY}")
    assert CANARY not in repr(note)
    assert "n1" in repr(note)


def test_repr_of_a_suggestion_hides_quotes(reader: Classifier) -> None:
    answer = reader.suggest(Note("n1", f"Video visit from home with {CANARY} on the couch at home in {CANARY}."))
    assert CANARY not in repr(answer)
    assert answer.evidence


@pytest.mark.parametrize("text", [f"\x00\x01{CANARY}" * 3, f"{CANARY} " * 700_000], ids=["binary", "long"])
def test_errors_name_ids_only(text: str) -> None:
    with pytest.raises(Doc2posError) as caught:
        check_text(Note("n9", text))
    assert CANARY not in str(caught.value)
    assert "n9" in str(caught.value)


def test_binary_refusal_keeps_silent() -> None:
    with pytest.raises(Doc2posError) as caught:
        decode(b"%PDF" + CANARY.encode(), "scan.pdf")
    assert CANARY not in str(caught.value)


def test_gold_errors_name_file_and_line_only(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f'{{"id": "1", "text": "{CANARY}", "pos": "99"}}\n', encoding="utf-8")
    with pytest.raises(Doc2posError, match=r"gold\.jsonl:1: pos must be") as caught:
        read_gold(path)
    assert CANARY not in str(caught.value)


def test_nothing_is_logged(reader: Classifier, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        reader.suggest(Note("n1", f"Video visit. Patient home with {CANARY}. BP 120/80."))
    assert CANARY not in caplog.text
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""


def test_mlflow_store_holds_no_word(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        f'{{"id": "g1", "text": "Video visit, home on the couch, {CANARY}.", "pos": "10", "evidence": ["{CANARY}"]}}\n',
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "eval", str(gold), "--errors"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert b"logged to MLflow" in done.stdout
    assert CANARY.encode() not in done.stdout + done.stderr
    with sqlite3.connect(tmp_path / "mlflow.db") as store:
        assert store.execute("select count(*) from metrics").fetchone()[0] > 20
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != gold]
    assert any(path.name == "figures.json" for path in written)
    for path in written:
        assert CANARY.encode() not in path.read_bytes(), path.name
