"""The values that travel from room to room: frozen, equal by content, without I/O.

Nothing of ours is imported here, so every other module may import this one. Offsets are 0-based, half-open
character positions into ``Note.text`` exactly as the caller gave it; no step of the way edits the text.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, cast

CODES = ("02", "10", "11")
"""The codes doc2pos may suggest, in the order every table uses."""

ANSWERS = ("02", "10", "11", "none")
"""The fixed label order of scores, metrics and confusion matrices."""

WIRE_VERSION = "1.0"
"""Version of ``Suggestion.to_dict``: the first number changes when a reader of the old form would break."""

CODE_NAMES = {
    "02": "Telehealth Provided Other than in Patient's Home",
    "10": "Telehealth Provided in Patient's Home",
    "11": "Office",
}


class Decision(StrEnum):
    """What the product does with a note: name a code, or hand it to a person."""

    SUGGEST = "suggest"
    REVIEW = "review"


class Reason(StrEnum):
    """Why no code is safe. The first five are the guideline's; the others belong to the product."""

    LOCATION_MISSING = "location_missing"
    MODALITY_MISSING = "modality_missing"
    CONFLICT = "conflict"
    OTHER_SETTING = "other_setting"
    NO_VISIT = "no_visit"
    LOW_PROBABILITY = "low_probability"
    OPINION_DIFFERS = "opinion_differs"
    CLAIM_DISAGREES = "claim_disagrees"
    PAYER_RULE_UNKNOWN = "payer_rule_unknown"
    CODE_NOT_IN_FORCE = "code_not_in_force"


class Kind(StrEnum):
    """What sort of fact a cue speaks of."""

    MODALITY = "modality"
    PATIENT_PLACE = "patient_place"
    CLINICIAN_PLACE = "clinician_place"
    OTHERS_PLACE = "others_place"
    SETTING = "setting"
    ARRIVAL = "arrival"
    HANDS_ON = "hands_on"
    MEASURED = "measured"
    REMOTE_FINDING = "remote_finding"
    NO_VISIT = "no_visit"
    CODE_STATED = "code_stated"
    RESOLUTION = "resolution"
    UNFILLED = "unfilled"


class Assertion(StrEnum):
    """Whether the words speak of this visit, and if not, why not."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"
    PAST = "past"
    PLANNED = "planned"
    OFFERED = "offered"
    OTHER_PERSON = "other_person"
    TEMPLATE = "template"
    UNTICKED = "unticked"
    HEADER = "header"
    IDIOM = "idiom"


@dataclass(frozen=True, slots=True)
class Note:
    """The documentation of one encounter.

    Parameters
    ----------
    note_id : str
        The caller's name for the note; the only part of it that may reach a log.
    text : str
        The note, verbatim. Never edited, never logged, absent from ``repr``.
    service_date : date, optional
        Date of service, for the code set and payer rules.
    payer : str, optional
        Payer name as the claim gives it.
    claimed_code : str, optional
        Two-character code on the claim, to be checked against the note.
    facility : str, optional
        What the schedule knows of the place ("hospital outpatient department").
    """

    note_id: str
    text: str = field(repr=False)
    service_date: date | None = None
    payer: str | None = None
    claimed_code: str | None = None
    facility: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Words that decided something: ``start`` and ``end`` are character offsets into ``Note.text``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the note under one heading; sections cover the text without gap or overlap."""

    kind: str
    start: int
    end: int
    body: int


@dataclass(frozen=True, slots=True)
class Cue:
    """A mention of place, modality, setting or touch, judged.

    ``because`` is the span of words that set the mention aside (None while affirmed). ``weight`` is the learned
    probability, 0 to 1, that the mention describes this encounter.
    """

    entry_id: str
    kind: Kind
    value: str
    start: int
    end: int
    assertion: Assertion = Assertion.AFFIRMED
    because: Span | None = None
    section: str = "preamble"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about the encounter: its value (None when not documented), probability and the cues that say so."""

    value: str | None
    probability: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a policy needs to know beyond the code."""

    modality: Fact
    patient_place: Fact
    setting: Fact


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities over the four answers, in the order of ``ANSWERS``; they sum to 1."""

    p02: float
    p10: float
    p11: float
    none: float

    def __post_init__(self) -> None:
        if not math.isclose(self.p02 + self.p10 + self.p11 + self.none, 1.0, abs_tol=1e-6):
            raise ValueError("scores must sum to 1")

    def to_dict(self) -> dict[str, float]:
        """Return ``{"02": p, "10": p, "11": p, "none": p}``."""
        return dict(zip(ANSWERS, (self.p02, self.p10, self.p11, self.none), strict=True))

    @property
    def best(self) -> str:
        """The most probable answer, one of ``ANSWERS``; ties go to the later one, so never to a code over none."""
        scores = self.to_dict()
        return max(reversed(ANSWERS), key=scores.__getitem__)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cue shown to the user: what it says, where, and how far it moved the answer (log-odds)."""

    kind: Kind
    value: str
    start: int
    end: int
    quote: str = field(repr=False)
    sentence_start: int
    sentence_end: int
    assertion: Assertion
    because: Span | None
    because_quote: str | None = field(repr=False)
    probability: float
    weight: float
    entry_id: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the code set and the payer's rule make of the documented facts."""

    code: str | None
    rule_id: str
    source: str
    certainty: str
    modifiers: tuple[str, ...] = ()
    remapped_from: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The answer to one note; ``to_dict`` is the one wire form of every door of the product."""

    note_id: str
    decision: Decision
    code: str | None
    probability: float
    scores: Scores
    facts: Facts
    evidence: tuple[Evidence, ...]
    set_aside: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    looks_like: str | None
    query: str | None
    ruling: Ruling
    versions: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the wire form: plain JSON types, described by ``data/suggestion.schema.json``."""
        wire = asdict(self)
        wire["wire_version"] = WIRE_VERSION
        wire["scores"] = self.scores.to_dict()
        wire["code_name"] = CODE_NAMES.get(self.code or "")
        return cast("dict[str, Any]", _plain(wire))


def _plain(value: object) -> object:
    """Turn enums, tuples and floats of any depth into what ``json.dumps`` writes identically everywhere."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, date):
        return value.isoformat()
    return value
