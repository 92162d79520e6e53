"""Print the shell command that stands in the README under a marker such as ``<!-- command: tests -->``."""

import re
import sys
from pathlib import Path

name = sys.argv[1]
readme = Path(__file__).resolve().parent.parent / "README.md"
found = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
if found is None:
    sys.exit(f"the README has no command marked {name}")
sys.stdout.write(found.group(1))
