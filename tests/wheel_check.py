"""Build the wheel, install it alone in an empty environment, and use it: ``make wheel-check``."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT = 5_000_000
STRANGERS = ("training", "eval", "mlflow", "openai", "pytest", "matplotlib")


def call(*arguments: str | Path, cwd: Path) -> str:
    return subprocess.run([str(a) for a in arguments], check=True, cwd=cwd, capture_output=True, text=True).stdout


def main() -> None:
    uv = Path(sys.executable).parent / "uv"
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", here / "dist", ROOT, cwd=here)
        (wheel,) = (here / "dist").glob("*.whl")
        size = wheel.stat().st_size
        assert size < LIMIT, f"wheel has {size:,} bytes, {LIMIT:,} allowed"
        call(uv, "venv", "--quiet", "--python", sys.executable, here / "env", cwd=here)
        python = here / "env/bin/python"
        call(
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--require-hashes",
            "-r",
            ROOT / "requirements/runtime.txt",
            cwd=here,
        )
        call(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel, cwd=here)
        (here / "note.txt").write_text("Video visit. Patient was at home on her couch throughout.", encoding="utf-8")
        done = subprocess.run(
            [here / "env/bin/doc2pos", "suggest", "--json", "note.txt"], cwd=here, capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 10}, done.stderr
        assert json.loads(done.stdout)["scores"]["10"] > 0.5
        probe = f"import importlib.util as u; print([m for m in {STRANGERS!r} if u.find_spec(m)])"
        assert call(python, "-c", probe, cwd=here).strip() == "[]"
        print(f"wheel of {size:,} bytes installed alone answers a note")


if __name__ == "__main__":
    main()
