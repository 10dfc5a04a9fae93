"""The two languages of the clinic, and the sentences in them.

English is the source text; Arabic is read from the catalogue and is the default. The language of a request lives in a
ContextVar; `_`, `_n` and their lazy twins `_l`, `_nl` answer in it. Knows Babel and Jinja, not the web framework.

    _("Hello %(name)s", name=name)
    _n("%(num)d day", "%(num)d days", days)
    LABELS = {Sex.GIRL: _l("Girl")}         # at module level: answers in the language of whoever reads it
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from jinja2 import pass_eval_context
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.nodes import EvalContext

TRANSLATIONS = Path(__file__).parent / "translations"

ARABIC_PLURALS: Final = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
)
"""The order of CLDR: zero, one, two, few, many, other. Babel's own header for Arabic swaps the last two."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the pages. `name` is what its readers call it."""

    code: Literal["ar", "en"]
    name: str
    direction: Literal["rtl", "ltr"]
    locale: str

    @property
    def other(self) -> Language:
        """The language that the switch offers."""
        return LANGUAGES["en" if self.code == "ar" else "ar"]

    @property
    def is_rtl(self) -> bool:
        return self.direction == "rtl"


ARABIC: Final = Language("ar", "العربية", "rtl", "ar_PS")
ENGLISH: Final = Language("en", "English", "ltr", "en")
LANGUAGES: Final[dict[str, Language]] = {language.code: language for language in (ARABIC, ENGLISH)}
DEFAULT: Final = ARABIC

_REMEMBERED = 10_000


class _Sentences(dict[str, str]):
    """A sentence without a translation is its own."""

    def __missing__(self, message: str) -> str:
        return message


class Catalogue:
    """One language's sentences, bound once: a lookup costs a dict access."""

    __slots__ = ("finished", "language", "plural", "sentences")

    def __init__(self, language: Language, translations: GNUTranslations | None) -> None:
        self.language = language
        self.sentences: dict[str, str] = _Sentences()
        self.plural: Callable[[str, str, int], str] = _english_plural
        if translations is not None:
            entries: dict[Any, str] = cast(Any, translations)._catalog
            self.sentences.update((key, text) for key, text in entries.items() if isinstance(key, str) and key)
            self.plural = translations.ngettext
        self.finished = _Finished(self.sentences)


class _Finished(dict[str, Markup]):
    """Sentences for templates that take no values: their doubled percent signs already single."""

    def __init__(self, sentences: dict[str, str]) -> None:
        self._sentences = sentences

    def __missing__(self, message: str) -> Markup:
        text = Markup(self._sentences[message] % {})  # noqa: S704 - our own sentences, never typed text
        if len(self) < _REMEMBERED:
            self[message] = text
        return text


def _english_plural(singular: str, plural: str, num: int) -> str:
    return singular if num == 1 else plural


@cache
def catalogue_of(code: str) -> Catalogue:
    """The catalogue of a language, read once a process."""
    language = LANGUAGES[code]
    return Catalogue(language, None if language is ENGLISH else _read(code))


def _read(code: str) -> GNUTranslations | None:
    """The compiled catalogue; one compiled in memory where the compiled file is missing or older than its source."""
    source = TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if not source.exists() and not compiled.exists():
        return None
    if compiled.exists() and (not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime):
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    return GNUTranslations(BytesIO(compiled_catalogue(source)))


def compiled_catalogue(source: Path) -> bytes:
    """The bytes of the compiled form of a catalogue."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file)
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return binary.getvalue()


_current: ContextVar[Catalogue | None] = ContextVar("language", default=None)


def _catalogue() -> Catalogue:
    return _current.get() or catalogue_of(DEFAULT.code)


def current_language() -> Language:
    """The language in which this request, or this piece of work, speaks."""
    return _catalogue().language


def language_of(code: str | None) -> Language:
    """The language with this code, else the default."""
    return LANGUAGES.get(code or "", DEFAULT)


def use(language: Language | str) -> None:
    """Speak this language from here on, in this request alone."""
    _current.set(catalogue_of(language if isinstance(language, str) else language.code))


@contextmanager
def using(language: Language | str) -> Iterator[Language]:
    """Speak this language within the block."""
    token = _current.set(catalogue_of(language if isinstance(language, str) else language.code))
    try:
        yield current_language()
    finally:
        _current.reset(token)


def _(message: str, /, **values: object) -> str:
    """The sentence in the current language, its named placeholders filled."""
    text = (_current.get() or catalogue_of(DEFAULT.code)).sentences[message]
    return text % values if values else text


def _n(singular: str, plural: str, num: int, /, **values: object) -> str:
    """The sentence in the form that the number takes in the current language; `%(num)d` is the number."""
    values.setdefault("num", num)
    return _catalogue().plural(singular, plural, num) % values


class LazyText:
    """A sentence that is put into words when it is read, in the language of the reader.

    Two are equal when they are the same sentence with the same values, whatever the language; so the hash holds still.
    A text is equal to none of them. Everything else is answered by the text itself.
    """

    __slots__ = ("_num", "_plural", "_singular", "_values")

    def __init__(self, singular: str, plural: str | None, num: int, values: dict[str, object]) -> None:
        self._singular = singular
        self._plural = plural
        self._num = num
        self._values = values

    def __str__(self) -> str:
        if self._plural is None:
            return _(self._singular, **self._values)
        return _n(self._singular, self._plural, self._num, **self._values)

    def __repr__(self) -> str:
        return f"LazyText({self._singular!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LazyText):
            return NotImplemented
        return (self._singular, self._plural, self._num, self._values) == (
            other._singular,
            other._plural,
            other._num,
            other._values,
        )

    def __hash__(self) -> int:
        return hash((self._singular, self._plural, self._num))

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __gt__(self, other: object) -> bool:
        return str(self) > str(other)

    def __bool__(self) -> bool:
        return bool(self._singular)

    def __len__(self) -> int:
        return len(str(self))

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __getitem__(self, index: int | slice) -> str:
        return str(self)[index]

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)

    def __mod__(self, values: object) -> str:
        return str(self) % values

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(str(self), name)


def _l(message: str, /, **values: object) -> str:
    """The sentence as a LazyText: for labels and messages made before the reader is known.

    Its declared type is `str`, because it stands wherever a text is asked for; `isinstance` tells the difference.
    """
    return cast(str, LazyText(message, None, 0, values))


def _nl(singular: str, plural: str, num: int, /, **values: object) -> str:
    """The counted sentence as a LazyText."""
    return cast(str, LazyText(singular, plural, num, values))


def said(message: str, /, **values: object) -> Markup:
    """`_` for templates that escape: the sentence is safe, the values are escaped."""
    catalogue = _current.get() or catalogue_of(DEFAULT.code)
    if not values:
        return catalogue.finished[message]
    safe = {name: value if type(value) in (int, float) else escape(value) for name, value in values.items()}
    return Markup(catalogue.sentences[message] % safe)  # noqa: S704 - our own sentences around what was escaped


@pass_eval_context
def _in_template(context: EvalContext, message: str, /, **values: object) -> str:
    """`_` for templates, whether they escape or not."""
    return said(message, **values) if context.autoescape else _catalogue().sentences[message] % values


@pass_eval_context
def _counted_in_template(context: EvalContext, singular: str, plural: str, num: int, /, **values: object) -> str:
    """`_n` for templates."""
    values.setdefault("num", num)
    text = _catalogue().plural(singular, plural, num)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 - our own sentences, never typed text
    return text % values


def install_jinja(environment: Environment) -> None:
    """Let templates speak: `{% trans %}`, `_()`, `_n()` and `current_language()`."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    cast(Any, environment).newstyle_gettext = True
    environment.globals.update(
        _=_in_template,
        gettext=_in_template,
        _n=_counted_in_template,
        ngettext=_counted_in_template,
        current_language=current_language,
    )
