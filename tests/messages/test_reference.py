"""What we render is what the reference engine of Liquid renders.

``liquid/templates.json`` holds data and templates, ``liquid/golden.json`` what Ruby's Liquid 5.4 makes of them.
``UPDATE_GOLDEN=1`` makes it again where Ruby is; there each run compares with the engine itself too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from deployer.messages import render

HERE = Path(__file__).parent / "liquid"
GIVEN = json.loads((HERE / "templates.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _one_time_zone(monkeypatch):
    """Times without a zone are read in UTC; the reference engine reads them in the machine's, so that is UTC too."""
    monkeypatch.setenv("TZ", "UTC")


def golden():
    """What the engine made of each template."""
    return json.loads((HERE / "golden.json").read_text("utf-8"))


def test_the_golden_set_is_what_the_reference_engine_makes(reference_liquid):
    """If Ruby is here, the engine still makes what the golden set holds."""
    fresh = {template: reference_liquid.render(template, GIVEN["data"]) for template in GIVEN["templates"]}
    if "UPDATE_GOLDEN" in os.environ:
        text = json.dumps(fresh, indent=1, ensure_ascii=False)
        (HERE / "golden.json").write_text(f"{text}\n", "utf-8")
    assert fresh == golden()


@pytest.mark.parametrize("template", GIVEN["templates"])
def test_render_prints_what_the_reference_engine_prints(template):
    """Each template gives the text that the reference engine gives."""
    assert render(template, GIVEN["data"]).text == golden()[template]
