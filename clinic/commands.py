"""The commands that rooms bring, each read when it is asked for: no command waits for what another one needs."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from clinic.operations.starting import Demonstration

_WHERE: Final = {
    "audit": "oversight.command:audit",
    "backup": "operations.backup_command:backup",
    "demo": "dev.command:demo",
    "export": "register.command:export",
    "import": "register.command:import_",
    "jobs": "jobs.command:jobs",
    "keys": "operations.command:keys_",
    "report": "reports.command:report",
    "retention": "retention.command:retention",
    "restore": "operations.backup_command:restore",
    "seal": "operations.command:seal_",
    "unseal": "operations.command:unseal",
    "user": "staff.command:user",
}


class Commands(click.Group):
    """The commands of the whole clinic and those of its rooms."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_WHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _WHERE:
            return super().get_command(ctx, cmd_name)
        module, name = _WHERE[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"clinic.{module}"), name)
        return command


def demonstration() -> Demonstration:
    """The demonstration clinic, for the command that serves it."""
    from clinic.dev import demo

    return Demonstration(demo.make, demo.announce)
