"""What must hold on every page, whoever opens it: `faults(html)` says what does not.

The page is parsed as a browser would (HTML5), and every departure from valid nesting counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple
from xml.etree.ElementTree import Element

import html5lib

SVG = "{http://www.w3.org/2000/svg}"
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
NOT_TYPED = {"hidden", "submit", "button", "reset", "image"}
TYPED_FREELY = {"text", "search", "tel", "email", "url", "number", "date", "time", "datetime-local"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "form", "list")
UNSEEN = {"script", "style", "template", "title", "option", "textarea"}
NAMES_OF_LANGUAGES = {"العربية", "English"}
OWN_LANGUAGE = {"bdi", "bdo", "code", "kbd", "time", "data"}
ARABIC = re.compile(r"[\u0621-\u064a]{2,}")
LATIN = re.compile(r"(?!Excel|xlsx)\b[A-Za-z]*[a-z][A-Za-z]+[A-Za-z]")  # a word, not an acronym
ISOLATED = re.compile("[\u2066-\u2068][^\u2069]*\u2069")
TOKEN = re.compile(r'<input\b[^>]*\bname="csrf_token"[^>]*\bvalue="([^"]+)"')
DRAWN = re.compile(r'<input\b[^>]*\bname="(?:csrf|form)_token"[^>]*\bvalue="([^"]{8,})"')
ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


class Document:
    """A parsed page, with the way up from each element."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        self.root: Element = parser.parse(html)
        self.errors = [f"line {position[0]}: {code} {data or ''}".rstrip() for position, code, data in parser.errors]
        self.html = html

    @cached_property
    def all(self) -> list[Element]:
        """Every element, in order."""
        return [element for element in self.root.iter() if isinstance(element.tag, str)]

    @cached_property
    def parents(self) -> dict[Element, Element]:
        return {child: parent for parent in self.root.iter() for child in parent}

    @cached_property
    def by_id(self) -> dict[str, Element]:
        return {element.get("id", ""): element for element in self.all if element.get("id")}

    def named(self, *tags: str) -> list[Element]:
        """The elements with one of these tags."""
        return [element for element in self.all if element.tag in tags]

    def above(self, element: Element) -> Iterator[Element]:
        """The elements around this one, the nearest first."""
        while (up := self.parents.get(element)) is not None:
            yield up
            element = up

    def texts(self) -> Iterator[tuple[str, Element]]:
        """Each piece of text with the element that it stands in."""
        for element in self.all:
            if element.text and element.text.strip():
                yield element.text.strip(), element
            up = self.parents.get(element)
            if up is not None and element.tail and element.tail.strip():
                yield element.tail.strip(), up


def text_of(element: Element) -> str:
    """The words inside an element, spaces made single."""
    return " ".join("".join(element.itertext()).split())


def _told(element: Element) -> str:
    """How a fault names an element."""
    marks = [f'{name}="{element.get(name)}"' for name in ("id", "name", "href", "action", "class") if element.get(name)]
    return f"<{' '.join([str(element.tag), *marks[:2]])}>"


@lru_cache(maxsize=1)
def parsed(html: str) -> Document:
    """A page that may be asked for two things in turn: what is wrong with it, and what of it is in another language."""
    return Document(html)


class Judgement(NamedTuple):
    """What a page is whoever asks: its faults, its title and its language."""

    faults: tuple[str, ...]
    title: str
    language: str | None


def faults(html: str, *, names: Iterable[str] = (), language: str | None = None) -> list[str]:
    """What is wrong with a page: nothing, if all is well. `names` are people's, which no title may hold."""
    judged = _judged(html)
    found = list(judged.faults)
    if not judged.title:
        found.append("the title is empty")
    found.extend(f"the title names {name}" for name in names if name and name in judged.title)
    if language and judged.language != language:
        found.append(f"the page is in {judged.language}, not in {language}")
    return found


def _judged(html: str) -> Judgement:
    """The judgement of a page. One that was found well is not parsed again for other ids and other tokens."""
    key = blake2b(without_chance(html).encode(errors="surrogatepass")).digest()
    if (known := _well.get(key)) is not None:
        return known
    page = parsed(html)
    found = [*page.errors, *(fault for check in CHECKS for fault in check(page))]
    judged = Judgement(tuple(found), _title(page), page.root.get("lang"))
    if not found:
        _well[key] = judged
    return judged


def without_chance(html: str) -> str:
    """The page with its ids in the order in which they come, and without its tokens: each is drawn by chance."""
    numbers: dict[str, str] = {}
    html = DRAWN.sub(lambda field: field[0].replace(field[1], "token"), html)
    return ID.sub(lambda one: numbers.setdefault(one[0], f"id {len(numbers)}"), html)


def token_of(html: str) -> str | None:
    """The token of the page's forms, without which none of them is taken."""
    found = TOKEN.search(html)
    return found[1] if found else None


def _title(page: Document) -> str:
    return "".join(text_of(element) for element in page.named("title") if page.parents[element].tag == "head")


def _language(page: Document) -> Iterator[str]:
    code, direction = page.root.get("lang"), page.root.get("dir")
    if DIRECTIONS.get(code or "") != direction:
        yield f'<html lang="{code}" dir="{direction}">'


def _one_heading(page: Document) -> Iterator[str]:
    headings = page.named("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    yield from (f"an empty {element.tag}" for element in page.named("h1", "h2", "h3") if not text_of(element))


def _one_main(page: Document) -> Iterator[str]:
    if len(page.named("main")) != 1:
        yield f"{len(page.named('main'))} main"


def _ids(page: Document) -> Iterator[str]:
    ids = [element.get("id") for element in page.all if element.get("id") is not None]
    yield from (f'id="{one}" twice' for one in sorted({one for one in ids if one and ids.count(one) > 1}))
    if "" in ids:
        yield "an empty id"
    for element in page.all:
        for name in REFERENCES:
            missing = [one for one in (element.get(name) or "").split() if one not in page.by_id]
            if missing:
                yield f"{_told(element)} {name} points to nothing: {' '.join(missing)}"


def _labels(page: Document) -> Iterator[str]:
    labelled = {element.get("for") for element in page.named("label") if text_of(element)}
    for field in page.named("input", "select", "textarea"):
        if field.tag == "input" and (field.get("type") or "text").lower() in NOT_TYPED:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled - {None}
        if not named and not any(up.tag == "label" and text_of(up) for up in page.above(field)):
            yield f"no label for {_told(field)}"
        if not field.get("name"):
            yield f"no name on {_told(field)}"


def _groups(page: Document) -> Iterator[str]:
    for field in page.named("input"):
        if field.get("type") == "radio" and not any(_is_group(up) for up in page.above(field)):
            yield f"no fieldset with a legend around {_told(field)}"


def _is_group(element: Element) -> bool:
    if element.get("role") in ("group", "radiogroup"):
        return bool(element.get("aria-label") or element.get("aria-labelledby"))
    return element.tag == "fieldset" and any(child.tag == "legend" and text_of(child) for child in element)


def _forms(page: Document) -> Iterator[str]:
    for form in page.named("form"):
        fields = list(form.iter("input"))
        if (form.get("method") or "get").lower() == "post":
            if not any(field.get("name") == "csrf_token" and field.get("value") for field in fields):
                yield f"no CSRF field in {_told(form)}"
        elif any((field.get("type") or "text") in TYPED_FREELY - {"date"} for field in fields):
            yield f"typed text would go into the address: {_told(form)}"


def _inline(page: Document) -> Iterator[str]:
    for element in page.all:
        for name in element.attrib:
            if name == "style" or name.startswith("on"):
                yield f"{name}= on {_told(element)}"
        if element.tag == "style" or (element.tag == "script" and not element.get("src") and _runs(element)):
            yield f"inline {element.tag}"
        for name in ("src", "href", "action"):
            if (element.get(name) or "").lower().startswith("javascript:"):
                yield f"javascript: on {_told(element)}"


def _runs(script: Element) -> bool:
    return script.get("type") not in ("application/json", "application/ld+json")


def _from_elsewhere(page: Document) -> Iterator[str]:
    for element in page.named("link", "script", "img", "source", "iframe"):
        address = element.get("src") or element.get("href") or ""
        if address.startswith(("http:", "https:", "//")):
            yield f"from elsewhere: {address}"


def _names_of_controls(page: Document) -> Iterator[str]:
    for element in page.named("a", "button", "summary"):
        if not _is_named(element):
            yield f"nothing says what {_told(element)} does"
        if element.tag == "a" and element.get("href") in (None, "", "#"):
            yield f"{_told(element)} leads nowhere"
        if any(up.tag in ("a", "button") for up in page.above(element)):
            yield f"{_told(element)} inside another control"
    yield from (f"no alt on {_told(element)}" for element in page.named("img") if element.get("alt") is None)
    yield from (f"an svg neither named nor hidden: {_told(one)}" for one in page.named(f"{SVG}svg") if not _drawn(one))


def _is_named(element: Element) -> bool:
    named = element.get("aria-label") or element.get("aria-labelledby") or text_of(element)
    return bool(named) or any(child.get("alt") or child.get("aria-label") for child in element.iter())


def _drawn(svg: Element) -> bool:
    if svg.get("aria-hidden") == "true":
        return True
    named = svg.get("aria-label") or svg.get("aria-labelledby") or svg.find(f"{SVG}title") is not None
    return svg.get("role") == "img" and bool(named)


def _tables(page: Document) -> Iterator[str]:
    for table in page.named("table"):
        if not list(table.iter("th")):
            yield f"a table without headings: {_told(table)}"


def _leftovers(page: Document) -> Iterator[str]:
    for text, element in page.texts():
        if element.tag in ("script", "style", "textarea"):
            continue
        for mark in ("%(", "{{", "{%", "<bound", "Undefined", "datetime.", "UUID("):
            if mark in text:
                yield f"left over: {text[:80]!r} in {_told(element)}"
        if text == "None" and not (element.get("value") == "none" or element.tag == "dd"):  # a label of two lists
            yield f"None in {_told(element)}"


CHECKS: tuple[Callable[[Document], Iterator[str]], ...] = (
    _language,
    _one_heading,
    _one_main,
    _ids,
    _labels,
    _groups,
    _forms,
    _inline,
    _from_elsewhere,
    _names_of_controls,
    _tables,
    _leftovers,
)

_well: dict[bytes, Judgement] = {}
"""The judgements of the pages in which nothing was found."""


def foreign_text(html: str) -> list[str]:
    """Words of the other language that nothing isolates: a sentence without a translation, or a name without <bdi>."""
    page = parsed(html)
    foreign = ARABIC if page.root.get("lang") == "en" else LATIN
    found = ((ISOLATED.sub("", text), element) for text, element in page.texts())
    return [
        text
        for text, element in found
        if foreign.search(text) and text not in NAMES_OF_LANGUAGES and not _is_isolated(page, element)
    ]


def _is_isolated(page: Document, element: Element) -> bool:
    around = [element, *page.above(element)]
    if any(up.tag in UNSEEN or str(up.tag).startswith(SVG) for up in around):
        return True
    return any(up.tag in OWN_LANGUAGE or up.get("lang") or up.get("dir") for up in around if up is not page.root)
