"""Bodies that are made to be heavy, run in a process with limits of its own: ``python run.py jinja|liquid``.

Each is compiled, or scanned, followed and rendered; each ends by itself, and is refused as a mistake of its author's
where it is too much. A new one is a line in ``jinja.json`` or ``liquid.json``.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from deployer.messages import (
    CompileError,
    Library,
    LiquidError,
    RenderError,
    compile_text,
    flow,
    render,
    render_pieces,
    scan,
)

HERE = Path(__file__).parent
GIB = 1024**3
PAYLOAD = {"type": "object", "properties": {}, "required": []}
LIQUID = (scan, lambda text: flow(text, PAYLOAD), lambda text: render(text, {}), lambda text: render_pieces(text, {}))


def no_file(path):
    """No body includes a file."""
    raise FileNotFoundError(path)


def attempt(work, text):
    """Do one piece of work; a mistake of the author's is an end as good as any."""
    with suppress(CompileError, LiquidError, RenderError):
        work(text)


def main(language):
    """Go through all bodies of a language."""
    resource.setrlimit(resource.RLIMIT_AS, (2 * GIB, 2 * GIB))
    resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
    works = (lambda text: compile_text(text, Library(load=no_file)),) if language == "jinja" else LIQUID
    for text in json.loads((HERE / f"{language}.json").read_text("utf-8")):
        body = "".join(part if isinstance(part, str) else part[0] * part[1] for part in text)
        for work in works:
            attempt(work, body)
    sys.stdout.write("all ended\n")


if __name__ == "__main__":
    main(sys.argv[1])
