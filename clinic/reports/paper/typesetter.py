"""Run by the press as a program of its own: a document comes in as JSON, a PDF goes out. It imports nothing of ours."""

from __future__ import annotations

import json
import re
import sys

import fontpkg_amiri
import typst

STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]


def main() -> int:
    """Reads the order, writes the PDF; answers with the status of the process."""
    order = json.load(sys.stdin.buffer)
    try:
        made = typst.compile(
            order["template"],
            font_paths=[str(fontpkg_amiri.ROOT)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=STANDARDS,
            sys_inputs={"document": json.dumps(order["document"])},
            timestamp=order["made"],
        )
    except typst.TypstError as problem:
        sys.stderr.write(re.sub(r"`.*?`", "`…`", problem.message))  # what is quoted may be of the document
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
