"""Write a fitted model as the folder that ``classifier.model`` accepts, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from skops.io import dumps

import classifier
from classifier.features import STATEMENTS
from classifier.model import ALLOWED_TYPES, FORMAT, LABELS
from classifier.resources import lexicon_hash
from training.fit import DIGITS, Fitted

IDF_DIGITS = 5
_ADDRESS = re.compile(rb'("__id__": |"file": ")(\d+)')
_EPOCH = (1980, 1, 1, 0, 0, 0)


def weights_of(fitted: Fitted) -> dict[str, Any]:
    """The four parts as plain data, rounded to ``DIGITS`` decimals."""
    mention, word, decision = fitted.readers.mention, fitted.readers.word, fitted.decision
    statement = fitted.readers.statement
    columns = np.vstack([statement[name].coef_[0] for name in STATEMENTS])
    biases = [statement[name].intercept_[0] for name in STATEMENTS]
    word_labels = [LABELS[i] for i in word["fit"].classes_]
    plain = {
        "mention": _linear(["counts"], mention["rows"], mention["fit"].coef_, mention["fit"].intercept_, "sigmoid"),
        "statement": _linear(list(STATEMENTS), statement["rows"], columns, biases, "sigmoid"),
        "word": _linear(word_labels, word["rows"], word["fit"].coef_, word["fit"].intercept_, "softmax"),
        "decision": _linear(list(LABELS), decision["rows"], decision["fit"].coef_, decision["fit"].intercept_, "softmax"),
    }
    names = word["rows"].get_feature_names_out()
    plain["word"]["idf"] = {name: round(float(v), IDF_DIGITS) for name, v in zip(names, word["tfidf"].idf_, strict=True)}
    return plain


def _linear(labels: list[str], rows: Any, weights: Any, bias: Any, link: str) -> dict[str, Any]:
    """One part; a term whose every weight rounds to zero is left out."""
    table = np.round(np.asarray(weights, dtype=float), DIGITS).T + 0.0
    names = rows.get_feature_names_out()
    terms = {str(n): line.tolist() for n, line in zip(names, table, strict=True) if line.any() or link == "softmax"}
    return {
        "labels": labels,
        "bias": [round(float(b), DIGITS) for b in bias],
        "link": link,
        "terms": dict(sorted(terms.items())),
    }


def estimators_of(fitted: Fitted) -> dict[str, Any]:
    """The same fit as scikit-learn objects, by part."""
    return {
        "mention": fitted.readers.mention,
        "statement": fitted.readers.statement,
        "word": fitted.readers.word,
        "decision": fitted.decision,
    }


def write_model(folder: Path, fitted: Fitted, facts: dict[str, Any]) -> dict[str, Any]:
    """Write ``weights.json``, ``estimator.skops`` and ``card.json``; return the card.

    ``facts`` are the corpus hash, thresholds, figures and limits that the card repeats.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = json.dumps(weights_of(fitted), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    estimator = _steady_zip(dumps(estimators_of(fitted)))
    (folder / "weights.json").write_bytes(weights)
    (folder / "estimator.skops").write_bytes(estimator)
    card = {
        "format": FORMAT,
        "doc2pos": classifier.__version__,
        "lexicon": lexicon_hash(),
        "files": {
            "weights.json": hashlib.sha256(weights).hexdigest(),
            "estimator.skops": hashlib.sha256(estimator).hexdigest(),
        },
        "types": sorted(ALLOWED_TYPES),
        "temperature": round(fitted.temperature, IDF_DIGITS),
        **facts,
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return card


def _steady_zip(data: bytes) -> bytes:
    """Return the same archive with running numbers for memory addresses, sorted names, a fixed date and compression.

    skops names arrays and objects by their address, which differs from run to run.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        numbers: dict[bytes, bytes] = {}

        def number(match: re.Match[bytes]) -> bytes:
            return match[1] + numbers.setdefault(match[2], str(len(numbers) + 1).encode())

        schema = _ADDRESS.sub(number, old.read("schema.json"))
        members = {"schema.json": schema}
        for name in old.namelist():
            if name != "schema.json":
                stem, dot, ending = name.partition(".")
                members[numbers.get(stem.encode(), stem.encode()).decode() + dot + ending] = old.read(name)
        for name, content in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()
