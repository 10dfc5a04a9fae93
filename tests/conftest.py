"""What every test may ask for. Each kind of thing is in a module of its own."""

from __future__ import annotations

pytest_plugins = ["tests.places", "tests.databases", "tests.clinics", "tests.order", "tests.skipping", "tests.chained"]
