"""Commands as tests run them: ones that must succeed, and ones that are refused."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from boeki.cli.main import cli, main


def run(*args: str) -> Result:
    """A command that must succeed."""
    result = CliRunner().invoke(cli, list(args), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What a command that cannot be carried out says on standard error; it exits with 2."""
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    out, err = capsys.readouterr()
    assert stop.value.code == 2
    assert out == ""
    assert "Traceback" not in err
    return err
