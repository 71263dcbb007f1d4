"""Draw docs/suggest.svg, the picture in the README, from the real output: ``python docs/picture.py``."""

from pathlib import Path

from rich.console import Console

import classifier
from classifier.render import print_suggestion

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Render the example note's suggestion."""
    text = (ROOT / "examples/video-home.txt").read_text(encoding="utf-8")
    console = Console(record=True, width=110, highlight=False, file=(ROOT / "docs/.picture.txt").open("w", encoding="utf-8"))
    print_suggestion(console, classifier.load().suggest(classifier.Note("video-home.txt", text)), text)
    console.save_svg(str(ROOT / "docs/suggest.svg"), title="doc2pos suggest examples/video-home.txt")
    (ROOT / "docs/.picture.txt").unlink()


if __name__ == "__main__":
    main()
