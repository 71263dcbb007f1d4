"""Text to cue candidates, by a spaCy pipeline built from the lexicon.

The room is tuned for recall: whatever might speak of place or modality comes out, and later rooms judge it. Words are
read through a *reading document*, a spaCy ``Doc`` of lower-case, spelling-mended words without hyphens, white space or
mark-up, so that one phrase covers "in-person", "in person" and a line break between them; ``Reading`` keeps each
word's place in the untouched text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from classifier.records import Section
from classifier.resources import Entry, lexicon
from classifier.sections import Line, Locator, find_lines, find_sections
from classifier.settings import MAX_CHARS
from classifier.spelling import mend

_MARKUP = re.compile(
    r"<[/!]?[a-z][^<>\n]{0,120}>"
    r"|\\[a-z]{1,12}-?\d{0,5}[ ;]?"
    r"|&(?:nbsp|amp|lt|gt|#\d{1,5});"
    "|[{}]|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_WORD = re.compile(
    r"[^\W\d_]+(?=n't\b)|n't\b"  # can't: ca + n't
    r"|'s\b"
    r"|\d+(?:[.,:]\d+)*(?![^\W_])"  # 14:30, 98.6, 1,200
    r"|(?:\b[^\W\d_]\.){2,}"  # a.m.
    r"|[^\W_]+(?:&[^\W_]+)?"
    r"|\.{2,}|-(?=\s)|(?<=\s)-|[^\w\s-]|_"
)
"""Words: letters and digits; a hyphen counts only where it stands free, so that "in-person" reads as "in person"."""
_KEEP = re.compile(r"\{[^{}\n]{0,60}:\d{3,}\}")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})
_WRAP_MIN = 55


@dataclass(slots=True)
class Reading:
    """A note as the matcher reads it.

    ``words`` are the ``n`` words; ``starts`` and ``ends`` their character offsets; ``sentence`` the index of the
    sentence of each word; ``sentences`` the half-open word ranges.
    """

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    sentences: list[tuple[int, int]]
    sections: tuple[Section, ...]
    lines: tuple[Line, ...]
    section_at: Locator
    line_at: Locator


@dataclass(frozen=True, slots=True)
class Mention:
    """A lexicon match: words ``first`` to ``last`` (half-open), the entry, and whether an idiom swallowed it."""

    entry: Entry
    first: int
    last: int
    idiom: tuple[int, int] | None = None


class ReadingTokenizer:
    """Text to the reading document; words, starts and ends travel in ``doc.user_data``.

    A regular expression cuts the words, not spaCy's own tokenizer: measured here it takes a tenth of the time, and what
    the matcher needs is only that the lexicon's phrases and the note are cut alike.
    """

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab

    def __call__(self, text: str) -> Doc:
        """Cut ``text`` into lower-case, mended words that the phrase matcher can compare."""
        reading = cut_words(text)
        doc = Doc(self._vocab, words=reading[0])
        doc.user_data["reading"] = reading
        return doc


def cut_words(text: str) -> tuple[list[str], list[int], list[int]]:
    """Words of ``text``, lower-case and mended, with their start and end characters."""
    plain = text.translate(_QUOTES).lower() if text.isascii() else _same_length_lower(text.translate(_QUOTES))
    if _MARKUP.search(plain):
        plain = _MARKUP.sub(_blank, plain)
    words, starts, ends = [], [], []
    for match in _WORD.finditer(plain):
        words.append(mend(match.group()))
        starts.append(match.start())
        ends.append(match.end())
    return words, starts, ends


def _same_length_lower(text: str) -> str:
    """Lower case, letter by letter where a letter would grow, so that offsets stay."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _blank(match: re.Match[str]) -> str:
    """Spaces of the same length, so that offsets stay; an unfilled smart-list keeps its words."""
    return match.group() if _KEEP.fullmatch(match.group()) else " " * len(match.group())


class CueFinder:
    """The pipeline: reading tokenizer, then one phrase matcher over every entry of the lexicon."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.nlp = spacy.blank("en")
        self.nlp.max_length = MAX_CHARS + 1
        self.nlp.tokenizer = ReadingTokenizer(self.nlp)
        self._matcher = PhraseMatcher(self.nlp.vocab, attr="ORTH")
        self._entries: dict[int, tuple[Entry, bool]] = {}
        self._patterns = [(entry, re.compile(entry.regex)) for entry in entries if entry.regex]
        for entry in entries:
            self._add(entry, entry.phrases, is_idiom=False)
            self._add(entry, entry.unless, is_idiom=True)

    def _add(self, entry: Entry, phrases: tuple[str, ...], *, is_idiom: bool) -> None:
        if not phrases:
            return
        name = f"{entry.id}{'!' if is_idiom else ''}"
        docs = [Doc(self.nlp.vocab, words=words) for phrase in phrases if (words := cut_words(phrase)[0])]
        self._matcher.add(name, docs)
        self._entries[self.nlp.vocab.strings[name]] = (entry, is_idiom)

    def read(self, text: str) -> tuple[Reading, list[Mention]]:
        """Read a note: its words in their places, and every lexicon match, longest first where two overlap."""
        doc = self.nlp.make_doc(text)
        words, starts, ends = doc.user_data["reading"]
        sections, lines = find_sections(text), find_lines(text)
        sentence, sentences = _sentences(text, words, starts, ends)
        reading = Reading(text, words, starts, ends, sentence, sentences, sections, lines, Locator(sections), Locator(lines))
        whole = [m for m in self._matches(doc, reading) if sentence[m[2]] == sentence[m[3] - 1]]
        return reading, list(self._resolve(whole))

    def _matches(self, doc: Doc, reading: Reading) -> list[tuple[Entry, bool, int, int]]:
        found = [(*self._entries[key], first, last) for key, first, last in self._matcher(doc)]
        for entry, pattern in self._patterns:
            for match in pattern.finditer(reading.text):
                words = _word_range(reading, match.start(), match.end())
                if words:
                    found.append((entry, False, *words))
        return found

    def _resolve(self, matches: list[tuple[Entry, bool, int, int]]) -> Iterator[Mention]:
        """Keep, for each entry group, the longest match; a longer idiom swallows what it covers.

        Context words never compete with cues, and cues of different kinds may share words: "seen in clinic" is a
        setting and a modality.
        """
        idioms: dict[tuple[str, int], tuple[int, int]] = {}
        by_group: dict[str, list[tuple[Entry, int, int]]] = {}
        for entry, is_idiom, first, last in matches:
            if not is_idiom:
                by_group.setdefault(entry.id, []).append((entry, first, last))
                continue
            for word in range(first, last):
                other = idioms.get((entry.id, word))
                if other is None or last - first > other[1] - other[0]:
                    idioms[entry.id, word] = (first, last)
        for entry_id, group in by_group.items():
            group.sort(key=lambda item: (item[1] - item[2], item[1]))
            taken: set[int] = set()
            for entry, first, last in group:
                span = range(first, last)
                if not taken.isdisjoint(span):
                    continue
                taken.update(span)
                idiom = idioms.get((entry_id, last - 1))
                is_cover = idiom is not None and idiom[1] - idiom[0] >= min(last - first, 2)
                yield Mention(entry, first, last, idiom if is_cover else None)


def _word_range(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    """Words that overlap the characters ``start`` to ``end``, as a half-open range."""
    first = bisect.bisect_right(reading.ends, start)
    last = bisect.bisect_left(reading.starts, end)
    return (first, last) if first < last else None


MAX_SENTENCE = 200
"""Words after which a sentence ends whatever follows, so that unpunctuated megabytes cost linear time."""
_ENDERS = {".", "!", "?", ";", "...", "•", "||"}


def _sentences(text: str, words: list[str], starts: list[int], ends: list[int]) -> tuple[list[int], list[tuple[int, int]]]:
    """Split words into sentences at final punctuation and at line ends that are not mere wrapping."""
    number: list[int] = []
    ranges: list[tuple[int, int]] = []
    begin = 0
    for n in range(len(words)):
        if n and (n - begin >= MAX_SENTENCE or words[n - 1] in _ENDERS or _is_break(text, ends[n - 1], starts[n])):
            if n > begin:
                ranges.append((begin, n))
            begin = n
        number.append(len(ranges))
    if len(words) > begin:
        ranges.append((begin, len(words)))
    return number, ranges


def _is_break(text: str, end: int, start: int) -> bool:
    """Whether the gap between two words ends a sentence: a blank line, or a line end that is not wrapping."""
    gap = text[end:start]
    if "\n" not in gap and "\r" not in gap:
        return False
    if gap.count("\n") > 1 or gap.strip("-") != gap.strip():
        return True
    line = end - (text.rfind("\n", 0, end) + 1)
    return line < _WRAP_MIN or not (text[start].islower() or text[start].isdigit())


@cache
def finder() -> CueFinder:
    """The finder over the shipped lexicon, built once a process."""
    return CueFinder(lexicon())
