"""A suggestion as a coder reads it in the terminal: the answer first, then the words that prove it."""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from classifier.records import CODE_NAMES, Assertion, Decision, Evidence, Fact, Suggestion

_REASON_TEXT = {
    "location_missing": "telehealth took place, but the note does not say where the patient was",
    "modality_missing": "the note does not say how the patient was seen",
    "conflict": "the note contradicts itself about this visit, and nothing resolves it",
    "other_setting": "in person, in a setting of another code",
    "no_visit": "no real-time encounter took place",
    "low_probability": "the most likely code is not certain enough to suggest",
    "opinion_differs": "the second opinion differs",
    "claim_disagrees": "the claim carries another code than the note documents",
    "payer_rule_unknown": "no rule of this payer is on file",
    "code_not_in_force": "the code was not in force on the date of service",
}
_ASIDE = {
    Assertion.NEGATED: "negated",
    Assertion.PAST: "past",
    Assertion.PLANNED: "planned",
    Assertion.OFFERED: "offered or declined",
    Assertion.OTHER_PERSON: "another person's",
    Assertion.TEMPLATE: "unfilled template",
    Assertion.UNTICKED: "unticked",
    Assertion.HEADER: "a header",
    Assertion.IDIOM: "not a location here",
}


def print_suggestion(console: Console, suggestion: Suggestion, text: str) -> None:
    """Print one suggestion; ``text`` is the note, for the sentences around the evidence."""
    console.print(Panel(Group(*_parts(suggestion, text)), title=_title(suggestion), title_align="left"))


def _title(suggestion: Suggestion) -> Text:
    if suggestion.decision is Decision.SUGGEST and suggestion.code:
        return Text(f"{suggestion.code}  {CODE_NAMES[suggestion.code]}", style="bold green")
    return Text("REVIEW  no code is safe", style="bold yellow")


def _parts(suggestion: Suggestion, text: str) -> list[Text | Table]:
    parts: list[Text | Table] = [_answer(suggestion), Text()]
    parts.append(_facts(suggestion))
    if suggestion.evidence:
        parts += [Text(), Text("evidence", style="bold")]
        parts += [_quote(item, text) for item in suggestion.evidence]
    if suggestion.set_aside:
        parts += [Text(), Text("seen and set aside", style="bold")]
        parts += [_aside(item) for item in suggestion.set_aside]
    if suggestion.query:
        parts += [Text(), Text("ask the clinician", style="bold"), Text(suggestion.query)]
    parts += [Text(), _ruling(suggestion)]
    return parts


def _answer(suggestion: Suggestion) -> Text:
    lines = Text()
    scores = suggestion.scores.to_dict()
    lines.append(f"decision {suggestion.decision}   probability {suggestion.probability:.2f}   ")
    lines.append("  ".join(f"{name} {p:.2f}" for name, p in scores.items()), style="dim")
    for reason in suggestion.reasons:
        lines.append(f"\nbecause {reason}: {_REASON_TEXT[reason]}", style="yellow")
    if suggestion.looks_like:
        lines.append(f"\nlooks like place of service {suggestion.looks_like}", style="yellow")
    return lines


def _facts(suggestion: Suggestion) -> Table:
    table = Table.grid(padding=(0, 2))
    facts = suggestion.facts
    for name, fact in (
        ("how seen", facts.modality),
        ("where the patient was", facts.patient_place),
        ("setting if in person", facts.setting),
    ):
        table.add_row(Text(name, style="bold"), _fact(fact))
    return table


def _fact(fact: Fact) -> Text:
    if fact.value is None:
        return Text("not documented", style="dim")
    return Text(f"{fact.value.replace('_', ' ')}  ({fact.probability:.2f})")


def _quote(item: Evidence, text: str, margin: int = 90) -> Text:
    """The sentence around the evidence, long ones cut at ``margin`` characters on each side."""
    start, end = max(item.sentence_start, item.start - margin), min(item.sentence_end, item.end + margin)
    line = Text("  ")
    line.append("… " if start > item.sentence_start else "")
    line.append(_flat(text[start : item.start]))
    line.append(_flat(text[item.start : item.end]), style="bold reverse green")
    line.append(_flat(text[item.end : end]))
    line.append(" …" if end < item.sentence_end else "")
    line.append(f"   [{item.kind.replace('_', ' ')}: {item.value.replace('_', ' ')}, {item.probability:.2f}]", style="dim")
    return line


def _aside(item: Evidence) -> Text:
    line = Text("  ")
    line.append(_flat(item.quote), style="strike")
    because = _flat(item.because_quote or "")
    line.append(f"   {_ASIDE[item.assertion]}: “{because}”", style="dim")
    return line


def _flat(words: str) -> str:
    """Words on one line, control characters shown harmlessly; only the terminal's copy changes."""
    return "".join(c if c.isprintable() else " " for c in words)


def _ruling(suggestion: Suggestion) -> Text:
    ruling = suggestion.ruling
    line = Text(f"rule {ruling.rule_id} ({ruling.source}; certainty {ruling.certainty})", style="dim")
    for note in ruling.notes:
        line.append(f"\n{note}", style="yellow")
    versions = "  ".join(f"{name} {value}" for name, value in suggestion.versions.items())
    line.append(f"\n{versions}", style="dim")
    return line
