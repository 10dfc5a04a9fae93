"""How a name is written, and how it sounds, in either script.

A name of the camp reaches the clinic as محمد, مُحمّد, Mohammed or Muhamad; with أ or ا, ة or ه, ى or ي; ابو عكر in one
word or two. `normalise` folds what is the same letter to a reader (domain.md 6.1), `tokens` joins what is one name, and
a `Term` holds the consonants that both scripts share with the vowels between them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

_LIGATURE_MARKS = re.compile("[\ufe70-\ufe7f]")  # tashkeel as presentation forms: they would decompose to a space
_APOSTROPHES = str.maketrans("", "", "'’‘ʼʾʿʻ`´′ـء")  # and tatweel, and the hamza that stands alone
_FOLDED = str.maketrans("ىةیکگٱھہەۀې", "يهيككاههههي")
_IN_A_NAME = re.compile(r"[^\W_]")


def normalise(text: str) -> str:
    """One writing for what readers take as the same letters: alef forms, ى and ي, ة and ه, marks, digits, case."""
    text = unicodedata.normalize("NFKD", _LIGATURE_MARKS.sub("", text).translate(_APOSTROPHES))
    text = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(text.translate(_ONE_WRITING).split())


class _OneWriting(dict[int, str]):
    """What becomes of each sign, worked out when it is first met: nothing of marks, a space of what is in no name."""

    def __missing__(self, code: int) -> str:
        sign = self[code] = _one_writing(chr(code))
        return sign


def _one_writing(sign: str) -> str:
    if not sign.translate(_APOSTROPHES) or _is_mark(sign):
        return ""
    sign = str(unicodedata.digit(sign)) if sign.isdigit() else sign
    return sign.translate(_FOLDED) if _IN_A_NAME.match(sign) else " "


def _is_mark(sign: str) -> bool:
    return sign >= "\u00ad" and unicodedata.category(sign) in {"Mn", "Me", "Mc", "Cf"}


_ONE_WRITING = _OneWriting()


def latin_form(text: str) -> str:
    """The text in plain Latin letters, one for one: what an Arabic word looks like to one who types Latin."""
    return normalise(anyascii(normalise(text)))


# --- words that make one name -----------------------------------------------------------------------------------------

_SONS = {"بن", "ابن", "بنت", "bin", "ibn", "ben", "bint"}
_THE = {"ال", "al", "el", "ul", "il", "as", "ash", "ad", "ar", "an", "at", "az", "es", "esh", "ed", "er", "en", "et"}
_FATHERS = {"ابو", "ابي", "ابا", "abu", "abo", "abou", "aboo", "abi"}
_SERVANTS = {"عبد", "abd", "abed", "abdel", "abdul", "abdal", "abdu", "abdil", "abdol", "abdur", "abdus"}
_FAITHS = {"الدين", "din", "deen", "dine", "eldin", "aldin", "eddin", "uddin", "eldeen", "aldeen", "eddeen", "eddine"}
_GODS = {"الله", "allah", "ullah", "alla"}
_BEGINS_WITH_ITS_OWN_AL = {"الياس", "الهام", "الينا", "اليانا", "اليسار", "elinor", "elianna", "eliana"}

_JOINED_FATHER = re.compile(r"(?:ابو|ab(?:ou|oo|u|o))(\w{3,})")
_JOINED_SERVANT = re.compile(r"(?:عبد|abe?d(?:[aeiou]l(?=\w)|[aeiou](?=\w{2})|))(\w{2,})")
_JOINED_FAITH = re.compile(r"(\w{2,}?)(?:الدين|(?:[aeiou]l|[aeiou]d|u)d(?:i|ee|ie)ne?)")
_JOINED_GOD = re.compile(r"(\w{2,}?)(?:الله|[au]llah?)")
_ARABIC = re.compile("[\u0621-\u064a]")

FATHER_OF, SERVANT_OF, _FAITH, _GOD = "ابو", "عبد", "دين", "له"
_LATIN_OF = {FATHER_OF: "abu", SERVANT_OF: "abd", _FAITH: "din", _GOD: "lah"}


def tokens(text: str) -> list[str]:
    """The names in a text, each one word: ابو عكر and ابوعكر are one, ال is left off, نور الدين stays together."""
    found: list[str] = []
    pending = ""
    written = (word if word.isascii() or _ARABIC.search(word) else latin_form(word) for word in normalise(text).split())
    words = [word for word in written if word]
    for position, word in enumerate(words):
        last = position == len(words) - 1
        if (word in _SONS or word in _THE) and not last:
            continue
        if (word in _FATHERS or word in _SERVANTS) and not last:
            pending = _in_script_of(word, FATHER_OF if word in _FATHERS else SERVANT_OF)
        elif found and not pending and (word in _FAITHS or word in _GODS):
            found[-1] += _in_script_of(word, _FAITH if word in _FAITHS else _GOD)
        else:
            found.append(pending + (_bare(word) if pending else _joined(word)))
            pending = ""
    return found


def _in_script_of(word: str, part: str) -> str:
    return _LATIN_OF[part] if word.isascii() else part


def _joined(word: str) -> str:
    """The one writing of a word that holds two: عبدالرحمن, Abdelrahman, Noureddine."""
    for pattern, part in ((_JOINED_FATHER, FATHER_OF), (_JOINED_SERVANT, SERVANT_OF)):
        if match := pattern.fullmatch(word):
            return _in_script_of(word, part) + _bare(match[1])
    for pattern, part in ((_JOINED_FAITH, _FAITH), (_JOINED_GOD, _GOD)):
        if match := pattern.fullmatch(word):
            return match[1] + _in_script_of(word, part)
    return _bare(word)


def _bare(word: str) -> str:
    """The word without its article."""
    if word in _GODS:
        return _in_script_of(word, _GOD)
    if word in _BEGINS_WITH_ITS_OWN_AL:
        return word
    if word.startswith("ال") and len(word) >= 5:
        return word[2:]
    return word[2:] if word.startswith(("al", "el")) and len(word) >= 6 else word


def named_after(token: str) -> str | None:
    """What follows ابو or عبد in a token: people ask for عكر and mean ابو عكر."""
    for part in (FATHER_OF, SERVANT_OF, "abu", "abd"):
        if token.startswith(part) and len(token) >= len(part) + 3:
            return token[len(part) :]
    return None


# --- how a token sounds -----------------------------------------------------------------------------------------------

# One sign a consonant; T D Z v q G are those that are heard or written as another (ث ض ظ ذ ق and the Latin g).
_ARABIC_SOUNDS = dict(zip("بتثجحخدذرزسشصضطظغفقكلمنهوي", "btTjhxdvrzscsDtZgfqklmnhwy", strict=True)) | {
    "پ": "b", "چ": "c", "ڤ": "f", "ژ": "j",
}  # fmt: skip
_LATIN_SOUNDS = {
    "sh": "c", "ch": "c", "kh": "x", "gh": "g", "th": "T", "dh": "Z", "ph": "f", "ck": "k", "dj": "j",
    "c": "k", "g": "G", "p": "b", "v": "f", "x": "ks",
    "7": "h", "5": "x", "6": "t", "9": "s", "8": "q", "2": "", "3": "",
} | {letter: letter for letter in "bdfhjklmnqrstwyz"}  # fmt: skip
_LATIN_PIECES = re.compile("|".join(sorted(_LATIN_SOUNDS, key=len, reverse=True)) + "|.")
_VOWELS_OF = {"ا": "a", "و": "u", "ي": "i", "ع": "*", "w": "u", "y": "i", "3": "*", "2": ""}
_HEARD_AS = str.maketrans({"T": "t", "D": "d", "Z": "z", "v": "z", "q": "k", "G": "j"})
_HEARD_ALSO_AS = (("D", "z"), ("Z", "d"), ("v", "d"), ("v", "t"), ("q", ""), ("G", "k"))


@dataclass(frozen=True, slots=True)
class Term:
    """One token: its consonants as heard (the usual way first), and the vowels before each of them."""

    text: str
    keys: tuple[str, ...]
    gaps: tuple[str, ...]
    sound: str
    is_arabic: bool

    @classmethod
    def of(cls, token: str) -> Term:
        """Listen to a token of either script."""
        is_arabic = bool(_ARABIC.search(token))
        pieces = _arabic_pieces(token) if is_arabic else _latin_pieces(token)
        letters, gaps = _heard(pieces)
        if len(letters) < 4 and not any(gaps) and _is_no_name(pieces, letters):
            return cls(token, (token,), ("",) * (len(token) + 1), token, is_arabic)
        others = [_key(letters.replace(sign, other)) for sign, other in _HEARD_ALSO_AS if sign in letters]
        sound = "".join(gap.replace("*", "") + letter for gap, letter in zip(gaps, letters + " ", strict=True)).rstrip()
        return cls(
            token, tuple(dict.fromkeys((_key(letters), *others))), tuple(gaps), sound.translate(_HEARD_AS), is_arabic
        )


def skeleton(token: str) -> str:
    """The consonants of a token as both scripts share them: محمد, Mohammed and Muhamad have one."""
    return Term.of(token).keys[0]


def _is_no_name(pieces: list[tuple[str, str]], letters: str) -> bool:
    """Whether a token without a vowel is one consonant held down (zzzz, ششش), or consonants of which one alone is
    heard: it sounds like no name, and would find everybody whose name has that one consonant."""
    written = "".join(consonant for consonant, _vowel in pieces)
    held = len(written) > 1 and len(set(written)) == 1
    return len(_key(letters)) < 2 and (held or len(written) > 2)


def _key(letters: str) -> str:
    """The sure consonants: a last h or y may be a vowel (ة ى ي), or be left off."""
    return letters.translate(_HEARD_AS).rstrip("hy") or letters.translate(_HEARD_AS)[:1]


def _arabic_pieces(token: str) -> list[tuple[str, str]]:
    """Pairs of consonant and vowel, one of them empty."""
    body = token[:-1] if token.endswith("ه") and len(token) >= 3 else token
    pieces = []
    for position, char in enumerate(body):
        is_vowel = char in "اع" or (position > 0 and (char == "و" or (char == "ي" and position < len(token) - 1)))
        pieces.append(("", _VOWELS_OF[char]) if is_vowel else (_ARABIC_SOUNDS.get(char, char), ""))
    return pieces


def _latin_pieces(token: str) -> list[tuple[str, str]]:
    body = token[:-1] if token.endswith("ah") and len(token) >= 4 else token
    body = re.sub(r"(?<=\w)(?:ee|ie|ey|i|y)$", "Y", body)
    pieces = []
    for match in _LATIN_PIECES.finditer(body):
        piece = match[0]
        if piece == "Y":
            pieces.append(("y", ""))
        elif piece in "aeiou23" or (piece in "wy" and match.start() > 0):
            pieces.append(("", _VOWELS_OF.get(piece, piece)))
        else:
            pieces.append((_LATIN_SOUNDS.get(piece, piece), ""))
    return pieces


def _heard(pieces: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The consonants, a doubled one once, and the vowels before each and after the last."""
    letters, gaps = "", [""]
    for consonant, vowel in pieces:
        for letter in consonant:
            if not (letters.endswith(letter) and not gaps[-1]):
                letters += letter
                gaps.append("")
        gaps[-1] += vowel
    return letters, gaps
