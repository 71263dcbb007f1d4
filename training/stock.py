"""Stock sentences, in slots: the plain statements that authors of hard notes avoid and ordinary notes are full of.

Each kind is a list of patterns in the lexicon's notation, ``(a|b|)`` for a choice; a seeded draw picks one alternative
of each. They head or close notes in which nothing else shows how or where the patient was seen, so the answer is known.
"""

from __future__ import annotations

import random
import re

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")

STOCK: dict[str, tuple[str, ...]] = {
    "10": (
        "(Telehealth|Telemedicine|Video|Virtual) (visit|encounter|appointment|session). (Patient|Pt|Client) (located at|was at|is at|at) (home|own home|private residence|his residence|her apartment)(| for the whole visit).",
        "(Patient|Pt|Client) (seen|evaluated|met with) (by|via|over) (video|secure video|audio and video|telehealth) (from|at) (home|their home|her home|his home|home address on file).",
        "(Phone|Telephone|Audio-only) (visit|call|session|appointment)(, audio only|), (pt|patient|client) (at home|home|in own home).",
        "(Patient|Pt|Client) location: (home|Home (private residence)|residence|own home|house). (Modality|Visit type|Mode): (video|audio/video|telephone|telehealth).",
        "(VV|A/V|Tele|TH) (f/u|visit|appt), (pt at home|pt home|at home|from home).",
        "This visit was (conducted|performed|provided) (via|using) (real-time audio and video|a secure video platform|telehealth). The (patient|client) was (at home|located at home|in their home) and (I|the provider) was (in the office|in clinic|at home|at the practice).",
        "[x] (video|Video visit|telehealth)  [ ] (phone|in person)\n[x] (home|patient's home|residence)  [ ] (work|facility|other)",
    ),
    "02": (
        "(Telehealth|Telemedicine|Video) (visit|consult|encounter). (Patient|Pt) (located at|was at|is at) (work|his workplace|her workplace|school|the satellite clinic|the skilled nursing facility|the nursing home|the hospital|the county jail|the library).",
        "(Patient|Pt|Resident) (seen|evaluated) (by|via) (video|telemedicine|telehealth) (at|in) (the skilled nursing facility|the emergency department|the inpatient unit|the rural health clinic|the nursing home|the school health office), (RN|nurse|staff|MA) (at bedside|present|presenting).",
        "(Phone|Telephone) (visit|call), (pt|patient) (at work|in her car in a parking lot|in his truck at a job site|at the library|at the airport).",
        "(Patient|Pt) location: (work|workplace|school|SNF|skilled nursing facility|hospital|satellite clinic|parked car, not at home). (Modality|Visit type): (video|audio/video|telehealth).",
        "[x] (video|telehealth)  [ ] (phone|in person)\n[ ] home  [x] (work|school|facility|clinic|SNF)",
    ),
    "11": (
        "(Patient|Pt|Client) (was |)(seen|evaluated|met) (in office|in the office|in clinic|in person at this office|in person in my office|face to face in the office)( today|).",
        "(Office visit|Clinic visit|In-person visit|In-person session|OV)( today|), (established patient|follow up|new patient|50 minutes|individual session).",
        "(He|She|The patient|Mrs. R.|Mr. D.) (presents to|comes to|is here in|returns to) (the clinic|the office|our office|clinic)( today|) for (follow up|evaluation|a recheck|this problem).",
        "(Visit type|Modality|Type of visit): (office visit|in person|face to face|in-office).",
        "(Vitals|VS) (by MA|today|taken by nurse): BP (118|124|132|146)/(72|78|84), (HR|P|pulse) (64|72|88), (T|temp) 98.(2|4|6).",
    ),
    "location_missing": (
        "(Telehealth|Telemedicine|Video|Virtual) (visit|encounter|appointment|session)( today|)(, audio and video|).",
        "(Patient|Pt|Client) (seen|evaluated|met with) (by|via) (video|secure video|telehealth|telephone).",
        "(Video|Telehealth) visit. (Patient|Pt) (located in|physically in) (Ohio|Texas|Oregon|Florida|the state of Maine). Provider (at home|in the office).",
        "(Patient|Pt) location: (***|____|). (Modality|Mode): video.",
        "(Phone|Telephone|Audio-only) (visit|session|appointment)( today|), (12|18|25) minutes.",
    ),
}


def draw(label: str, rng: random.Random) -> str:
    """Draw one stock statement for a label.

    >>> draw("11", random.Random(1)).endswith(".")
    True
    """
    text = rng.choice(STOCK[label])
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match.group(1).split("|")) + text[match.end() :]
    return text
