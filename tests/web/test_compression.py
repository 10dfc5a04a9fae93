"""Answers are compressed for who accepts it, and their length does not tell what is in them."""

from __future__ import annotations

import gzip

from flask import Flask

ACCEPTS = {"Accept-Encoding": "gzip"}


def test_a_page_is_compressed_for_who_accepts_it(app: Flask) -> None:
    client = app.test_client()
    packed, plain = client.get("/sign-in", headers=ACCEPTS), client.get("/sign-in")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data)
    assert b"<h1" in gzip.decompress(packed.data)


def test_the_length_of_a_page_is_not_the_same_twice(app: Flask) -> None:
    client = app.test_client()
    lengths = {len(client.get("/sign-in", headers=ACCEPTS).data) for _time in range(12)}
    assert len(lengths) > 3


def test_a_static_file_is_compressed_and_stays_the_same(app: Flask) -> None:
    client = app.test_client()
    packed = client.get("/static/css/sanad.css", headers=ACCEPTS)
    with client.get("/static/css/sanad.css") as plain:
        assert gzip.decompress(packed.data) == plain.data
    assert client.get("/static/css/sanad.css", headers=ACCEPTS).data == packed.data


def test_a_static_file_that_is_there_already_is_not_sent_again(app: Flask) -> None:
    client = app.test_client()
    etag = client.get("/static/css/sanad.css", headers=ACCEPTS).headers["ETag"]
    with client.get("/static/css/sanad.css", headers={**ACCEPTS, "If-None-Match": etag}) as again:
        assert again.status_code == 304
