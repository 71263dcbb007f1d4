"""From a judged note to what a person reads: the facts, the deciding words, and the words set aside.

Evidence is what moved the answer: in the sentences that the statement model believes, the run of words whose weights
carried it there, together with the believed mentions they touch. A shown sentence speaks for a fact of the answer (how
seen, where the patient was, in which setting); what speaks for nothing is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.features import AWAY, HOME, STATEMENTS, UNSETTLED, group, shape
from classifier.model import Model
from classifier.policy import LOOKS_LIKE
from classifier.records import Assertion, Cue, Evidence, Fact, Facts, Kind, Span

if TYPE_CHECKING:
    from classifier.suggest import Judged

_RELEVANT: dict[str, tuple[str, ...]] = {
    "10": ("video", "audio", "home"),
    "02": ("video", "audio", "away"),
    "11": ("in_person",),
    "location_missing": ("video", "audio"),
    "modality_missing": (),
    "conflict": ("video", "audio", "home", "away", "in_person"),
    "other_setting": ("other_setting", "in_person"),
    "no_visit": ("no_visit",),
}
GROUPS: dict[str, frozenset[str]] = {
    "video": frozenset({"TELE"}),
    "audio": frozenset({"TELE"}),
    "home": frozenset({"HOME"}),
    "away": frozenset({"AWAY", "UNSETTLED"}),
    "in_person": frozenset({"hands_on", "measured", "arrival", "in_person"}),
    "other_setting": frozenset({"setting", "AWAY"}),
    "no_visit": frozenset({"no_visit", "async"}),
}
_KINDS = {
    "video": Kind.MODALITY,
    "audio": Kind.MODALITY,
    "home": Kind.PATIENT_PLACE,
    "away": Kind.PATIENT_PLACE,
    "in_person": Kind.HANDS_ON,
    "other_setting": Kind.SETTING,
    "no_visit": Kind.NO_VISIT,
}
_SHOWN_ASIDE = frozenset({"TELE", "HOME", "AWAY", "UNSETTLED", "in_person", "setting"})
BELIEVED = 0.5
FAINT = 0.15
MAX_EVIDENCE = 6
MAX_PER_FACT = 3
LIKELY = 0.35
MAX_ASIDE = 8


@dataclass(frozen=True, slots=True)
class Told:
    """The readable part of a suggestion."""

    facts: Facts
    evidence: tuple[Evidence, ...]
    set_aside: tuple[Evidence, ...]
    looks_like: str | None


def tell(judged: Judged, model: Model, label: str) -> Told:
    """Explain a judged note for the answer ``label``, one of ``model.LABELS``."""
    evidence = _evidence(judged, model, label)
    looks_like = LOOKS_LIKE.get(_setting(judged) or "") if label == "other_setting" else None
    return Told(_facts(judged, evidence), evidence, _set_aside(judged), looks_like)


def cue(judged: Judged, n: int) -> Cue:
    """The ``n``-th observation as a plain value."""
    seen = judged.observations[n]
    entry = seen.mention.entry
    reading = judged.reading
    return Cue(
        entry.id,
        _owner(entry.kind, seen.assertion, seen.because, seen.near),
        entry.value,
        reading.starts[seen.mention.first],
        reading.ends[seen.mention.last - 1],
        seen.assertion,
        seen.because,
        seen.section,
        judged.mention_weights[n],
    )


def _owner(kind: str, assertion: Assertion, because: Span | None, near: Mapping[str, tuple[int, object]]) -> Kind:
    """Whose place a place is: the rule that set it aside says so."""
    if kind == Kind.PATIENT_PLACE and assertion == Assertion.OTHER_PERSON and because is not None:
        clinician = near.get("clinician")
        other = near.get("other")
        if clinician and (not other or abs(clinician[0]) <= abs(other[0])):
            return Kind.CLINICIAN_PLACE
        return Kind.OTHERS_PLACE
    return Kind(kind)


def _evidence(judged: Judged, model: Model, label: str) -> tuple[Evidence, ...]:
    """The strongest runs of words for each fact that the answer rests on, in text order."""
    found: list[Evidence] = []
    for fact in _RELEVANT[label]:
        k = STATEMENTS.index(fact)
        ranked = sorted(range(len(judged.statements)), key=lambda n: -judged.statements[n][k])
        for rank, n in enumerate(ranked[:MAX_PER_FACT]):
            p = judged.statements[n][k]
            if p < (FAINT if rank == 0 else LIKELY):
                break
            found.append(_run(judged, model, n, k, p))
    merged: list[Evidence] = []
    for item in sorted(found, key=lambda e: (-e.probability, e.start)):
        if not any(item.start < kept.end and kept.start < item.end for kept in merged):
            merged.append(item)
    return tuple(sorted(merged[:MAX_EVIDENCE], key=lambda e: e.start))


def _run(judged: Judged, model: Model, n: int, k: int, p: float) -> Evidence:
    """The run of words in sentence ``n`` with the largest sum of weights for statement ``k``."""
    reading = judged.reading
    first, last = reading.sentences[n]
    gains = _gains(judged, model, n, k)
    begin, end = _best_run(gains)
    begin, end, entry_id, value = _stretch(judged, n, k, first + begin, first + end)
    start, stop = reading.starts[begin], reading.ends[end - 1]
    return Evidence(
        kind=_KINDS[STATEMENTS[k]],
        value=value,
        start=start,
        end=stop,
        quote=reading.text[start:stop],
        sentence_start=reading.starts[first],
        sentence_end=reading.ends[last - 1],
        assertion=Assertion.AFFIRMED,
        because=None,
        because_quote=None,
        probability=p,
        weight=sum(gains),
        entry_id=entry_id,
    )


def _gains(judged: Judged, model: Model, n: int, k: int) -> list[float]:
    """Log-odds that each word of sentence ``n`` gives to statement ``k``: its own, half of each pair, its cues."""
    reading = judged.reading
    first, last = reading.sentences[n]
    words = [shape(word) for word in reading.words[first:last]]
    terms = model.statement.terms
    gains = [0.0] * len(words)

    def weight(name: str) -> float:
        found = terms.get(name)
        return found[k] if found is not None else 0.0

    for i, word in enumerate(words):
        gains[i] += weight(f"u={word}")
        if i:
            share = weight(f"b={words[i - 1]} {word}") / 2
            gains[i] += share
            gains[i - 1] += share
        if i > 1:
            share = weight(f"t={words[i - 2]} {words[i - 1]} {word}") / 3
            for j in (i, i - 1, i - 2):
                gains[j] += share
    for seen, belief in zip(judged.observations, judged.mention_weights, strict=True):
        if seen.sentence == n and seen.assertion == Assertion.AFFIRMED:
            entry = seen.mention.entry
            if group(entry.kind, entry.value) in GROUPS[STATEMENTS[k]]:
                for i in range(seen.mention.first - first, seen.mention.last - first):
                    gains[i] += belief
    return gains


def _best_run(gains: list[float], cost: float = 0.12, longest: int = 14) -> tuple[int, int]:
    """The half-open run of at most ``longest`` words with the largest sum after a cost per word."""
    best, where = float("-inf"), (0, 1)
    for begin in range(len(gains)):
        total = 0.0
        for end in range(begin, min(len(gains), begin + longest)):
            total += gains[end] - cost
            if total > best:
                best, where = total, (begin, end + 1)
    return where


def _stretch(judged: Judged, n: int, k: int, begin: int, end: int) -> tuple[int, int, str, str]:
    """Widen a run to the believed mentions it touches; the strongest names the entry and value."""
    name, value, strongest = "sentence", STATEMENTS[k], 0.0
    for seen, belief in zip(judged.observations, judged.mention_weights, strict=True):
        m = seen.mention
        if seen.sentence != n or seen.assertion != Assertion.AFFIRMED or m.first >= end or begin >= m.last:
            continue
        if group(m.entry.kind, m.entry.value) in GROUPS[STATEMENTS[k]]:
            begin, end = min(begin, m.first), max(end, m.last)
            if belief > strongest and STATEMENTS[k] not in {"in_person", "no_visit"}:
                name, value, strongest = m.entry.id, m.entry.value, belief
    if STATEMENTS[k] in {"video", "audio"} and value == "tele":
        value = STATEMENTS[k]
    return begin, end, name, value


def _facts(judged: Judged, evidence: tuple[Evidence, ...]) -> Facts:
    p = judged.probabilities
    tele = p["02"] + p["10"] + p["location_missing"]
    person = p["11"] + p["other_setting"]
    top = dict(zip(STATEMENTS, map(max, zip(*judged.statements, strict=True)), strict=True)) if judged.statements else {}
    spans = {kind: tuple(Span(e.start, e.end) for e in evidence if e.kind == kind) for kind in Kind}
    if max(tele, person) < BELIEVED:
        modality = Fact(None, 1 - max(tele, person))
    elif tele >= person:
        modality = Fact("video" if top.get("video", 0) >= top.get("audio", 0) else "audio", tele, spans[Kind.MODALITY])
    else:
        modality = Fact("in_person", person, spans[Kind.HANDS_ON] + spans[Kind.SETTING])
    if tele >= BELIEVED and p["10"] >= p["02"] and p["10"] >= p["location_missing"]:
        place = Fact(_place(judged, HOME, "home"), p["10"] / tele, spans[Kind.PATIENT_PLACE])
    elif tele >= BELIEVED and p["02"] >= p["location_missing"]:
        place = Fact(_place(judged, AWAY | UNSETTLED, "not_home"), p["02"] / tele, spans[Kind.PATIENT_PLACE])
    else:
        place = Fact(None, 1 - (p["10"] + p["02"]) / tele if tele >= BELIEVED else 0.0)
    if person >= BELIEVED:
        is_office = p["11"] >= p["other_setting"]
        setting = Fact(
            "office" if is_office else _setting(judged), max(p["11"], p["other_setting"]) / person, spans[Kind.SETTING]
        )
    else:
        setting = Fact(None, 1 - person)
    return Facts(modality, place, setting)


def _place(judged: Judged, values: frozenset[str], otherwise: str) -> str:
    """The most believed patient's place among ``values``, from the sentences that show one."""
    best, name = 0.0, otherwise
    k = STATEMENTS.index("home" if otherwise == "home" else "away")
    for value, belief in _affirmed(judged, "patient_place", k):
        if value in values and value != "facility" and belief > best:
            best, name = belief, value
    return name


def _setting(judged: Judged) -> str | None:
    """The most believed setting other than an office."""
    k = STATEMENTS.index("other_setting")
    best, name = 0.0, None
    for kind in ("setting", "patient_place"):
        for value, belief in _affirmed(judged, kind, k):
            if value in LOOKS_LIKE and belief > best:
                best, name = belief, value
    return name


def _affirmed(judged: Judged, kind: str, k: int) -> Iterator[tuple[str, float]]:
    for seen, belief in zip(judged.observations, judged.mention_weights, strict=True):
        if seen.mention.entry.kind == kind and seen.assertion == Assertion.AFFIRMED:
            yield seen.mention.entry.value, belief * (0.2 + judged.statements[seen.sentence][k])


def _set_aside(judged: Judged) -> tuple[Evidence, ...]:
    """Mentions that a rule set aside and the judge does not believe, with the words that did it."""
    reading = judged.reading
    shown: list[tuple[float, Evidence]] = []
    covered = 0
    for n, seen in enumerate(judged.observations):
        entry = seen.mention.entry
        if seen.because is None or judged.mention_weights[n] >= BELIEVED:
            continue
        if group(entry.kind, entry.value) not in _SHOWN_ASIDE or entry.value in {"state_only", "label"}:
            continue
        one = cue(judged, n)
        if one.start < covered:
            continue
        covered = one.end
        first, last = reading.sentences[seen.sentence]
        shown.append(
            (
                1.0 if seen.assertion != Assertion.IDIOM else 0.5,
                Evidence(
                    one.kind,
                    one.value,
                    one.start,
                    one.end,
                    reading.text[one.start : one.end],
                    reading.starts[first],
                    reading.ends[last - 1],
                    seen.assertion,
                    seen.because,
                    reading.text[seen.because.start : seen.because.end],
                    judged.mention_weights[n],
                    0.0,
                    entry.id,
                ),
            )
        )
    shown.sort(key=lambda item: (-item[0], item[1].start))
    return tuple(sorted((item for _, item in shown[:MAX_ASIDE]), key=lambda e: e.start))
