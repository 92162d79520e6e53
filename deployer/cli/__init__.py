"""The command line: ``deployer``. It holds no logic; a command is one file; only ``main`` exits."""

from deployer.cli.main import main

__all__ = ["main"]
