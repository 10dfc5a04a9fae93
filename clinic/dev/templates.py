"""Compiles the templates for who serves: `python -m clinic.dev.templates`, which `make` does when one has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Flask

from clinic.web import compiled, shell
from clinic.web.templating import Templates

TEMPLATES: Final = Path(__file__).parents[2] / "templates"


def main() -> None:
    """Compiles what is not compiled as it is now."""
    app = Flask("clinic", template_folder=str(TEMPLATES))
    app.jinja_environment = Templates
    shell.init_app(app, demo=False)
    compiled.compile_all(app.jinja_env, app.jinja_env.list_templates(extensions=["html"]))
    compiled.FOLDER.touch()  # newer than every template, whether one was compiled or not


if __name__ == "__main__":
    main()
