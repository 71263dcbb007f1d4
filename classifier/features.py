"""Judged cues to named numbers: the columns of the two linear models, and nothing hidden beside them.

``mention_features`` describes one cue in its surroundings for the judge ("does this mention describe this visit?");
``note_features`` describes a whole note through its judged cues for the decision. Both return ``{name: value}`` with
names a person can read in ``doc2pos explain``; the fitted model keeps a closed list of them and drops the rest.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from itertools import pairwise

from classifier.context import Observation
from classifier.cues import Reading
from classifier.records import Assertion
from classifier.resources import lists

_NUMBER = re.compile(r"^[\d.,:/%]+$")
_KIN = frozenset(lists()["kin"])
_DAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    ]
)
_MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
    ]
)
_STATES = frozenset(word for state in lists()["state"] for word in state.split())

HOME = frozenset({"home", "relative_home", "temporary_lodging", "near_home"})
AWAY = frozenset(
    {
        "vehicle",
        "workplace",
        "school",
        "public_place",
        "clinic",
        "hospital",
        "emergency_department",
        "nursing_facility",
        "correctional",
        "facility",
    }
)
TELE = frozenset({"video", "audio", "tele"})
UNSETTLED = frozenset({"assisted_living", "group_home"})


MAX_SHAPES = 50_000
_SHAPES: dict[str, str] = {}
"""Shapes of words already met; bounded, so that a million notes of new words cost no more memory."""


def shape(word: str) -> str:
    """A word as the models see it: numbers, kin, days, months and states by their class.

    >>> shape("14:30"), shape("daughter"), shape("tuesday"), shape("couch")
    ('#', 'KIN', 'DAY', 'couch')
    """
    found = _SHAPES.get(word)
    if found is None:
        found = _shape(word)
        if len(_SHAPES) < MAX_SHAPES:
            _SHAPES[word] = found
    return found


def _shape(word: str) -> str:
    if _NUMBER.match(word):
        return "#"
    if word in _KIN:
        return "KIN"
    if word in _DAYS:
        return "DAY"
    if word in _MONTHS:
        return "MONTH"
    if word in _STATES:
        return "STATE"
    return word


def group(kind: str, value: str) -> str:
    """The coarse idea a cue stands for, shared by many entries."""
    if kind == "patient_place":
        if value in HOME:
            return "HOME"
        if value in AWAY:
            return "AWAY"
        if value in UNSETTLED:
            return "UNSETTLED"
        return value
    if kind == "modality":
        return "TELE" if value in TELE else value
    return kind


def _distance(steps: int) -> str:
    size = abs(steps)
    side = "<" if steps < 0 else ">"
    return side + ("1" if size == 1 else "2" if size == 2 else "5" if size <= 5 else "9" if size <= 9 else "+")


def mention_features(reading: Reading, observations: list[Observation]) -> list[dict[str, float]]:
    """Describe every observed cue.

    Returns
    -------
    list of dict
        One ``{name: 1.0}`` per observation, in order. Names starting ``v|`` are joined with the cue's kind and value.
    """
    shapes = [shape(word) for word in reading.words]
    in_sentence: dict[int, list[Observation]] = defaultdict(list)
    for seen in observations:
        in_sentence[seen.sentence].append(seen)
    present = {group(o.mention.entry.kind, o.mention.entry.value) for o in observations if o.assertion == Assertion.AFFIRMED}
    return [_mention(reading, shapes, seen, in_sentence[seen.sentence], present) for seen in observations]


def _mention(
    reading: Reading, shapes: list[str], seen: Observation, beside: list[Observation], present: set[str]
) -> dict[str, float]:
    entry = seen.mention.entry
    first, last = seen.mention.first, seen.mention.last
    begin, end = reading.sentences[seen.sentence]
    value = f"{entry.kind}:{entry.value}"
    phrase = " ".join(shapes[first:last])
    names = [f"v={value}", f"e={entry.id}", f"p={phrase}", f"a={seen.assertion}", f"{value}|a={seen.assertion}"]
    names += [f"s={seen.section}", f"{value}|s={seen.section}", f"{entry.id}|s={seen.section}"]
    left = shapes[max(begin, first - 6) : first]
    right = shapes[last : min(end, last + 6)]
    one, two = (left[-1] if left else "^"), (left[-2] if len(left) > 1 else "^")
    next_one, next_two = (right[0] if right else "$"), (right[1] if len(right) > 1 else "$")
    grp = group(entry.kind, entry.value)
    names += [f"l1={one}", f"{grp}|l1={one}", f"l2={two} {one}", f"{grp}|l2={two} {one}"]
    names += [f"r1={next_one}", f"{grp}|r1={next_one}", f"r2={next_one} {next_two}", f"{grp}|r2={next_one} {next_two}"]
    names += [f"{phrase}|l1={one}", f"{phrase}|r1={next_one}"]
    names += [f"w={word}" for word in {*left, *right}] + [f"{grp}|w={word}" for word in {*left, *right}]
    for what, (distance, trigger) in seen.near.items():
        far = _distance(distance)
        names += [f"n={what}{far}", f"{grp}|n={what}{far}", f"{grp}|t={trigger.phrase}", f"{grp}|n={what}"]
    for other in beside:
        if other is not seen:
            kin = group(other.mention.entry.kind, other.mention.entry.value)
            side = "<" if other.mention.first < first else ">"
            names += [f"{grp}|with={kin}", f"{grp}|with={kin}{side}", f"{value}|with={other.mention.entry.value}"]
            if other.assertion != Assertion.AFFIRMED:
                names.append(f"{grp}|with={kin}:{other.assertion}")
    if seen.label:
        names += [f"lab={word}" for word in re.findall(r"[a-z]+", seen.label)[:5]]
        names += [f"{grp}|lab={word}" for word in re.findall(r"[a-z]+", seen.label)[:5]]
    if seen.in_label:
        names += ["in_label", f"{grp}|in_label"]
    if seen.tick:
        names += [f"tick={seen.tick}", f"{grp}|tick={seen.tick}"]
    total = max(len(shapes), 1)
    place = "first" if seen.sentence == 0 else "early" if first < total * 0.2 else "late" if first > total * 0.8 else "middle"
    names += [f"at={place}", f"{grp}|at={place}"]
    if seen.sentence == len(reading.sentences) - 1:
        names.append(f"{grp}|at=last")
    names += [f"{grp}|has={other}" for other in present]
    short = "short" if end - begin <= 6 else "long" if end - begin > 25 else "mid"
    names += [f"{grp}|sentence={short}"]
    return dict.fromkeys(names, 1.0)


def note_features(reading: Reading, observations: list[Observation], weights: list[float]) -> dict[str, float]:
    """Describe a note through its judged cues.

    Parameters
    ----------
    weights : list of float
        The judge's probability, 0 to 1, of each observation.

    Returns
    -------
    dict
        For every value and group: the strongest mention, the noisy-or of all and how many are believed; then what can
        and cannot hold together (telehealth beside hands-on findings, a visit and no place), in the same scale.
    """
    keep: dict[str, list[float]] = defaultdict(list)
    rule: dict[str, int] = defaultdict(int)
    for seen, weight in zip(observations, weights, strict=True):
        entry = seen.mention.entry
        value, grp = f"{entry.kind}:{entry.value}", group(entry.kind, entry.value)
        keep[f"v {value}"].append(weight)
        keep[f"g {grp}"].append(weight)
        keep[f"e {entry.id}"].append(weight)
        if seen.assertion == Assertion.AFFIRMED:
            rule[f"g {grp}"] += 1
            rule[f"v {value}"] += 1
        else:
            rule[f"x {grp}:{seen.assertion}"] += 1
    row: dict[str, float] = {}
    top: dict[str, float] = {}
    for name, values in keep.items():
        best = max(values)
        row[f"max {name}"] = best
        row[f"or {name}"] = 1 - math.prod(1 - min(v, 0.999) for v in values)
        believed = sum(v > 0.5 for v in values)
        if believed:
            row[f"n {name}"] = math.log1p(believed)
        top[name] = best
    for name, count in rule.items():
        row[f"rule {name}"] = math.log1p(count)
    row.update(_together(top))
    words = len(reading.words)
    row["length"] = math.log1p(words) / 7
    row["short"] = float(words < 60)
    return row


def _together(top: dict[str, float]) -> dict[str, float]:
    """Products of beliefs: what holds together with what."""

    def belief(*names: str) -> float:
        return 1 - math.prod(1 - top.get(name, 0.0) for name in names)

    tele = belief("g TELE")
    home = belief("g HOME")
    away = belief("g AWAY")
    unsettled = belief("g UNSETTLED")
    touch = belief("g hands_on", "g measured")
    arrival = belief("g arrival", "g in_person")
    person = 1 - (1 - touch) * (1 - arrival)
    office = top.get("v setting:office", 0.0)
    setting = belief(*(name for name in top if name.startswith("v setting:") and name != "v setting:office"))
    hospital = belief(
        "v patient_place:hospital",
        "v patient_place:emergency_department",
        "v patient_place:nursing_facility",
        "v patient_place:correctional",
    )
    other = 1 - (1 - setting) * (1 - hospital)
    novisit = belief("g no_visit", "g async")
    remote = top.get("g remote_finding", 0.0)
    placed = 1 - (1 - home) * (1 - away) * (1 - unsettled)
    return {
        "& tele home": tele * home * (1 - away),
        "& tele away": tele * away * (1 - home),
        "& tele home away": tele * home * away,
        "& tele unplaced": tele * (1 - placed),
        "& tele unsettled": tele * unsettled,
        "& tele touch": tele * touch,
        "& tele arrival": tele * arrival,
        "& tele person home": tele * person * home,
        "& tele person away": tele * person * away,
        "& tele person unplaced": tele * person * (1 - placed),
        "& touch no tele": touch * (1 - tele),
        "& person no tele no other": person * (1 - tele) * (1 - other),
        "& person no tele other": person * (1 - tele) * other,
        "& office no tele": max(office, top.get("v patient_place:clinic", 0.0)) * (1 - tele),
        "& office tele": max(office, top.get("v patient_place:clinic", 0.0)) * tele,
        "& other no tele": other * (1 - tele),
        "& other tele": other * tele,
        "& nothing": (1 - tele) * (1 - person) * (1 - other) * (1 - novisit),
        "& nothing placed": (1 - tele) * (1 - person) * placed,
        "& novisit no tele": novisit * (1 - tele) * (1 - person),
        "& novisit": novisit * (1 - person),
        "& remote tele": remote * tele,
        "& remote no person": remote * (1 - person),
        "& home no person": home * (1 - person) * (1 - other),
        "& tele": tele,
        "& person": person,
        "& other": other,
        "& placed": placed,
    }


STATEMENTS = ("video", "audio", "home", "away", "in_person", "other_setting", "no_visit")
"""What one sentence may show about this visit, in the order of the statement model's outputs."""


def statement_features(reading: Reading, observations: list[Observation]) -> list[dict[str, float]]:
    """Describe every sentence for the statement model ("what does this sentence show about this visit?").

    Returns
    -------
    list of dict
        One ``{name: 1.0}`` per sentence of ``reading.sentences``.
    """
    shapes = [shape(word) for word in reading.words]
    by_sentence: dict[int, list[Observation]] = defaultdict(list)
    for seen in observations:
        by_sentence[seen.sentence].append(seen)
    count = len(reading.sentences)
    groups = [
        sorted({f"{group(o.mention.entry.kind, o.mention.entry.value)}:{o.assertion}" for o in by_sentence[n]})
        for n in range(count)
    ]
    rows = []
    for n, (first, last) in enumerate(reading.sentences):
        row = _statement(shapes[first:last], by_sentence[n])
        start = reading.starts[first]
        row[f"s={reading.sections[reading.section_at.at(start)].kind}"] = 1.0
        for word in _label_words(reading.lines[reading.line_at.at(start)].label):
            row[f"lab={word}"] = 1.0
        place = (
            "0" if n == 0 else "end" if n == count - 1 else "early" if n < count / 4 else "late" if n > count * 0.75 else "mid"
        )
        row[f"pos={place}"] = 1.0
        for step in (-1, 1):
            if 0 <= n + step < count:
                row.update(dict.fromkeys((f"nb{step}={name}" for name in groups[n + step]), 1.0))
        rows.append(row)
    return rows


def _statement(words: list[str], seen: list[Observation]) -> dict[str, float]:
    row = dict.fromkeys((f"u={word}" for word in words), 1.0)
    row.update(dict.fromkeys((f"b={a} {b}" for a, b in zip(["^", *words], words, strict=False)), 1.0))
    row.update(dict.fromkeys((f"t={a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)), 1.0))
    groups = set()
    for one in seen:
        entry = one.mention.entry
        grp = group(entry.kind, entry.value)
        groups.add(grp)
        names = [
            f"c={grp}",
            f"c={grp}:{one.assertion}",
            f"c={entry.value}:{one.assertion}",
            f"e={entry.id}",
            f"c={grp}|s={one.section}",
        ]
        if one.tick:
            names.append(f"k={grp}:{one.tick}")
        names += [f"n={grp}|{what}{'<' if near[0] < 0 else '>'}" for what, near in one.near.items()]
        names += [f"lab={grp}|{word}" for word in _label_words(one.label)]
        row.update(dict.fromkeys(names, 1.0))
    ordered = sorted(groups)
    row.update(dict.fromkeys((f"cc={a}+{b}" for i, a in enumerate(ordered) for b in ordered[i + 1 :]), 1.0))
    row["len=" + ("s" if len(words) < 5 else "m" if len(words) < 20 else "l")] = 1.0
    return row


def _label_words(label: str) -> list[str]:
    return re.findall(r"[a-z]+", label)[:4] if label else []


def word_features(reading: Reading, observations: list[Observation]) -> dict[str, float]:
    """Describe a whole note by its words, word pairs and cues, for the word model (tf-idf, no order)."""
    shapes = [shape(word) for word in reading.words]
    row = dict.fromkeys(shapes, 1.0)
    row.update(dict.fromkeys((f"{a} {b}" for a, b in pairwise(shapes)), 1.0))
    for seen in observations:
        entry = seen.mention.entry
        grp = group(entry.kind, entry.value)
        row[f"C:{grp}:{seen.assertion}"] = 1.0
        row[f"C:{entry.value}:{seen.assertion}"] = 1.0
        row[f"C:{grp}|{seen.section}"] = 1.0
    return row


def decision_features(
    reading: Reading,
    observations: list[Observation],
    weights: list[float],
    statements: list[list[float]],
    words: list[float],
) -> dict[str, float]:
    """The row the decision is made from: judged cues, what the sentences show, and what the words suggest.

    Parameters
    ----------
    weights : list of float
        The judge's probability of each observation.
    statements : list of list of float
        For each sentence, the probability of each of ``STATEMENTS``.
    words : list of float
        The word model's probabilities, in the order of its labels.
    """
    row = {f"C {name}": value for name, value in note_features(reading, observations, weights).items()}
    row.update(_pooled(statements))
    row.update({f"T {n}": math.log(p + 0.01) for n, p in enumerate(words)})
    return row


def _pooled(statements: list[list[float]]) -> dict[str, float]:
    row: dict[str, float] = {}
    top: dict[str, float] = {}
    for k, name in enumerate(STATEMENTS):
        column = sorted((sentence[k] for sentence in statements), reverse=True) or [0.0]
        top[name] = column[0]
        row[f"S max {name}"] = column[0]
        row[f"S second {name}"] = column[1] if len(column) > 1 else 0.0
        row[f"S or {name}"] = 1 - math.prod(1 - min(p, 0.99) for p in column)
        row[f"S log {name}"] = math.log(column[0] + 0.01)
        row[f"S believed {name}"] = math.log1p(sum(p > 0.5 for p in column))
        row[f"S total {name}"] = math.log1p(sum(column))
    tele = max(top["video"], top["audio"])
    home, away, person = top["home"], top["away"], top["in_person"]
    other, none = top["other_setting"], top["no_visit"]
    products = {
        "tele home": tele * home * (1 - away),
        "tele away": tele * away * (1 - home),
        "tele home away": tele * home * away,
        "tele unplaced": tele * (1 - home) * (1 - away),
        "tele person": tele * person,
        "tele person home": tele * person * home,
        "tele person away": tele * person * away,
        "tele person unplaced": tele * person * (1 - home) * (1 - away),
        "person alone": person * (1 - tele) * (1 - other),
        "person other": person * other * (1 - tele),
        "other no tele": other * (1 - tele),
        "other tele": other * tele,
        "other no person": other * (1 - person),
        "nothing": (1 - tele) * (1 - person) * (1 - other) * (1 - none) * (1 - home) * (1 - away),
        "no visit": none * (1 - tele) * (1 - person),
        "no visit tele": none * tele,
        "no visit person": none * person,
        "home alone": home * (1 - tele) * (1 - person),
        "away alone": away * (1 - tele) * (1 - person),
    }
    row.update({f"S & {name}": value for name, value in products.items()})
    return row
