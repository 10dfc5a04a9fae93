"""How a request's files are received: in memory alone.

Werkzeug writes what is larger than 500 KB to a temporary file, in clear. A register names children, so it stays in
memory until it is sealed; CLINIC_UPLOAD_MEGABYTES bounds it.
"""

from __future__ import annotations

import io
from typing import IO

from flask import Flask, Request


class ClinicRequest(Request):
    """A request whose files touch no disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


def init_app(app: Flask) -> None:
    """Receives every request so."""
    app.request_class = ClinicRequest
