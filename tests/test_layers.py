"""One arrow of imports: classifier <- eval <- training <- notebooks, and the guests in their rooms."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {"classifier": {"classifier"}, "eval": {"classifier", "eval"}, "training": {"classifier", "eval", "training"}}
OURS = set(MAY_IMPORT)
ONLY_IN = {
    "mlflow": {"eval/track.py"},
    "spacy": {"classifier/cues.py"},
    "skops": {"classifier/model.py", "training/write.py"},
    "openai": {"classifier/opinion.py"},
}
MODULES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_arrow_points_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert imports(path) & OURS <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_guests_stay_in_their_rooms(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    strangers = {guest for guest in imports(path) & set(ONLY_IN) if name not in ONLY_IN[guest]}
    assert strangers == set()


def test_records_import_nothing_of_ours() -> None:
    assert imports(ROOT / "classifier/records.py") & OURS == set()


def test_the_test_can_fail() -> None:
    assert "spacy" in imports(ROOT / "classifier/cues.py")
