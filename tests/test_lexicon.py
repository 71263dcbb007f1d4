"""Every lexicon entry keeps its word: its example yields the cue, its counterexample does not."""

from __future__ import annotations

import pytest

from classifier.context import observe
from classifier.cues import finder
from classifier.records import Assertion, Kind
from classifier.resources import CONTEXT, Entry, lexicon

_each_entry = pytest.mark.parametrize("entry", lexicon(), ids=lambda entry: entry.id)


def _yields(entry: Entry, text: str) -> bool:
    reading, mentions = finder().read(text)
    if entry.kind in {CONTEXT, Kind.UNFILLED}:
        return any(mention.entry.id == entry.id and mention.idiom is None for mention in mentions)
    return any(seen.mention.entry.id == entry.id and seen.assertion == Assertion.AFFIRMED for seen in observe(reading, mentions))


@_each_entry
def test_example_yields_the_cue(entry: Entry) -> None:
    assert _yields(entry, entry.example)


@_each_entry
def test_counterexample_does_not(entry: Entry) -> None:
    assert not _yields(entry, entry.counterexample)
