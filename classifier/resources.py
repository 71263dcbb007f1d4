"""The only opener of ``data/``: reads, checks, hashes; refuses unknown keys.

A lexicon file is JSON lines, one entry a line. Phrases are written in a small notation: ``(a|b|)`` is a choice, the
empty one included, and ``{name}`` a choice from ``lists.json``. Everything is expanded here, once, to plain phrases.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from classifier.errors import ResourceError
from classifier.records import Kind

DATA = files("classifier").joinpath("data")
MAX_EXPANSION = 60_000
CONTEXT = "context"
_FIELDS = {"id", "kind", "value", "phrases", "unless", "regex", "example", "counterexample", "source", "since"}
_REQUIRED = {"id", "kind", "value", "example", "counterexample", "source", "since"}
_CHOICE = re.compile(r"\(([^()]*)\)|\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A lexicon entry: the words for one idea, and beside them the words that only look like it.

    ``phrases`` and ``unless`` are expanded and lower-case; an entry has phrases or a ``regex``, never both.
    ``example`` must yield an affirmed cue of the entry, ``counterexample`` must not.
    """

    id: str
    kind: str
    value: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...]
    regex: str | None
    example: str
    counterexample: str
    source: str
    since: str


def read_text(name: str) -> str:
    """Return a shipped file as text; ``name`` is relative to ``data/``.

    Raises
    ------
    ResourceError
        If the file is not part of the installation.
    """
    try:
        return DATA.joinpath(name).read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ResourceError(f"shipped file data/{name} is missing: reinstall doc2pos") from error


def lexicon_files() -> tuple[str, ...]:
    """Names of the lexicon's files, sorted, relative to ``data/``."""
    folder = DATA.joinpath("lexicon")
    return tuple(sorted(f"lexicon/{item.name}" for item in folder.iterdir() if item.name.endswith((".jsonl", ".json"))))


@cache
def lexicon_hash() -> str:
    """SHA-256 of the whole lexicon, the name of the vocabulary a model was fitted with."""
    digest = hashlib.sha256()
    for name in lexicon_files():
        digest.update(name.encode())
        digest.update(b"\0")
        digest.update(read_text(name).encode())
    return digest.hexdigest()


@cache
def lists() -> dict[str, tuple[str, ...]]:
    """The named lists that phrases may refer to."""
    return {name: tuple(words) for name, words in json.loads(read_text("lexicon/lists.json")).items()}


@cache
def lexicon() -> tuple[Entry, ...]:
    """Every entry of the shipped lexicon, in file order.

    Raises
    ------
    ResourceError
        For an unknown key, kind or list, a duplicate id, or a phrase that expands beyond ``MAX_EXPANSION``.
    """
    entries: list[Entry] = []
    for name in lexicon_files():
        if name.endswith(".jsonl"):
            entries.extend(parse_lexicon(read_text(name), name))
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise ResourceError(f"lexicon entry {entry.id!r} stands twice: ids are unique, rename one")
        seen.add(entry.id)
    return tuple(entries)


def parse_lexicon(text: str, name: str) -> list[Entry]:
    """Parse one lexicon file; ``name`` is used in messages."""
    return [_entry(line, f"{name}:{n}") for n, line in enumerate(text.splitlines(), 1) if line.strip()]


def _entry(line: str, where: str) -> Entry:
    try:
        raw: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        raise ResourceError(f"{where}: not a JSON object: write one entry a line") from error
    unknown = set(raw) - _FIELDS
    if unknown:
        raise ResourceError(f"{where}: unknown key {sorted(unknown)[0]!r}: allowed are {', '.join(sorted(_FIELDS))}")
    missing = _REQUIRED - set(raw)
    if missing or ("phrases" in raw) == ("regex" in raw):
        what = sorted(missing)[0] if missing else "phrases or regex, exactly one of them"
        raise ResourceError(f"{where}: {what} is missing")
    if raw["kind"] not in {*(kind.value for kind in Kind), CONTEXT}:
        raise ResourceError(f"{where}: unknown kind {raw['kind']!r}: allowed are {', '.join(Kind)} and {CONTEXT}")
    return Entry(
        id=raw["id"],
        kind=raw["kind"],
        value=raw["value"],
        phrases=_expand_all(raw.get("phrases", ()), where),
        unless=_expand_all(raw.get("unless", ()), where),
        regex=raw.get("regex"),
        example=raw["example"],
        counterexample=raw["counterexample"],
        source=raw["source"],
        since=raw["since"],
    )


def _expand_all(patterns: list[str] | tuple[str, ...], where: str) -> tuple[str, ...]:
    phrases: dict[str, None] = {}
    for pattern in patterns:
        phrases.update(dict.fromkeys(expand(pattern, where)))
        if len(phrases) > MAX_EXPANSION:
            raise ResourceError(f"{where}: expands to over {MAX_EXPANSION} phrases: split the entry")
    return tuple(phrases)


def expand(pattern: str, where: str = "pattern") -> list[str]:
    """Expand the notation of one phrase pattern into plain phrases.

    >>> expand("(on|by) (the|) phone")
    ['on the phone', 'on phone', 'by the phone', 'by phone']
    """
    parts: list[tuple[str, ...]] = []
    at = 0
    for match in _CHOICE.finditer(pattern):
        parts.append((pattern[at : match.start()],))
        if match.group(2):
            if match.group(2) not in lists():
                raise ResourceError(f"{where}: unknown list {{{match.group(2)}}}: see lexicon/lists.json")
            parts.append(lists()[match.group(2)])
        else:
            parts.append(tuple(_alternatives(match.group(1), where)))
        at = match.end()
    parts.append((pattern[at:],))
    return [" ".join("".join(choice).lower().split()) for choice in itertools.product(*parts)]


def _alternatives(group: str, where: str) -> list[str]:
    """The choices of a ``(a|b)`` group, each of which may itself refer to a list."""
    return [phrase for option in group.split("|") for phrase in (expand(option, where) if "{" in option else [option])]
