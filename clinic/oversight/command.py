"""`clinic audit`: check that nobody altered what was done and what was looked at, and keep proof of it elsewhere."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import uuid
from pathlib import Path

import click

from clinic import db, languages
from clinic.audit import chain, signing, verifying
from clinic.console import fail, open_or_fail
from clinic.languages import _
from clinic.staff import clinics

MOST_TOLD = 100


@click.group()
@click.option("--lang", type=click.Choice(["ar", "en"]), default="en", show_default=True, help="Language of answers.")
def audit(lang: str) -> None:
    """The record of changes and of looks: verify it, export it, sign its end."""
    languages.use(lang)


@audit.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The public key as it was printed; that the heads are signed with it.")
def verify(file: Path | None, key: str | None) -> None:
    """Say what was altered, in the clinic or in an exported FILE. Ends with 1 if something was."""
    if file is not None:
        found = _faults_of(file, key)
    else:
        _open()
        found = list(itertools.islice(verifying.faults(), MOST_TOLD))
        if key is not None and key.lower() not in signing.public_keys():
            found.insert(0, chain.Fault("other_key"))
    for fault in found:
        click.echo(verifying.sentence(fault))
    if found:
        sys.exit(1)
    click.echo(_("Everything holds: nothing was changed, removed, added or moved."), err=True)


@audit.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file that does not exist yet.")
def export(out: Path) -> None:
    """Write the record to a file, and beside it the script that checks it without Sanad. It holds no personal text."""
    _open()
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        fail(_("%(path)s cannot be written: %(reason)s.", path=out, reason=problem.strerror))
    with open(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in verifying.exported())
    script = out.with_name("verify_audit.py")
    shutil.copyfile(chain.__file__, script)
    click.echo(
        _("The record is in %(path)s. Check it with: python3 %(script)s %(path)s", path=out, script=script), err=True
    )


@audit.command()
def sign() -> None:
    """Sign how far the record has come today, and print it: keep the print somewhere else than the data."""
    clinic = _open()
    with db.acting(clinic):
        head = signing.sign_today()
        db.session.commit()
        click.echo(signing.as_text(head))


def _open() -> uuid.UUID:
    open_or_fail()
    return clinics.the_clinic().id


def _faults_of(file: Path, key: str | None) -> list[chain.Fault]:
    try:
        with file.open(encoding="utf-8") as lines:
            return list(itertools.islice(chain.faults_of_file(lines, key), MOST_TOLD))
    except (ValueError, KeyError, TypeError):
        fail(_("%(path)s cannot be read as an exported record.", path=file), 2)
