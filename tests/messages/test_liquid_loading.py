"""What loading python-liquid leaves as it was, and what it doesn't do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOADING = """
import os, sys
before, opened = dict(os.environ), []
sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)
from deployer.messages.liquid_loading import load_liquid
load_liquid()
from babel.localtime import LOCALTZ
from datetime import datetime
assert dict(os.environ) == before
assert datetime(2026, 7, 1, tzinfo=LOCALTZ).utcoffset() == datetime(2026, 7, 1).astimezone().utcoffset()
print(sum("zoneinfo" in name and ".py" not in name for name in opened))
"""


@pytest.mark.parametrize("zone", [None, "", "UTC"])
def test_loading_liquid_leaves_the_time_zone(zone):
    """The environment is what it was, and so is the zone that Babel finds, whichever one is named."""
    environment = {name: value for name, value in os.environ.items() if name != "TZ"}
    environment |= {} if zone is None else {"TZ": zone}
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True, env=environment)
    if zone or Path("/etc/localtime").exists():
        assert int(done.stdout) < 5
