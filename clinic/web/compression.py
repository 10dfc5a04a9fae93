"""Pages and static files go over the line compressed.

A secret of the page and text that somebody sends must not be guessed from the length of the answer (BREACH): each
compressed page carries a file name of random length in its header, which readers skip.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from functools import lru_cache

from flask import Flask, Response, request

TYPES = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "text/csv"})
_FNAME = 8  # the flag that a name follows
LEAST = 600  # bytes; what is shorter gains nothing


def init_app(app: Flask) -> None:
    """Compresses what is worth it, for browsers that accept it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TYPES or response.status_code == 304 or "Content-Encoding" in response.headers:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if request.method == "HEAD" or not request.accept_encodings["gzip"] or response.is_streamed:
        return response if request.endpoint != "static" else _static(response)
    content = response.get_data()
    if len(content) >= LEAST:
        _put(response, _packed(content, secrets.token_hex(secrets.randbelow(24)), level=5))
    return response


def _static(response: Response) -> Response:
    """A static file, compressed as well as can be, once a process."""
    if not request.accept_encodings["gzip"] or request.method == "HEAD":
        return response
    content = b"".join(response.iter_encoded())
    response.close()
    response.direct_passthrough = False
    response.set_data(content)
    if len(content) >= LEAST:
        _put(response, _packed_once(content))
    return response


def _put(response: Response, packed: bytes) -> None:
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)


@lru_cache(maxsize=64)
def _packed_once(content: bytes) -> bytes:
    return _packed(content, "", level=9)


def _packed(content: bytes, name: str, *, level: int) -> bytes:
    """The content as a gzip file of this name, written at once: RFC 1952. Python's own writes it piece by piece."""
    head = b"\x1f\x8b\x08%c\0\0\0\0\0\xff" % (_FNAME if name else 0) + (name.encode() + b"\0" if name else b"")
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)  # negative: without a head of its own
    tail = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((head, deflate.compress(content), deflate.flush(), tail))
