"""What the documented facts earn: the code set in force on the date of service, from a table and never from weights.

Only two things may change or stop a documented code here, and both are said in the ruling: the code did not exist on
the date, or no rule of the named payer is on file. Payer rules proper are dated rows of ``data/payers``.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import cache

from classifier.errors import ResourceError
from classifier.records import Note, Reason, Ruling
from classifier.resources import read_text

_FIELDS = ("code", "name", "valid_from", "valid_to", "medicare_from", "rate", "source", "certainty")
CMS_RULE = "cms-definitions"

LOOKS_LIKE = {
    "hospital": "21",
    "operating_room": "24",
    "emergency_department": "23",
    "nursing_facility": "31",
    "hospital_outpatient": "22",
    "patient_home_visit": "12",
    "urgent_care": "20",
    "retail_clinic": "17",
    "fqhc": "50",
    "rural_health_clinic": "72",
    "public_health_clinic": "71",
    "military_or_va": "26",
    "indian_health_or_tribal": "05",
    "mental_health_center": "53",
    "opioid_treatment_program": "58",
    "dialysis": "65",
    "hospice": "34",
    "street_or_mobile": "15",
    "pace": "66",
    "worksite_clinic": "18",
    "assisted_living": "13",
    "group_home": "14",
    "correctional": "09",
    "school": "03",
}
"""The neighbour that an in-person setting looks like; named when the product declines, never suggested."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One dated row of the code set.

    ``valid_from`` is ``date.min`` where the code is older than 2003, the table's beginning; ``valid_to`` is the last day
    in force, None while it is.
    """

    code: str
    name: str
    valid_from: date
    valid_to: date | None
    rate: str
    source: str
    certainty: str


@cache
def code_set() -> tuple[CodeRow, ...]:
    """The shipped code set, every row with its dates, source and certainty (A read, B quoted, C not read)."""
    reader = csv.DictReader(io.StringIO(read_text("codeset.csv")))
    if tuple(reader.fieldnames or ()) != _FIELDS:
        raise ResourceError(f"codeset.csv: columns must be {', '.join(_FIELDS)}")
    return tuple(
        CodeRow(
            row["code"],
            row["name"],
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["rate"],
            row["source"],
            row["certainty"],
        )
        for row in reader
    )


def find_code(code: str, on: date | None) -> CodeRow | None:
    """The row of ``code`` in force on a date (today's newest row without one), or None."""
    rows = [row for row in code_set() if row.code == code]
    if on is None:
        return rows[-1] if rows else None
    return next((row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)), None)


def rule(code: str | None, note: Note) -> tuple[Ruling, tuple[Reason, ...]]:
    """Apply code set and payer to a documented code.

    Returns
    -------
    Ruling, tuple of Reason
        The ruling, and the reasons for review that it adds.
    """
    reasons: list[Reason] = []
    notes: list[str] = []
    ruled = code
    source, certainty = "CMS place-of-service code set", "A"
    if note.payer:
        notes.append("payer rule not on file: the CMS definitions were applied")
    if code is not None:
        row = find_code(code, note.service_date)
        if row is None:
            notes.append(f"code {code} was not in force on the date of service")
            reasons.append(Reason.CODE_NOT_IN_FORCE)
            ruled = None
        else:
            source, certainty = row.source, row.certainty
    if note.claimed_code and code is not None and note.claimed_code != code:
        notes.append(f"the claim says {note.claimed_code}, the note documents {code}")
        reasons.append(Reason.CLAIM_DISAGREES)
    return Ruling(ruled, CMS_RULE, source, certainty, notes=tuple(notes)), tuple(reasons)
