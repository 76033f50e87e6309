"""The command line: argument handling and printing only.

Each command is a thin call of one function of the library.
"""

from boeki.cli.main import main

__all__ = ["main"]
