"""`clinic audit` as somebody types it."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.site.test_command import Answer, begin, run

pytestmark = pytest.mark.slow


@pytest.fixture
def audit(tmp_path: Path) -> partial[Answer]:
    """Types `clinic audit` in a clinic that has just begun."""
    key = tmp_path / "key"
    assert begin(tmp_path / "home", key).status == 0
    return partial(run, tmp_path / "home", "audit", CLINIC_KEY=str(key))


def test_the_record_is_signed_verified_and_checked_elsewhere(audit: partial[Answer], tmp_path: Path) -> None:
    signed = audit("sign")
    key = signed.out.splitlines()[-1].removeprefix("key: ")
    assert (signed.status, len(bytes.fromhex(key))) == (0, 32)
    assert audit("verify", "--key", key).status == 0
    assert audit("verify", "--key", "00" * 32).status == 1
    assert audit("export", "--out", str(tmp_path / "audit.jsonl")).status == 0
    assert audit("verify", str(tmp_path / "audit.jsonl"), "--key", key).status == 0
    alone = [sys.executable, "-I", "-S", "verify_audit.py", "audit.jsonl", "--key", key]
    assert subprocess.run(alone, cwd=tmp_path, capture_output=True).returncode == 0


def test_an_export_is_never_written_over_another_file(audit: partial[Answer], tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").write_text("kept")
    assert audit("export", "--out", str(tmp_path / "audit.jsonl")).status == 1
    assert (tmp_path / "audit.jsonl").read_text() == "kept"


def test_a_file_that_is_no_record_is_named_in_a_sentence(audit: partial[Answer], tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("something else")
    answer = audit("--lang", "ar", "verify", str(tmp_path / "other.txt"))
    assert (answer.status, "تعذّرت" in answer.err) == (2, True)
