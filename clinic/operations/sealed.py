"""What answers while a clinic is sealed: one page for every address. No key, no database, no child.

Run as a program, it is the server of a sealed clinic.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from config.settings import Settings

ROOT = Path(__file__).parents[2]


def application() -> Flask:
    """Says to everybody that the clinic is sealed."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "clinic" / "static"))

    @app.before_request
    def say() -> ResponseReturnValue | None:
        from flask import request

        if request.endpoint == "static":
            return None
        return render_template("errors/sealed.html"), 503, {"Cache-Control": "no-store", "Retry-After": "3600"}

    @app.after_request
    def protect(response):  # type: ignore[no-untyped-def]
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; img-src 'self'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


def serve(settings: Settings) -> None:
    """Becomes the server of a sealed clinic."""
    program = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn"
    arguments = [program, "--workers", "1", "--bind", f"{settings.host}:{settings.port}", "--log-level", "warning"]
    arguments += ["--pid", str(settings.server_path), "--no-control-socket", "clinic.operations.sealed:application()"]
    os.execve(program, arguments, dict(os.environ))  # noqa: S606 - our own server, no shell


if __name__ == "__main__":
    serve(Settings.from_environment())
