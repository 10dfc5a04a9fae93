"""The press: sets a document in type and gives it back as PDF/UA-1 and PDF/A-3a.

It works in a process of its own that ends with its work: the typesetter keeps tens of megabytes, which the server is
not to carry about for one report a month (docs/decisions/0008). Nothing is written to disk: the document goes in and
the PDF comes out through pipes. The process knows no key and no database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from clinic import clock
from clinic.reports.keys import Names
from clinic.reports.paper.document import Making, document_of
from clinic.reports.papers import TEMPLATES
from clinic.reports.report import Report
from clinic.staff.models import Clinic

TEMPLATE: Final = TEMPLATES / "reports/report.typ"
WORKER: Final = Path(__file__).with_name("typesetter.py")
LONGEST_SECONDS: Final = 120


class NotPrinted(Exception):
    """The typesetter gave up; the message says at what, never with words of the document."""


def as_pdf(report: Report, names: Names, clinic: Clinic) -> bytes:
    """The report of a clinic on paper, in the language of the moment."""
    return printed(document_of(report, names, Making.by(clinic)))


def printed(document: dict[str, Any], template: Path = TEMPLATE) -> bytes:
    """A document as a PDF file, set by a template. Raises NotPrinted."""
    order = {"template": str(template), "made": int(clock.now().timestamp()), "document": document}
    worked = subprocess.run(  # noqa: S603 - our own program, and nothing of the document on its line
        [sys.executable, "-I", str(WORKER)],
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=LONGEST_SECONDS,
        env={name: value for name, value in os.environ.items() if not name.startswith("CLINIC_")},
        check=False,
    )
    if worked.returncode:
        raise NotPrinted(worked.stderr.decode(errors="replace").strip())
    return worked.stdout
