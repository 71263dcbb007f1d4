"""A model is a folder that can be refused.

``classifier/data/model/`` holds three files. ``card.json`` names the format, the SHA-256 of the other two, the lexicon
the model was fitted with, the corpus, the thresholds and what was measured. ``weights.json`` holds the fitted numbers as
plain data; the running product computes with these alone, so that one note costs no import of scikit-learn.
``estimator.skops`` holds the same fit as scikit-learn objects, for data scientists and for the test that both give
the same probabilities. Nothing is built before every hash, the format, the lexicon and each type named in the skops
archive have been checked; the list of allowed types lives here, never in the folder.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from classifier.errors import ModelError
from classifier.resources import DATA, lexicon_hash

FORMAT = 1
FILES = ("weights.json", "estimator.skops")
PARTS = ("mention", "statement", "word", "decision")
LABELS = ("02", "10", "11", "location_missing", "modality_missing", "conflict", "other_setting", "no_visit")
"""What the decision tells apart: the three codes, then the guideline's reasons for none of them."""

ALLOWED_TYPES = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.tuple",
        "builtins.str",
        "builtins.int",
        "builtins.float",
        "builtins.bool",
        "builtins.NoneType",
        "builtins.type",
        "numpy.ndarray",
        "numpy.float64",
        "numpy.int64",
        "numpy.int32",
        "scipy.sparse._csr.csr_matrix",
        "scipy.sparse._dia.dia_matrix",
        "scipy.sparse._dia.dia_array",
        "sklearn.feature_extraction._dict_vectorizer.DictVectorizer",
        "sklearn.feature_extraction.text.TfidfTransformer",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.pipeline.Pipeline",
    }
)


_NAMED = re.compile(rb'"__class__":\s*"([^"]*)",\s*"__module__":\s*"([^"]*)"')


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A fitted linear model as plain numbers.

    ``terms`` maps a feature name to its weight per label (log-odds); ``idf``, when present, first scales each term and
    the row is brought to unit length. ``link`` is ``softmax`` (labels exclude each other) or ``sigmoid`` (each its own).
    """

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    terms: Mapping[str, tuple[float, ...]]
    link: str
    idf: Mapping[str, float] | None = None

    def logits(self, row: Mapping[str, float]) -> list[float]:
        """Log-odds per label of one feature row; names outside the closed list are ignored."""
        terms = self.terms
        totals = list(self.bias)
        if self.idf is not None:
            scaled = {name: value * self.idf[name] for name, value in row.items() if name in self.idf}
            norm = math.sqrt(sum(value * value for value in scaled.values())) or 1.0
            row = {name: value / norm for name, value in scaled.items()}
        if all(value == 1.0 for value in row.values()):
            found = [terms[name] for name in row if name in terms]
        else:
            found = [tuple([value * w for w in terms[name]]) for name, value in row.items() if value and name in terms]
        return [bias + sum(column) for bias, column in zip(totals, zip(*found, strict=True), strict=True)] if found else totals

    def probabilities(self, row: Mapping[str, float]) -> list[float]:
        """Probability per label of one feature row."""
        logits = self.logits(row)
        return softmax(logits) if self.link == "softmax" else [sigmoid(x) for x in logits]


def sigmoid(x: float) -> float:
    """Logistic function, safe at both ends."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    power = math.exp(x)
    return power / (1.0 + power)


def softmax(logits: Iterable[float]) -> list[float]:
    """Probabilities from logits; they sum to 1."""
    values = list(logits)
    top = max(values)
    powers = [math.exp(x - top) for x in values]
    total = sum(powers)
    return [p / total for p in powers]


@dataclass(frozen=True)
class Model:
    """A verified model: its card and its four linear parts."""

    card: Mapping[str, Any]
    mention: LinearModel
    statement: LinearModel
    word: LinearModel
    decision: LinearModel
    folder: Path

    @property
    def thresholds(self) -> Mapping[str, float | None]:
        """Smallest probability at which each code is suggested; None where no threshold meets the stated risk."""
        return self.card["thresholds"]  # type: ignore[no-any-return]

    @property
    def temperature(self) -> float:
        """Divisor of the decision's logits, fitted on notes the fold's model had not seen."""
        return float(self.card["temperature"])

    def decide(self, row: Mapping[str, float]) -> dict[str, float]:
        """Calibrated probability of each of ``LABELS``."""
        logits = self.decision.logits(row)
        return dict(zip(LABELS, softmax(x / self.temperature for x in logits), strict=True))

    @cached_property
    def model_id(self) -> str:
        """Twelve characters that name this model: of the hash of its weights."""
        return str(self.card["files"]["weights.json"])[:12]


def default_folder() -> Path:
    """The model that ships in the wheel."""
    with as_file(DATA.joinpath("model")) as folder:
        return Path(folder)


def load_model(folder: Path | None = None) -> Model:
    """Verify and load a model folder.

    Raises
    ------
    ModelError
        If a file is missing or altered, the format is unknown, a type is foreign, or the lexicon is another one.
    """
    folder = folder or default_folder()
    card = check_folder(folder)
    raw = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    if set(raw) != set(PARTS):
        raise ModelError(f"model {folder}: weights.json must hold exactly {', '.join(PARTS)}: rebuild with make train")
    parts = {name: _linear(raw[name]) for name in PARTS}
    if parts["decision"].labels != LABELS:
        raise ModelError(f"model {folder}: decision labels differ from {', '.join(LABELS)}: rebuild with make train")
    return Model(card=card, folder=folder, **parts)


def _linear(raw: Mapping[str, Any]) -> LinearModel:
    width = len(raw["labels"])
    terms = {name: tuple(weights) for name, weights in raw["terms"].items()}
    if len(raw["bias"]) != width or any(len(weights) != width for weights in terms.values()):
        raise ModelError("weights.json: a term has not one weight for each label: rebuild with make train")
    return LinearModel(tuple(raw["labels"]), tuple(raw["bias"]), terms, raw["link"], raw.get("idf"))


def check_folder(folder: Path) -> dict[str, Any]:
    """Check a model folder without building anything from it, and return its card.

    Raises
    ------
    ModelError
        With what was found, what is allowed and what to do.
    """
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"model {folder}: card.json is missing: name a folder made by make train") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"model {folder}: card.json is not JSON: rebuild with make train") from error
    if card.get("format") != FORMAT:
        raise ModelError(f"model {folder}: format {card.get('format')!r} is unknown: this version reads {FORMAT}")
    if set(card.get("files", {})) != set(FILES):
        raise ModelError(f"model {folder}: the card must list exactly {', '.join(FILES)}: rebuild with make train")
    for name in FILES:
        check_file(folder / name, card["files"][name])
    if card["lexicon"] != lexicon_hash():
        raise ModelError(
            f"model {folder}: fitted with lexicon {str(card['lexicon'])[:12]}, "
            f"installed is {lexicon_hash()[:12]}: rebuild with make train"
        )
    refuse_foreign(folder, named_types(folder / "estimator.skops"))
    return card  # type: ignore[no-any-return]


def refuse_foreign(folder: Path, types: set[str]) -> None:
    """Raise ``ModelError`` when a type is not on our list."""
    foreign = sorted(types - ALLOWED_TYPES)
    if foreign:
        raise ModelError(
            f"model {folder}: estimator.skops names the type {foreign[0]}, which is not allowed: rebuild with make train"
        )


def check_file(path: Path, expected: str) -> None:
    """Raise ``ModelError`` unless the file's SHA-256 is ``expected``."""
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError as error:
        raise ModelError(f"model file {path} is missing: restore the folder or rebuild with make train") from error
    if found != expected:
        raise ModelError(f"model file {path} has hash {found[:12]}, its card says {str(expected)[:12]}: restore it or rebuild")


def named_types(path: Path) -> set[str]:
    """Every type a skops archive names, by a quick scan of its schema's text.

    The scan takes a hundredth of the time of parsing and suffices where nothing is built from the archive; before
    building, :func:`types_in` reads the schema properly.
    """
    return {f"{module.decode()}.{name.decode()}" for name, module in _NAMED.findall(_schema(path))}


def types_in(path: Path) -> set[str]:
    """Every type a skops archive would build, read from its parsed schema without building any."""
    try:
        stack: list[Any] = [json.loads(_schema(path))]
    except json.JSONDecodeError as error:
        raise ModelError(f"model file {path} is not a skops archive: rebuild with make train") from error
    found: set[str] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "__class__" in node and "__module__" in node:
                found.add(f"{node['__module__']}.{node['__class__']}")
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return found


def _schema(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read("schema.json")
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(f"model file {path} is not a skops archive: rebuild with make train") from error


def load_estimator(folder: Path | None = None) -> dict[str, Any]:
    """The same fit as scikit-learn objects, by part; imports skops and scikit-learn (about 2 s)."""
    folder = folder or default_folder()
    check_folder(folder)
    refuse_foreign(folder, types_in(folder / "estimator.skops"))
    from skops.io import load

    return load(folder / "estimator.skops", trusted=sorted(ALLOWED_TYPES))  # type: ignore[no-any-return]
