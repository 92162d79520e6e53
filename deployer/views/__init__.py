"""What people look at: plans, reports, tasks and messages on a terminal, as markdown, and as JSON for programs.

Views render values that are made below them and decide nothing: no exit code, no order of work, no comparison. Each
function gives text without a newline at the end.
"""
