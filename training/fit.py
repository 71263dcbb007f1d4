"""Fit the four parts of the model, calibrate them and choose thresholds, without a note ever judging itself.

1. *Mention judge*, *statement model* and *word model* are fitted on all training notes but one group of authors, in turn, so
   that every note is described by models that have not seen its author (cross-fitting).
2. The *decision* is fitted on those descriptions and on made contradictions (``synthesize.py``), again cross-fitted by
author for the next step, then on all.
3. The temperature is fitted on the cross-fitted decisions; the thresholds on decisions whose temperature came from other authors.
4. The shipped first parts are fitted on all training notes. Frozen authors take no part in any step.

Seeds, orders and solvers are fixed, and weights are rounded, so that the same corpus gives the same files.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.progress import Progress
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from classifier.context import Observation, observe
from classifier.cues import Reading, finder
from classifier.features import (
    STATEMENTS,
    decision_features,
    group,
    mention_features,
    statement_features,
    word_features,
)
from classifier.model import LABELS
from training.corpus import LabelledNote, Statement
from training.synthesize import plain_notes, synthesize
from training.truth import LIT, mention_truth, statement_truth

FOLDS = 5
ROUNDS = 3
MIN_COUNT = 3
C_MENTION, C_STATEMENT, C_WORD, C_DECISION = 0.1, 0.15, 20.0, 0.1
LENT = 4
"""Every fourth statement of the bank is lent to the synthesizer, and then unknown to the readers that describe made notes."""
MADE_WEIGHT = 0.2
FAINT = 0.03
"""Log-odds under which a column of the first readers is dropped."""
MAX_WORDS = 9_000
DIGITS = 3
"""Decimals kept of a weight."""
_POSITIONAL = ("pos=", "s=", "nb", "len=")


@dataclass(slots=True)
class Example:
    """A note, read once: its rows for the first readers and what they later say of it."""

    note: LabelledNote
    reading: Reading
    observations: list[Observation]
    mention_rows: list[dict[str, float]]
    mention_truth: list[float]
    statement_rows: list[dict[str, float]]
    statement_truth: list[list[float]]
    quoted: list[bool]
    word_row: dict[str, float]
    weights: list[float] = field(default_factory=list)
    statements: list[list[float]] = field(default_factory=list)
    words: list[float] = field(default_factory=list)

    def row(self) -> dict[str, float]:
        """The row the decision is made from."""
        return decision_features(self.reading, self.observations, self.weights, self.statements, self.words)


@dataclass(slots=True)
class Bank:
    """The statement bank as rows and truth."""

    rows: list[dict[str, float]]
    truth: np.ndarray


def read_examples(notes: Sequence[LabelledNote]) -> list[Example]:
    """Read every note through the product's own finder."""
    find = finder()
    examples = []
    for note in notes:
        reading, mentions = find.read(note.text)
        seen = observe(reading, mentions)
        truth, quoted = statement_truth(note, reading)
        examples.append(
            Example(
                note,
                reading,
                seen,
                mention_features(reading, seen),
                mention_truth(note, reading, seen),
                statement_features(reading, seen),
                truth,
                quoted,
                word_features(reading, seen),
            )
        )
    return examples


def read_bank(statements: Sequence[Statement]) -> Bank:
    """Read the statement bank; a lone sentence has no position, neighbours or section."""
    find = finder()
    rows = []
    for statement in statements:
        reading, mentions = find.read(statement.text)
        merged: dict[str, float] = {}
        for row in statement_features(reading, observe(reading, mentions)):
            merged.update({name: value for name, value in row.items() if not name.startswith(_POSITIONAL)})
        rows.append(merged)
    truth = np.array([[float(name in s.shows) for name in STATEMENTS] for s in statements]).reshape(-1, len(STATEMENTS))
    return Bank(rows, truth)


def _narrow(matrix: csr_matrix) -> csr_matrix:
    """32-bit indices, which scikit-learn's solvers ask for."""
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    return matrix


def vectorize(rows: Sequence[dict[str, float]], min_count: int = MIN_COUNT) -> tuple[DictVectorizer, csr_matrix]:
    """Close the list of columns to those seen ``min_count`` times, and build the matrix."""
    counts = Counter(name for row in rows for name in row)
    vectorizer = DictVectorizer()
    vectorizer.fit([{name: 1.0 for name, count in counts.items() if count >= min_count}])
    return vectorizer, transform(vectorizer, rows)


def transform(vectorizer: DictVectorizer, rows: Iterable[dict[str, float]]) -> csr_matrix:
    """Rows to a matrix of the closed columns."""
    return _narrow(vectorizer.transform(rows).tocsr())


# -- the three first readers ------------------------------------------------------------------------------------------


def fit_mentions(examples: Sequence[Example]) -> Pipeline:
    """Fit the judge: does this mention describe this visit?"""
    pairs = [
        (row, truth)
        for example in examples
        for row, truth in zip(example.mention_rows, example.mention_truth, strict=True)
        if not math.isnan(truth)
    ]
    vectorizer, matrix = vectorize([row for row, _ in pairs])
    judge = LogisticRegression(C=C_MENTION, solver="liblinear", random_state=0, max_iter=300)
    judge.fit(matrix, np.array([truth for _, truth in pairs]))
    prune(vectorizer, [judge])
    return Pipeline([("rows", vectorizer), ("fit", judge)])


def fit_statements(examples: Sequence[Example], bank: Bank, rounds: int = ROUNDS) -> dict[str, Any]:
    """Fit one model per statement; unknown truths of quoted sentences are chosen anew each round."""
    rows = [row for example in examples for row in example.statement_rows]
    truth = np.array([line for example in examples for line in example.statement_truth])
    quoted = np.array([flag for example in examples for flag in example.quoted])
    vectorizer, matrix = vectorize([*rows, *bank.rows])
    known, banked = matrix[: len(rows)], matrix[len(rows) :]
    unknown = np.isnan(truth)
    guess = _first_guess(examples)
    models: dict[str, LogisticRegression] = {}
    for _ in range(rounds):
        target = np.where(unknown, guess, truth)
        usable = ~unknown | quoted[:, None]
        for k, name in enumerate(STATEMENTS):
            keep = usable[:, k]
            x = _narrow(vstack([known[keep], banked]).tocsr())
            y = np.concatenate([target[keep, k], bank.truth[:, k]])
            models[name] = LogisticRegression(C=C_STATEMENT, solver="liblinear", random_state=0, max_iter=300).fit(x, y)
        guess = _next_guess(np.column_stack([models[n].predict_proba(known)[:, 1] for n in STATEMENTS]), unknown, quoted)
    prune(vectorizer, list(models.values()))
    return {"rows": vectorizer, **models}


def _first_guess(examples: Sequence[Example]) -> np.ndarray:
    """What each sentence may show, from the kinds of cues that stand in it."""
    guess = []
    for example in examples:
        lit: list[set[str]] = [set() for _ in example.reading.sentences]
        for seen in example.observations:
            if seen.mention.idiom is None:
                lit[seen.sentence].add(group(seen.mention.entry.kind, seen.mention.entry.value))
        guess.extend([[float(bool(groups & LIT[name])) for name in STATEMENTS] for groups in lit])
    return np.array(guess)


def _next_guess(p: np.ndarray, unknown: np.ndarray, quoted: np.ndarray) -> np.ndarray:
    """Believed statements, and for every quoted sentence at least the likeliest of those its label allows."""
    guess = (p > 0.5).astype(float)
    silent = quoted & (np.where(unknown, guess, 0).sum(axis=1) == 0) & unknown.any(axis=1)
    for n in np.flatnonzero(silent):
        guess[n, np.where(unknown[n], p[n], -1).argmax()] = 1.0
    return guess


def fit_words(examples: Sequence[Example]) -> Pipeline:
    """Fit the word model on words, pairs and cues that at least two authors use."""
    authors: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for example in examples:
        counts.update(example.word_row)
        for name in example.word_row:
            authors.setdefault(name, set()).add(example.note.author)
    vectorizer = DictVectorizer()
    vectorizer.fit([{name: 1.0 for name, n in counts.items() if n >= MIN_COUNT and len(authors[name]) > 1}])
    first, _ = _fit_tfidf(vectorizer, examples)
    strength = np.abs(first.coef_).max(axis=0)
    vectorizer.restrict(np.sort(np.argsort(-strength, kind="stable")[:MAX_WORDS]), indices=True)
    model, tfidf = _fit_tfidf(vectorizer, examples)
    _round(model)
    return Pipeline([("rows", vectorizer), ("tfidf", tfidf), ("fit", model)])


def _fit_tfidf(vectorizer: DictVectorizer, examples: Sequence[Example]) -> tuple[LogisticRegression, TfidfTransformer]:
    tfidf = TfidfTransformer()
    matrix = _narrow(tfidf.fit_transform(transform(vectorizer, (e.word_row for e in examples))))
    model = LogisticRegression(C=C_WORD, max_iter=500)
    return model.fit(matrix, [LABELS.index(e.note.label) for e in examples]), tfidf


def prune(vectorizer: DictVectorizer, models: Sequence[LogisticRegression]) -> None:
    """Drop the columns whose weight is under ``FAINT`` in every model, and round the rest: smaller files, same answers."""
    strength = np.max([np.abs(model.coef_[0]) for model in models], axis=0)
    kept = np.flatnonzero(strength >= FAINT)
    vectorizer.restrict(kept, indices=True)
    for model in models:
        model.coef_ = model.coef_[:, kept]
        model.n_features_in_ = len(kept)
        _round(model)


def _round(model: LogisticRegression) -> None:
    model.coef_ = np.round(model.coef_, DIGITS) + 0.0
    model.intercept_ = np.round(model.intercept_, DIGITS)


@dataclass(slots=True)
class Readers:
    """The three fitted first readers."""

    mention: Pipeline
    statement: dict[str, Any]
    word: Pipeline

    def describe(self, examples: Sequence[Example]) -> None:
        """Write into each example what the readers say of it."""
        self._mentions(examples)
        self._statements(examples)
        words = word_probabilities(self.word, [e.word_row for e in examples])
        for example, row in zip(examples, words, strict=True):
            example.words = row.tolist()

    def _mentions(self, examples: Sequence[Example]) -> None:
        rows = [row for e in examples for row in e.mention_rows]
        matrix = transform(self.mention["rows"], rows)
        _deal(examples, self.mention["fit"].predict_proba(matrix)[:, 1].tolist(), "mention_rows", "weights")

    def _statements(self, examples: Sequence[Example]) -> None:
        matrix = transform(self.statement["rows"], (row for e in examples for row in e.statement_rows))
        p = np.column_stack([self.statement[name].predict_proba(matrix)[:, 1] for name in STATEMENTS])
        _deal(examples, p.tolist(), "statement_rows", "statements")


def _deal(examples: Sequence[Example], values: list[Any], rows: str, into: str) -> None:
    """Hand a flat list of values back to the examples they belong to."""
    at = 0
    for example in examples:
        size = len(getattr(example, rows))
        setattr(example, into, values[at : at + size])
        at += size


def word_probabilities(model: Pipeline, rows: Sequence[dict[str, float]]) -> np.ndarray:
    """Probabilities of the word model, columns in the order of ``LABELS`` (absent labels 0)."""
    matrix = _narrow(model["tfidf"].transform(transform(model["rows"], rows)))
    p = np.zeros((len(rows), len(LABELS)))
    p[:, model["fit"].classes_] = model["fit"].predict_proba(matrix)
    return p


def fit_readers(examples: Sequence[Example], bank: Bank) -> Readers:
    """Fit all three first readers on the same notes."""
    return Readers(fit_mentions(examples), fit_statements(examples, bank), fit_words(examples))


# -- the decision -----------------------------------------------------------------------------------------------------


def fit_decision(examples: Sequence[Example], made: Sequence[Example]) -> Pipeline:
    """Fit the decision on notes, written and made, that readers of other authors have described."""
    both = [*examples, *made]
    vectorizer, matrix = vectorize([e.row() for e in both], min_count=5)
    model = LogisticRegression(C=C_DECISION, max_iter=3000)
    weight = np.array([1.0] * len(examples) + [MADE_WEIGHT] * len(made))
    model.fit(matrix, [LABELS.index(e.note.label) for e in both], sample_weight=weight)
    _round(model)
    return Pipeline([("rows", vectorizer), ("fit", model)])


def decision_logits(model: Pipeline, rows: Sequence[dict[str, float]]) -> np.ndarray:
    """Logits in the order of ``LABELS``, shape (notes, 8)."""
    return np.asarray(model["fit"].decision_function(transform(model["rows"], rows)))


def folds(examples: Sequence[Example], count: int = FOLDS) -> list[tuple[list[int], list[int]]]:
    """Author-wise folds; an author never stands on both sides."""
    authors = [e.note.author for e in examples]
    count = min(count, len(set(authors)))
    return [(a.tolist(), b.tolist()) for a, b in GroupKFold(count).split(authors, groups=authors)]


def cross_describe(
    examples: Sequence[Example], made: Sequence[Example], bank: Bank, tick: Callable[[], None] = lambda: None
) -> None:
    """Describe every note, written or made, by readers that have not seen its author."""
    for train, test in folds(examples):
        tested = {examples[i].note.author for i in test}
        plain = [e for e in made if e.note.label != "conflict" and e.note.author not in tested]
        readers = fit_readers([*(examples[i] for i in train), *plain], bank)
        readers.describe([examples[i] for i in test])
        readers.describe([e for e in made if e.note.author in tested])
        tick()


def cross_decide(examples: Sequence[Example], made: Sequence[Example]) -> np.ndarray:
    """Logits of every written note from a decision fitted on other authors."""
    logits = np.zeros((len(examples), len(LABELS)))
    for train, test in folds(examples):
        tested = {examples[i].note.author for i in test}
        model = fit_decision([examples[i] for i in train], [e for e in made if e.note.author not in tested])
        logits[test] = decision_logits(model, [examples[i].row() for i in test])
    return logits


def fit_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The divisor of the logits that gives the smallest log loss."""

    def loss(log_t: float) -> float:
        z = logits / math.exp(log_t)
        z = z - z.max(axis=1, keepdims=True)
        return float(-(z[np.arange(len(z)), truth] - np.log(np.exp(z).sum(axis=1))).mean())

    return float(math.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def softmax_rows(logits: np.ndarray) -> np.ndarray:
    """Row-wise softmax."""
    z = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(z / z.sum(axis=1, keepdims=True))


def cross_calibrate(logits: np.ndarray, truth: np.ndarray, authors: Sequence[str]) -> np.ndarray:
    """Probabilities whose temperature was fitted on other authors' notes."""
    p = np.zeros_like(logits)
    who = np.array(authors)
    for train, test in GroupKFold(min(FOLDS, len(set(authors)))).split(logits, groups=who):
        p[test] = softmax_rows(logits[test] / fit_temperature(logits[train], truth[train]))
    return p


@dataclass(slots=True)
class Fitted:
    """Everything that ``training.__main__`` writes."""

    readers: Readers
    decision: Pipeline
    temperature: float
    probabilities: np.ndarray


def fit(notes: Sequence[LabelledNote], statements: Sequence[Statement], progress: Progress | None = None) -> Fitted:
    """Fit the whole model on training notes.

    Returns
    -------
    Fitted
        ``probabilities`` are the cross-fitted, cross-calibrated ones, shape (notes, 8), for thresholds and figures.
    """
    task = progress.add_task("fitting", total=FOLDS + 4) if progress else None

    def tick() -> None:
        if progress is not None and task is not None:
            progress.advance(task)

    lent = [s for n, s in enumerate(statements) if n % LENT == 0]
    kept = [s for n, s in enumerate(statements) if n % LENT]
    examples, made = read_examples(notes), read_examples([*synthesize(notes, lent), *plain_notes(notes)])
    tick()
    cross_describe(examples, made, read_bank(kept), tick)
    logits = cross_decide(examples, made)
    tick()
    truth = np.array([LABELS.index(e.note.label) for e in examples])
    probabilities = cross_calibrate(logits, truth, [e.note.author for e in examples])
    decision = fit_decision(examples, made)
    tick()
    readers = fit_readers([*examples, *(e for e in made if e.note.label != "conflict")], read_bank(statements))
    tick()
    return Fitted(readers, decision, fit_temperature(logits, truth), probabilities)
