"""The command line as a user meets it: real processes, exit codes, one-line errors."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOC2POS = [sys.executable, "-c", "from classifier.cli import main; main()"]
NOTE = ROOT / "examples/video-home.txt"


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*DOC2POS, *arguments], input=given, capture_output=True, check=False, cwd=ROOT)


def test_suggest_prints_answer_and_evidence() -> None:
    done = run("suggest", str(NOTE))
    out = done.stdout.decode()
    assert done.returncode in {0, 10}
    assert "how seen" in out
    assert "video" in out
    assert "seen and set aside" in out
    assert "Home medications" in out


def test_json_is_the_wire_form_and_review_is_exit_10() -> None:
    done = run("suggest", "--json", "-", given=b"Medication management. Sleep is better. Continue sertraline.")
    wire = json.loads(done.stdout)
    assert done.returncode == 10
    assert wire["decision"] == "review"
    assert wire["code"] is None
    assert "modality_missing" in wire["reasons"]
    assert wire["query"].startswith("The note")


def test_explain_shows_cues_sentences_and_path() -> None:
    out = run("explain", str(NOTE)).stdout.decode()
    for title in ("cues in text order", "what each sentence shows", "calibrated probabilities", "thresholds to suggest"):
        assert title in out


@pytest.mark.parametrize(
    ("arguments", "given", "code", "says"),
    [
        (("suggest", "-"), b"", 3, "empty"),
        (("suggest", "-"), b"%PDF-1.7 x", 3, "binary"),
        (("suggest", "-"), bytes(range(256)) * 8, 3, "not text"),
        (("suggest", "no/such/file.txt"), b"", 3, "cannot be read"),
        (("suggest", "examples"), b"", 3, "folder"),
        (("suggest", "--date", "03/09/2026", str(NOTE)), b"", 2, "YYYY-MM-DD"),
        (("suggest", "--claimed", "zz", str(NOTE)), b"", 2, "code set"),
        (("suggest", "--model", "tests", str(NOTE)), b"", 5, "card.json is missing"),
        (("suggest", "--no-such-option"), b"", 2, "No such option"),
    ],
)
def test_bad_input_is_one_line_and_its_exit_code(arguments: tuple[str, ...], given: bytes, code: int, says: str) -> None:
    done = run(*arguments, given=given)
    assert done.returncode == code
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("given", "remark"),
    [
        ("Video visit, patient in the café at work.".encode("cp1252"), "Windows-1252"),
        ("Video visit, patient in the café at work.".encode("utf-16"), ""),
        (b"\xef\xbb\xbfVideo visit\r\nPatient at home\rin bed", ""),
        (b"Video visit\x00 patient at home", ""),
    ],
    ids=["cp1252", "utf-16", "bom and mixed line ends", "NUL"],
)
def test_encodings_are_read_and_guesses_are_told(given: bytes, remark: str) -> None:
    done = run("suggest", "--json", "-", given=given)
    assert done.returncode in {0, 10}
    assert remark in done.stderr.decode()


def test_line_ends_stay_so_offsets_fit_what_was_given() -> None:
    given = b"Video visit.\r\nPatient was at home\r\non the couch."
    wire = json.loads(run("suggest", "--json", "-", given=given).stdout)
    assert wire["evidence"]
    for item in wire["evidence"]:
        assert given.decode()[item["start"] : item["end"]] == item["quote"]


def test_date_before_code_10_existed_is_ruled_out() -> None:
    given = b"Video visit. Patient was at home on her couch, audio and video used."
    wire = json.loads(run("suggest", "--json", "--date", "2021-06-01", "-", given=given).stdout)
    assert wire["ruling"]["code"] is None
    assert "code_not_in_force" in wire["reasons"]


def test_help_is_quick_and_teaches() -> None:
    run("--help")
    begin = time.perf_counter()
    done = run("--help")
    assert time.perf_counter() - begin < 1.0
    assert "examples/video-home.txt" in done.stdout.decode()
    assert "Exit codes" in run("suggest", "--help").stdout.decode()


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, classifier.cli; print(sorted({'spacy', 'sklearn', 'skops', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == b"[]"


def test_suggest_imports_no_scikit_learn() -> None:
    code = (
        "import sys, classifier; classifier.load().suggest(classifier.Note('a', 'Video visit.'));"
        "print(sorted({'sklearn', 'skops', 'mlflow', 'openai'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env={**os.environ})
    assert done.stdout.strip() == b"[]"
