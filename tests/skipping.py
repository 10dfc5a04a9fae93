"""Says which tests found no PostgreSQL or Chromium, and what to do about it; where CI is set, that is a failure."""

from __future__ import annotations

import os
from collections import Counter

import pytest

WANTED = {
    "postgres": "PostgreSQL. Name a server with TEST_DATABASE_URL.",
    "browser": "Chromium. Install it: apt install chromium fonts-noto-core",
}
_missed: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Counts the skipped tests that want something of the machine."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _missed.update(kind for kind in WANTED if kind in report.keywords)


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that did not run is no green test, where a machine decides."""
    if _missed and _is_ci() and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The sentence at the end."""
    for kind, number in sorted(_missed.items()):
        sentence = f"{number} skipped: no {WANTED[kind]}"
        if _is_ci():
            terminalreporter.write_line(f"FAILED, because CI is set: {sentence}", red=True)
        else:
            terminalreporter.write_line(sentence, yellow=True)
