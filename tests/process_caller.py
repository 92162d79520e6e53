"""Has a call done by the process at a socket (`process_parent.py`), and ends as it ended; it imports little."""

import json
import os
import signal
import socket
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(sys.argv[1])
    call = {"arguments": sys.argv[2:], "variables": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 - as little
    socket.send_fds(connection, [json.dumps(call).encode() + b"\n"], [0, 1, 2])
    answers = connection.makefile()
    process = int(answers.readline())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: os.kill(process, number))
    code = int(answers.readline())
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
