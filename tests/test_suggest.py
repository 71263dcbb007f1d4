"""The whole way: what a caller is promised of every suggestion, whatever the text."""

import json
import time
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Note
from classifier.errors import NoteError
from classifier.records import ANSWERS, CODES, Assertion, Decision
from classifier.resources import read_text
from classifier.settings import MAX_CHARS
from classifier.suggest import Classifier

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.txt"))
SCHEMA = json.loads(read_text("suggestion.schema.json"))
PIECES = st.sampled_from(
    [
        "Video visit. ",
        "Patient at home. ",
        "seen in clinic today ",
        "BP 120/80 ",
        "[x] home [ ] work\n",
        "Pt location: ***\r\n",
        "PT_LOC|residence|",
        "follow up by telehealth in 3 months. ",
        "<td>Home</td>",
        "\\par ",
        "\u200f\u0645\u0631\u062d\u0628\u0627 ",
        "zero\u200bwidth ",
        "la paciente está en casa ",
        "\x00",
        "🙂",
        "____",
        "\t\t",
        "can't ",
        "h/o ",
    ]
)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_wire_form_follows_its_schema(reader: Classifier, path: Path) -> None:
    wire = reader.suggest(Note("n1", path.read_text(encoding="utf-8"))).to_dict()
    jsonschema.validate(json.loads(json.dumps(wire)), SCHEMA)


def test_schema_refuses_another_shape(reader: Classifier) -> None:
    wire = reader.suggest(Note("n1", "Video visit.")).to_dict()
    with pytest.raises(jsonschema.ValidationError, match="Additional properties"):
        jsonschema.validate(wire | {"surprise": 1}, SCHEMA)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, min_size=1, max_size=25).map("".join)))
def test_every_answer_keeps_the_promises(reader: Classifier, text: str) -> None:
    if not text.strip() or sum(text.count(chr(c)) for c in range(9)) * 20 > len(text):
        return
    note = Note("n1", text)
    answer = reader.suggest(note)
    scores = answer.scores.to_dict()
    assert list(scores) == list(ANSWERS)
    assert abs(sum(scores.values()) - 1) < 1e-6
    assert all(0 <= p <= 1 for p in scores.values())
    assert (answer.decision is Decision.SUGGEST) == (answer.code in CODES)
    assert (answer.decision is Decision.REVIEW) == bool(answer.reasons)
    for item in (*answer.evidence, *answer.set_aside):
        assert text[item.start : item.end] == item.quote
        assert item.sentence_start <= item.start < item.end <= item.sentence_end
        if item.because:
            assert text[item.because.start : item.because.end] == item.because_quote
    assert all(item.assertion != Assertion.AFFIRMED for item in answer.set_aside)
    assert reader.suggest(note) == answer


def test_a_suggestion_shows_its_words(reader: Classifier) -> None:
    note = Note("n1", "Video visit with the patient, who was at home on her living room couch. Audio and video used throughout.")
    answer = reader.suggest(note)
    assert answer.scores.best == "10"
    assert {e.kind for e in answer.evidence} >= {"modality", "patient_place"}


@pytest.mark.parametrize(
    ("before", "after", "was", "becomes"),
    [
        ("Phone visit. Patient was home in her kitchen.", "Phone visit.", "10", "none"),
        (
            "Seen in the office today for her blood pressure. Vitals by MA: BP 130/80, P 72. Lungs clear to auscultation.",
            "Doing well on the current dose. No complaints. Mood good.",
            "11",
            "none",
        ),
    ],
)
def test_the_answer_follows_the_deciding_words(reader: Classifier, before: str, after: str, was: str, becomes: str) -> None:
    assert reader.suggest(Note("a", before)).scores.best == was
    assert reader.suggest(Note("b", after)).scores.best == becomes


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "empty"), (" \n\t ", "empty"), ("\x00\x01\x02\x03" * 40, "binary"), ("a" * (MAX_CHARS + 1), "allowed")],
    ids=["empty", "blank", "binary", "long"],
)
def test_what_is_no_note_is_refused(reader: Classifier, text: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        reader.suggest(Note("n7", text))


@pytest.mark.parametrize(
    "text",
    ["x", "\ufeffVideo visit.", "Visita por video, paciente en casa.", "\u0645\u0631\u062d\u0628\u0627\u200f", "a\r\nb\rc\nd"],
)
def test_odd_texts_get_an_answer(reader: Classifier, text: str) -> None:
    assert reader.suggest(Note("n1", text)).decision in set(Decision)


def test_one_character_is_no_code(reader: Classifier) -> None:
    assert reader.suggest(Note("n1", "x")).code is None


def test_five_megabytes_are_answered_in_bounded_time(reader: Classifier) -> None:
    text = ("Reviewed the plan with the family. Continue lisinopril. " * 95_000)[:5_000_000]
    begin = time.perf_counter()
    assert reader.suggest(Note("big", text)).decision is Decision.REVIEW
    assert time.perf_counter() - begin < 180


def test_many_notes_are_answered_lazily_and_in_order(reader: Classifier) -> None:
    def notes():
        yield Note("1", "Video visit.")
        yield Note("2", "Seen in clinic.")
        raise AssertionError("read ahead")

    answers = reader.suggest_many(notes())
    assert [next(answers).note_id, next(answers).note_id] == ["1", "2"]


def test_claim_that_disagrees_goes_to_review(reader: Classifier) -> None:
    text = "Video visit with the patient, who was at home on her living room couch. Audio and video used throughout."
    answer = reader.suggest(Note("n1", text, claimed_code="11"))
    assert answer.code is None
    assert "claim_disagrees" in answer.reasons
