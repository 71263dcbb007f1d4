"""Bytes from a file or standard input to a note's text: decoded, never edited.

UTF-8 (with or without its mark) and UTF-16 with a mark are read as such; bytes that are not UTF-8 are read as
Windows-1252, the other encoding that clinical exports use, and the caller is told. Binary content is refused. Line ends
stay as they are, so that offsets refer to what the user gave.
"""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

from classifier.errors import NoteError
from classifier.settings import MAX_CHARS

_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


def read_note_text(source: str) -> tuple[str, str, str | None]:
    """Read one note.

    Parameters
    ----------
    source : str
        A path, or ``-`` for standard input.

    Returns
    -------
    tuple of str, str, str or None
        A name for the note (the file's, or ``stdin``), its text, and a remark on the encoding where one is due.

    Raises
    ------
    NoteError
        If the file cannot be opened, is binary, or is larger than a note may be.
    """
    name = "stdin" if source == "-" else Path(source).name
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except IsADirectoryError as error:
        raise NoteError(f"{source}: is a folder: name one file with one note") from error
    except OSError as error:
        raise NoteError(f"{source}: cannot be read ({error.strerror}): name a text file, or - for standard input") from error
    text, remark = decode(raw, name)
    return name, text, remark


def decode(raw: bytes, name: str) -> tuple[str, str | None]:
    """Decode a note's bytes; the remark says when the encoding was guessed."""
    if len(raw) > MAX_CHARS * 4:
        raise NoteError(f"{name}: {len(raw):,} bytes given, {MAX_CHARS * 4:,} allowed: one encounter a note")
    if raw.startswith(_BINARY):
        raise NoteError(f"{name}: is a binary file (a document, image or archive): give plain text")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16"), None
        except UnicodeDecodeError as error:
            raise NoteError(f"{name}: starts as UTF-16 but is not: save it as UTF-8") from error
    try:
        return raw.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        controls = sum(byte < 9 or 13 < byte < 27 for byte in raw[:4096])
        if controls * 50 > len(raw[:4096]):
            raise NoteError(f"{name}: is not text: give plain text in UTF-8") from None
        return raw.decode("cp1252", errors="replace"), "not UTF-8: read as Windows-1252"
