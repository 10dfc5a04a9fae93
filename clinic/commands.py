"""The commands that rooms bring, one line each."""

from __future__ import annotations

import click


def add_to(main: click.Group) -> None:
    """Adds every room's commands to `clinic`."""
    from clinic.dev import command as demo
    from clinic.reports import command as reports
    from clinic.staff import command as staff

    for group in (demo.demo, reports.report, staff.user):
        main.add_command(group)
