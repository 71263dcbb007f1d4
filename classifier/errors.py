"""The errors a caller may meet: few, named for what went wrong, and never carrying a word of a note.

Every message says what was given, what is allowed and what to do. ``exit_code`` is what the command line ends with.
"""

from __future__ import annotations


class Doc2posError(Exception):
    """Base of every error raised on purpose."""

    exit_code = 1


class NoteError(Doc2posError):
    """The note cannot be read: empty, too large, binary, or not text in a known encoding."""

    exit_code = 3


class ResourceError(Doc2posError):
    """A shipped or user-supplied table is missing, malformed, or has an unknown key."""

    exit_code = 4


class ModelError(Doc2posError):
    """A model folder is refused: wrong hash, foreign type, unknown format, or another lexicon's model."""

    exit_code = 5


class SettingsError(Doc2posError):
    """A setting or option has a value that is not allowed."""

    exit_code = 2
