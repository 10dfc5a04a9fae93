"""Where the `clinic` command begins.

Python's search for circles is kept from what is read now: nothing of it ever goes, and looking through it again and
again is a tenth of a start.
"""

from __future__ import annotations

import gc


def main() -> None:
    """Reads the program, then does what the command line says."""
    gc.disable()
    from clinic.operations import hardening

    hardening.forbid_dumps()
    from clinic import cli, rooms

    rooms.wire()
    gc.freeze()
    gc.enable()
    cli.main()
