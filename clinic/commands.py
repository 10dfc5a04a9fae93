"""The commands that rooms bring, one line each."""

from __future__ import annotations

import click

from clinic.operations.starting import Demonstration


def add_to(main: click.Group) -> None:
    """Adds every room's commands to `clinic`."""
    from clinic.dev import command as demo
    from clinic.jobs import command as jobs
    from clinic.operations import backup_command as backups
    from clinic.operations import command as operations
    from clinic.oversight import command as oversight
    from clinic.register import command as register
    from clinic.reports import command as reports
    from clinic.staff import command as staff

    for group in (
        operations.keys_,
        operations.seal_,
        operations.unseal,
        backups.backup,
        backups.restore,
        oversight.audit,
        demo.demo,
        jobs.jobs,
        register.import_,
        register.export,
        reports.report,
        staff.user,
    ):
        main.add_command(group)


def demonstration() -> Demonstration:
    """The demonstration clinic, for the command that serves it."""
    from clinic.dev import demo

    return Demonstration(demo.make, demo.announce)
