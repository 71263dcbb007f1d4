"""A model folder that was touched is refused before anything is built; the plain numbers equal scikit-learn's."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from classifier.context import observe
from classifier.cues import finder
from classifier.errors import ModelError
from classifier.features import STATEMENTS, mention_features, statement_features, word_features
from classifier.model import (
    LABELS,
    LinearModel,
    check_folder,
    default_folder,
    load_estimator,
    load_model,
    named_types,
    softmax,
    types_in,
)
from training.corpus import read_notes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(default_folder(), tmp_path / "model")
    return tmp_path / "model"


def rewrite_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | changes))


def test_untouched_copy_is_accepted(folder: Path) -> None:
    assert load_model(folder).card["format"] == 1


@pytest.mark.parametrize("name", ["weights.json", "estimator.skops"])
def test_altered_file_is_refused(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match="its card says"):
        load_model(folder)


@pytest.mark.parametrize("name", ["weights.json", "estimator.skops", "card.json"])
def test_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match="is missing"):
        load_model(folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 2}, "format 2 is unknown"),
        ({"lexicon": "0" * 64}, "fitted with lexicon"),
        ({"files": {}}, "must list exactly"),
    ],
)
def test_card_of_another_kind_is_refused(folder: Path, change: dict[str, object], says: str) -> None:
    rewrite_card(folder, **change)
    with pytest.raises(ModelError, match=says):
        load_model(folder)


def test_card_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / "card.json").write_bytes(b"\xff{")
    with pytest.raises(ModelError, match="not JSON"):
        load_model(folder)


def test_foreign_type_is_refused_before_anything_is_built(folder: Path) -> None:
    path = folder / "estimator.skops"
    schema = {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "content": {}}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
    card = json.loads((folder / "card.json").read_text())
    rewrite_card(folder, files=card["files"] | {"estimator.skops": hashlib.sha256(path.read_bytes()).hexdigest()})
    with pytest.raises(ModelError, match=r"os\.system"):
        check_folder(folder)


def test_quick_scan_and_full_reading_name_the_same_types() -> None:
    path = default_folder() / "estimator.skops"
    assert "sklearn.linear_model._logistic.LogisticRegression" in types_in(path)
    assert named_types(path) == types_in(path)


def test_disguised_type_is_refused_before_building(folder: Path) -> None:
    path = folder / "estimator.skops"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", '{"__module__": "os", "__cl\\u0061ss__": "system"}')
    card = json.loads((folder / "card.json").read_text())
    rewrite_card(folder, files=card["files"] | {"estimator.skops": hashlib.sha256(path.read_bytes()).hexdigest()})
    with pytest.raises(ModelError, match=r"os\.system"):
        load_estimator(folder)


def test_plain_numbers_equal_scikit_learn() -> None:
    model, parts = load_model(), load_estimator()
    find = finder()
    notes = read_notes()[::40]
    assert len(notes) > 20
    for note in notes:
        reading, mentions = find.read(note.text)
        seen = observe(reading, mentions)
        for rows, part in ((mention_features(reading, seen), "mention"),):
            fitted = parts[part]
            expected = fitted["fit"].predict_proba(narrow(fitted["rows"].transform(rows)))[:, 1] if rows else []
            np.testing.assert_allclose([model.mention.probabilities(row)[0] for row in rows], expected, atol=2e-4)
        rows = statement_features(reading, seen)
        matrix = narrow(parts["statement"]["rows"].transform(rows))
        expected = np.column_stack([parts["statement"][name].predict_proba(matrix)[:, 1] for name in STATEMENTS])
        np.testing.assert_allclose([model.statement.probabilities(row) for row in rows], expected, atol=2e-4)
        word = parts["word"]
        matrix = narrow(word["tfidf"].transform(narrow(word["rows"].transform([word_features(reading, seen)]))))
        np.testing.assert_allclose(
            model.word.probabilities(word_features(reading, seen)), word["fit"].predict_proba(matrix)[0], atol=2e-4
        )


def narrow(matrix):
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    return matrix


def test_linear_model_by_hand() -> None:
    model = LinearModel(("a", "b"), (0.5, 0.0), {"x": (1.0, -1.0)}, "softmax")
    assert model.logits({"x": 2.0, "unknown": 9.0}) == [2.5, -2.0]
    assert model.probabilities({}) == pytest.approx(softmax([0.5, 0.0]))


def test_tf_idf_by_hand() -> None:
    model = LinearModel(("a",), (0.0,), {"x": (1.0,), "y": (0.0,)}, "sigmoid", idf={"x": 3.0, "y": 4.0})
    assert model.logits({"x": 1.0, "y": 1.0, "z": 1.0}) == [pytest.approx(0.6)]


def test_labels_begin_with_the_codes() -> None:
    assert LABELS[:3] == ("02", "10", "11")
