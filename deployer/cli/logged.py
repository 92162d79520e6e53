"""How what the library logs is printed: loaded when a command runs, since help and completion log nothing."""

from __future__ import annotations

import logging

import click

from deployer.cli.notices import note


class LogHandler(logging.Handler):
    """Prints what the library logs: a warning as a note, and with ``--verbose`` the rest under its logger's name."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        if record.levelno >= logging.WARNING:
            note(record.getMessage())
        else:
            click.echo(f"{record.name}: {record.getMessage()}", err=True)


def print_logged(*, verbose: bool) -> None:
    """Log to stderr: each request with ``--verbose``; neither keys, queries nor bodies are ever logged."""
    logger = logging.getLogger("deployer")
    logger.handlers = [LogHandler()]
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)
    logger.propagate = False
