"""Mend the spelling of the few words that decide, and of no others.

A slip of one keystroke (a letter missing, doubled, wrong, or two exchanged) in a key word is read as the key word;
short words accept an exchange of letters only, because "hope" is no misspelled "home". A slip that is itself a word in
use is listed in ``_REAL`` and left alone. The note is never changed: only the matcher reads the mended word.
"""

from __future__ import annotations

from string import ascii_lowercase

_KEYS = [
    "telehealth",
    "telemedicine",
    "teletherapy",
    "telephone",
    "telephonic",
    "video",
    "virtual",
    "virtually",
    "clinic",
    "office",
    "patient",
    "located",
    "location",
    "facility",
    "nursing",
    "hospital",
    "kitchen",
    "bedroom",
    "apartment",
    "residence",
    "workplace",
    "school",
    "camera",
    "tablet",
    "laptop",
    "screen",
    "audio",
    "appointment",
    "encounter",
    "provider",
    "clinician",
    "palpation",
    "auscultation",
    "injection",
    "vitals",
    "waiting",
    "presented",
    "connected",
    "platform",
    "emergency",
    "inpatient",
    "daughter",
    "driveway",
    "shelter",
    "hotel",
    "examined",
    "tenderness",
    "remotely",
    "skilled",
    "assisted",
    "visit",
    "phone",
    "home",
    "today",
    "called",
    "joined",
    "parked",
    "couch",
    "living",
    "skype",
    "cancelled",
]
_REAL = frozenset(
    [
        "videos",
        "clinics",
        "offices",
        "officer",
        "patients",
        "patience",
        "locate",
        "locates",
        "facilities",
        "hospitals",
        "kitchens",
        "bedrooms",
        "residences",
        "schools",
        "cameras",
        "tablets",
        "laptops",
        "screens",
        "screed",
        "appointments",
        "encounters",
        "encountered",
        "providers",
        "provided",
        "clinicians",
        "clinical",
        "palpations",
        "injections",
        "vital",
        "waitings",
        "writing",
        "wanting",
        "baiting",
        "presents",
        "presenter",
        "presentee",
        "connects",
        "connecter",
        "platforms",
        "daughters",
        "driveways",
        "shelters",
        "sheltered",
        "hotels",
        "visits",
        "visit's",
        "phones",
        "homes",
        "calls",
        "caller",
        "coined",
        "joiner",
        "joins",
        "jointed",
        "parker",
        "packed",
        "barked",
        "marked",
        "couches",
        "loving",
        "giving",
        "living",
        "lining",
        "residency",
        "vision",
        "visita",
        "visited",
        "phoned",
        "homed",
        "homey",
        "hostel",
        "hovel",
        "motel",
        "audios",
        "auditory",
        "school's",
        "scholl",
        "nursling",
        "nursings",
        "pursing",
        "screened",
        "cancelled",
        "canceled",
        "examines",
        "examiner",
        "tenderest",
        "tendered",
        "skills",
        "killed",
        "assists",
        "emergence",
        "emergency",
        "residents",
        "locations",
        "virtues",
        "cliniq",
        "local",
        "vocation",
        "allocation",
        "dilation",
        "ligation",
        "stretcher",
        "parked",
        "skilled",
        "videod",
        "officed",
        "located",
        "ubicated",
        "visor",
        "vigil",
        "tabled",
        "tables",
        "laptop's",
        "streen",
        "screes",
        "screws",
        "pallation",
        "palliation",
        "phase",
        "hone",
        "phony",
        "tone",
        "houses",
        "laughter",
        "slaughter",
        "emergently",
        "impatient",
        "impatiens",
        "outpatient",
        "dated",
        "donated",
        "rotated",
        "collated",
    ]
)


def _slips() -> dict[str, str]:
    table: dict[str, str] = {}
    for key in _KEYS:
        for slip in _variants(key):
            if slip not in _REAL and slip not in _KEYS:
                table.setdefault(slip, key)
    return table


def _variants(word: str) -> set[str]:
    splits = [(word[:i], word[i:]) for i in range(1, len(word) + 1)]
    found = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    if len(word) >= 5:
        found |= {a + b[1:] for a, b in splits if b and len(word) > 5}
        found |= {a + a[-1] + b for a, b in splits}
    if len(word) >= 7:
        found |= {a + c + b for a, b in splits for c in ascii_lowercase}
        found |= {a + c + b[1:] for a, b in splits if b for c in ascii_lowercase}
    return {slip for slip in found if slip != word}


_SLIPS = _slips()


def mend(word: str) -> str:
    """Return the key word that ``word`` is a slip of, or ``word`` itself.

    >>> mend("telehelath"), mend("vidoe"), mend("hope")
    ('telehealth', 'video', 'hope')
    """
    return _SLIPS.get(word, word)
