"""What people look at: plans, reports, tasks and messages on a terminal, as markdown, and as JSON for programs.

Views render values that are made below them and decide nothing: no exit code, no order of work, no comparison. Each
function gives text without a newline at the end.
"""

from deployer.views.apps import whoami_json, whoami_text
from deployer.views.differences import differences_text
from deployer.views.drift import drift_json, drift_text
from deployer.views.importing import import_json, import_text
from deployer.views.plan import plan_json, plan_markdown, plan_text
from deployer.views.render import render_json, render_text
from deployer.views.report import report_json, report_markdown, report_text
from deployer.views.status import status_json, status_markdown, status_text
from deployer.views.takeover import (
    lifted_json,
    lifted_text,
    observed_json,
    observed_text,
    stopped_json,
    stopped_text,
    taken_json,
    taken_text,
)
from deployer.views.tasks import confirmed_json, confirmed_text, tasks_json, tasks_markdown, tasks_text

__all__ = [
    "confirmed_json",
    "confirmed_text",
    "differences_text",
    "drift_json",
    "drift_text",
    "import_json",
    "import_text",
    "lifted_json",
    "lifted_text",
    "observed_json",
    "observed_text",
    "plan_json",
    "plan_markdown",
    "plan_text",
    "render_json",
    "render_text",
    "report_json",
    "report_markdown",
    "report_text",
    "status_json",
    "status_markdown",
    "status_text",
    "stopped_json",
    "stopped_text",
    "taken_json",
    "taken_text",
    "tasks_json",
    "tasks_markdown",
    "tasks_text",
    "whoami_json",
    "whoami_text",
]
