"""The question to put to the clinician when the note does not settle the code.

A compliant query names what was found, asks openly, offers every choice alike and never the answer that pays. The
texts are fixed; only the reason chooses among them, so that no word of a note enters.
"""

from __future__ import annotations

from classifier.records import Reason

_PLACES = (
    "home (their own or where they were staying), workplace, school, vehicle, another public place, "
    "a clinic, a hospital or nursing facility, or other (please name it)"
)
_QUERIES = {
    Reason.LOCATION_MISSING: (
        "The note documents a telehealth encounter but not where the patient was. Where was the patient during this "
        f"encounter? For example: {_PLACES}. Please add what you know to the note, or state that it is unknown."
    ),
    Reason.MODALITY_MISSING: (
        "The note documents an encounter but not how the patient was seen. Was this encounter in person, by audio and "
        "video, by audio only, or other? If remote, where was the patient; if in person, where did it take place?"
    ),
    Reason.CONFLICT: (
        "The note contains statements about this encounter that cannot both hold (see the quoted evidence). How was the "
        "patient seen: in person, by audio and video, or by audio only? And where was the patient? "
        "Please clarify by addendum which statement is correct."
    ),
    Reason.LOW_PROBABILITY: (
        "The note does not state clearly how the patient was seen and where the patient was. Was this encounter in person, "
        f"by audio and video, or by audio only, and where was the patient? For example: {_PLACES}."
    ),
}


def query_for(reasons: tuple[Reason, ...]) -> str | None:
    """The query for the first reason that has one; None when no documentation is missing."""
    return next((_QUERIES[reason] for reason in reasons if reason in _QUERIES), None)
