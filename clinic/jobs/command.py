"""`clinic jobs`: the work in the background, for whoever runs the clinic's computer."""

from __future__ import annotations

import signal

import click

from clinic import db, formats
from clinic.console import open_or_fail
from clinic.jobs import labels, queries
from clinic.jobs.kinds import regular_kinds
from clinic.jobs.worker import Worker


@click.group()
def jobs() -> None:
    """Exports, imports, long reports, mail and what is done every night."""


@jobs.command()
def run() -> None:
    """Do the work in the background, until Ctrl-C. `clinic run` does so by itself."""
    settings = open_or_fail()
    worker = Worker(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    click.echo("Doing the work in the background. Ctrl-C ends it.", err=True)
    worker.work()


@jobs.command(name="list")
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many are listed.")
def list_(most: int) -> None:
    """List the latest work, and when regular work was begun last. Names nobody."""
    open_or_fail()
    for job in queries.list_latest(most):
        tries = f"attempt {job.attempts}" if job.attempts else "not begun"
        click.echo(f"{formats.day_and_time(job.asked_at)}  {job.kind}  {labels.STATE_LABELS[job.state]}  {tries}")
    last = queries.last_regular_runs()
    for kind in regular_kinds():
        run_last = last.get(kind.code)
        when = formats.day_and_time(run_last.began_at) if run_last else "never"
        click.echo(f"Regularly: {kind.code}, begun last: {when}")
    db.session.rollback()
