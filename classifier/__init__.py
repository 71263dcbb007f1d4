"""doc2pos: which place-of-service code, 02, 10 or 11, does an encounter note support, and by which words?

>>> import classifier
>>> reader = classifier.load()
>>> note = classifier.Note(note_id="1", text="Video visit. Patient is at home, in her kitchen.")
>>> reader.suggest(note).scores.best
'10'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from classifier.records import Note, Suggestion

if TYPE_CHECKING:
    from classifier.suggest import Classifier, load

__version__ = "0.1.0"
__all__ = ["Classifier", "Note", "Suggestion", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the way through the product (and with it spaCy) only when it is asked for."""
    if name in {"Classifier", "load"}:
        from classifier import suggest

        return getattr(suggest, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
