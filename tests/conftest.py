"""One classifier for the whole run: loading it takes longer than any test."""

from pathlib import Path

import pytest

import classifier
from classifier.suggest import Classifier

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def reader() -> Classifier:
    return classifier.load()
