"""The Arabic catalogue and the sentences of the code, kept equal.

`python -m clinic.dev.translate update|check|compile`:
`update` takes the sentences from the code and the templates, keeps the Arabic that stands and drops what nothing says
any more; `check` tells what is missing or wrong and ends with 1; `compile` makes the file that a server reads.
The catalogue bears no date and no line number, so that two people's changes seldom meet.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import check_and_call_extract_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

from clinic.languages import ARABIC_PLURALS, TRANSLATIONS, compiled_catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = TRANSLATIONS / "ar" / "LC_MESSAGES" / "messages.po"
PLURAL_FORMS = 6
FORMS_THAT_NAME_THE_NUMBER = (3, 4, 5)
"""Few, many and other; zero, one and two may say it in words."""

_KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "_n": (1, 2),
    "_nl": (1, 2),
    "ngettext": (1, 2),
}
_HEADER = f"""# The Arabic of Sanad. Written by `python -m clinic.dev.translate`; the order is its own.
msgid ""
msgstr ""
"Project-Id-Version: sanad\\n"
"Language: ar\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {ARABIC_PLURALS}\\n"

"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[-#0-9.]*[a-z]")


@dataclass
class Extraction:
    """The sentences found, and the files that could not be read, with the reason."""

    catalog: Catalog = field(default_factory=lambda: Catalog(locale="ar", fuzzy=False))
    unreadable: dict[str, str] = field(default_factory=dict)


def extract(root: Path = ROOT) -> Extraction:
    """All sentences of the code and the templates."""
    with (root / "config" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = Extraction()
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        try:
            for _file, line, message, comments, _context in check_and_call_extract_file(
                path, methods, options, None, _KEYWORDS, ("i18n:",), True, root
            ):
                found.catalog.add(message, None, [(name, line)], auto_comments=comments)
        except (SyntaxError, TokenError, TemplateSyntaxError, UnicodeDecodeError) as error:
            found.unreadable[name] = str(error)
    return found


def _files(root: Path) -> Iterator[Path]:
    for folder in ("clinic", "templates"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield path


def stored(path: Path = CATALOGUE) -> Catalog:
    """The catalogue as it stands in the file; an empty one where there is none."""
    text = path.read_bytes() if path.exists() else _HEADER.encode()
    return read_po(BytesIO(text), locale="ar")


def merge(found: Extraction, old: Catalog) -> Catalog:
    """The sentences found, with the Arabic that stands. What an unreadable file said is kept."""
    for message in _sentences(old):
        if any(name in found.unreadable for name, _line in message.locations) and message.id not in found.catalog:
            found.catalog.add(message.id, None, message.locations)
    for message in _sentences(found.catalog):
        known = old.get(message.id)
        same_kind = known is not None and isinstance(known.id, str) == isinstance(message.id, str)
        message.string = known.string if known and same_kind and not known.fuzzy else _nothing(message)
        message.flags.discard("fuzzy")
    return found.catalog


def _nothing(message: Message) -> str | tuple[str, ...]:
    return "" if isinstance(message.id, str) else ("",) * PLURAL_FORMS


def _sentences(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def written(catalog: Catalog) -> str:
    """The text of the catalogue's file."""
    for message in _sentences(catalog):
        message.locations = sorted({(name, 0) for name, _line in message.locations})
    body = BytesIO()
    write_po(body, catalog, width=120, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _HEADER + body.getvalue().decode().strip() + "\n"


def texts(message: Message) -> tuple[str, ...]:
    """The Arabic of a message: one text, or its six forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def source(message: Message) -> str:
    """The English of a message."""
    return message.id if isinstance(message.id, str) else message.id[0]


def is_translated(message: Message) -> bool:
    """Whether all its forms have Arabic."""
    expected = 1 if isinstance(message.id, str) else PLURAL_FORMS
    return len(texts(message)) == expected and all(text.strip() for text in texts(message))


def placeholder_problems(message: Message) -> Iterator[str]:
    """How the Arabic's placeholders differ from the English's."""
    english = (message.id,) if isinstance(message.id, str) else message.id
    expected = {name for text in english for name in _PLACEHOLDER.findall(text)}
    counted = len(texts(message)) > 1
    for index, text in enumerate(texts(message)):
        names = set(_PLACEHOLDER.findall(text))
        may_lack = {"num"} if counted and index not in FORMS_THAT_NAME_THE_NUMBER else set()
        for name in sorted(names - expected):
            yield f"%({name}) is not in the English: {text}"
        for name in sorted(expected - names - may_lack):
            yield f"%({name}) is lacking: {text}"
        if expected and "%" in _PLACEHOLDER.sub("", text).replace("%%", ""):
            yield f"a percent sign must be doubled: {text}"


def problems(root: Path = ROOT, path: Path = CATALOGUE) -> list[str]:
    """All that `check` finds wrong, one readable line each."""
    found = extract(root)
    lines = [f"cannot be read: {name}: {reason}" for name, reason in found.unreadable.items()]
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if ARABIC_PLURALS not in text:
        lines.append("the header of the plurals is not CLDR's")
    old = stored(path)
    for message in _sentences(old):
        lines += [f"is fuzzy: {source(message)}"] if message.fuzzy else []
        if not is_translated(message):
            lines.append(f"has no Arabic: {source(message)}")
            continue
        lines += [f"{problem} [{source(message)}]" for problem in placeholder_problems(message)]
    lines += _differences(found.catalog, old)
    if not lines and written(merge(found, old)) != text:
        lines.append("the catalogue differs from the code: run `python -m clinic.dev.translate update`")
    return lines


def _differences(found: Catalog, old: Catalog) -> Iterable[str]:
    here, there = ({source(message) for message in _sentences(catalog)} for catalog in (found, old))
    yield from (f"is not in the catalogue: {text}" for text in sorted(here - there))
    yield from (f"is said nowhere any more: {text}" for text in sorted(there - here))


def update(root: Path = ROOT, path: Path = CATALOGUE) -> Catalog:
    """Bring the catalogue's file level with the code."""
    catalog = merge(extract(root), stored(path))
    save(catalog, path)
    return catalog


def save(catalog: Catalog, path: Path = CATALOGUE) -> None:
    """Write the catalogue's file, whole or not at all; untouched where nothing changes."""
    text = written(catalog)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".po.part")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def compile_all() -> None:
    """Make the compiled catalogue beside its source."""
    CATALOGUE.with_suffix(".mo").write_bytes(compiled_catalogue(CATALOGUE))


def main(arguments: Sequence[str]) -> int:
    """The command: 0 done, 1 something is wrong, 2 wrong use."""
    match list(arguments):
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            lines = problems()
            print("\n".join(lines), end="\n" if lines else "")
            return 1 if lines else 0
        case _:
            print("python -m clinic.dev.translate update|check|compile", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
