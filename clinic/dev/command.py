"""`clinic demo`: the demonstration clinic."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """Make the demonstration clinic in an empty CLINIC_HOME; every person in it is invented."""
    from clinic.console import fail, settings_or_fail
    from clinic.dev import demo as making
    from clinic.operations import starting

    settings = settings_or_fail()
    if not starting.is_empty(settings):
        try:
            clinic = starting.open_clinic(settings)
        except starting.NotReady as problem:
            fail(str(problem), 2)
        if not clinic.is_demonstration:
            fail("There is a real clinic here. The demonstration needs a folder of its own: set CLINIC_HOME.")
    else:
        making.make(settings, lambda text: click.echo(text, err=True))
    making.announce(settings, say=click.echo)
