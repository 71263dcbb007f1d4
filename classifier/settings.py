"""One table of settings: name, default, unit, help. Defaults, ``--help`` and the documentation are read from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting a user may change; ``unit`` is empty for plain text."""

    name: str
    default: str
    unit: str
    help: str


MAX_CHARS = 6_000_000
"""Longest text read as one note, in characters; a longer one is refused, never cut."""

SETTINGS = (
    Setting("DOC2POS_MODEL", "", "folder", "model folder to use instead of the one that ships"),
    Setting("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db", "URI", "where python -m eval logs its runs"),
)
