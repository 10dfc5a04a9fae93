"""The line of migrations, kept straight.

`python -m clinic.dev.migrations check|new NAME`:
`check` says what is wrong with the line and ends with 1; `new` writes the next migration from what the models have and
the newest schema has not, and its number into migrations/HEAD, so that two branches that both add one collide there.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic import command
from alembic.script import Script, ScriptDirectory

from clinic import db, migrating


def _head_file() -> Path:
    return migrating.MIGRATIONS / "HEAD"


def _line() -> ScriptDirectory:
    return ScriptDirectory.from_config(migrating.configuration())


def faults() -> list[str]:
    """What is wrong with the line; nothing if all is well."""
    line = _line()
    heads = line.get_heads()
    written = _head_file().read_text(encoding="utf-8").strip()
    if len(heads) != 1:
        return [f"The line has {len(heads)} ends: {', '.join(sorted(heads))}. Let one follow the other."]
    found = [] if heads[0] == written else [f"migrations/HEAD says {written}, the line ends at {heads[0]}."]
    scripts = list(line.walk_revisions())[::-1]
    for number, script in enumerate(scripts, start=1):
        found.extend(_faults_of(script, number))
    return found


def _faults_of(script: Script, number: int) -> Iterator[str]:
    name = Path(script.path).name
    if script.revision != f"{number:04}" or not name.startswith(f"{number:04}_"):
        yield f"{name} is number {number} in the line: call it {number:04}_…, revision {number:04}."
    if not script.doc:
        yield f"{name} does not say why it is there."
    if re.search(r"^(?:from|import) clinic\b", Path(script.path).read_text(encoding="utf-8"), re.MULTILINE):
        yield f"{name} imports the clinic, which will have changed when it runs."


def new(name: str) -> Path:
    """Writes the next migration and gives its file."""
    number = f"{int(_head_file().read_text(encoding='utf-8')) + 1:04}"
    config = migrating.configuration()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with tempfile.TemporaryDirectory() as folder:
        database = db.Database(f"sqlite:///{folder}/newest.db")
        migrating.upgrade(database)
        with db.for_migrating(database) as connection:
            config.attributes["connection"] = connection
            written = command.revision(config, message=name, autogenerate=True, rev_id=number)
        database.dispose()
    if not isinstance(written, Script):
        raise TypeError("one migration was asked for")
    _head_file().write_text(f"{number}\n", encoding="utf-8")
    return Path(written.path)


def main(arguments: Sequence[str]) -> int:
    """The command: 0 done, 1 something is wrong, 2 wrong use."""
    match list(arguments):
        case ["check"]:
            found = faults()
            sys.stderr.writelines(f"{fault}\n" for fault in found)
            return 1 if found else 0
        case ["new", name]:
            path = new(name)
            sys.stdout.write(f"{path}\nRead it, say why in its first line, and try it: it is a draft.\n")
            return 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
