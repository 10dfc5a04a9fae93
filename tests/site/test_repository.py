"""What the repository may not hold: where it was made, an address of packages, a loose end, a key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", ".home", ".bench", "artefacts", "build", "dist", "__pycache__", "node_modules"}
BINARY = {".png", ".xlsx", ".mo", ".woff2", ".ico", ".db", ".pdf"}

FORBIDDEN = {
    "a path of a machine": re.compile(r"/(?:home|Users|root|work|opt|mnt)/[a-z]\w*/|[A-Z]:\\\\Users"),
    "the address of a package index": re.compile(
        r"https?://\S+/simple\b|https?://registry\.|--(?:extra-)?index-url\s+http"
    ),
    "a loose end": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b"),
    "a key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b"),
    "a conflict": re.compile(r"^(?:<{7} |>{7} |={7}$)", re.MULTILINE),
}


def _texts() -> list[Path]:
    found = []
    for file in sorted(ROOT.rglob("*")):
        inside = set(file.relative_to(ROOT).parts)
        if file.is_file() and not inside & NOT_OURS and not any(part.endswith("_cache") for part in inside):
            found.append(file)
    return [file for file in found if file.suffix not in BINARY and ".hypothesis" not in file.parts]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_repository_holds_nothing_of(what):
    found = []
    for file in _texts():
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if FORBIDDEN[what].search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_a_hash(lock):
    text = (ROOT / "config" / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert pins
    assert [line.split()[0] for line in pins if "--hash=sha256:" not in line] == []


def test_the_lock_holds_every_library_that_is_asked_for():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert wanted
    names = [re.split(r"[\[<>=~]", name)[0].lower() for name in re.findall(r'"([^"]+)"', wanted.group(1))]
    locked = (ROOT / "config" / "requirements.txt").read_text(encoding="utf-8")
    assert [name for name in names if not re.search(rf"^{re.escape(name)}(\[|==)", locked, re.MULTILINE)] == []


def test_the_running_list_is_a_part_of_the_one_for_tests():
    def pins(lock: str) -> set[str]:
        text = (ROOT / "config" / lock).read_text(encoding="utf-8")
        return {line.split(" ;")[0].rstrip(" \\") for line in text.splitlines() if re.match(r"[a-z0-9-]+(\[|==)", line)}

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()
