"""A peer: the shortest loop over NDJSON that a developer would write with genson: genson_loop.py FILE."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from genson import SchemaBuilder


def main() -> None:
    """Print the schema of the lines."""
    builder = SchemaBuilder()
    with Path(sys.argv[1]).open("rb") as lines:
        for line in lines:
            builder.add_object(json.loads(line))
    json.dump(builder.to_schema(), sys.stdout)


if __name__ == "__main__":
    main()
