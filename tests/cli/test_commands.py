"""What all commands promise: help with an example, completion, quick help, quiet failures."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

import boeki
from boeki.cli.main import COMMANDS, cli, main
from boeki.cli.shared import AREA, PRODUCT

NAMES = sorted(COMMANDS)


def in_a_process(*args: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """The command as its entry point runs it, in a Python of its own."""
    program = f"from boeki.cli import main; main(){code}"
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program, *args],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"], catch_exceptions=False)
    assert result.exit_code == 0
    assert f"boeki {name}" in result.output.partition("Example")[2]


def test_the_help_lists_every_command() -> None:
    result = CliRunner().invoke(cli, ["--help"], catch_exceptions=False)
    listed = result.output.partition("Commands:")[2].split()
    assert set(NAMES) <= set(listed)
    assert cli.list_commands(None) == NAMES  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_described_alike_in_both_places(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.name == name
    # The short line of the list must not promise what the help of the command does not tell.
    assert COMMANDS[name][1].endswith(".")
    assert (command.help or "").strip()


def test_an_unknown_command_is_none() -> None:
    assert cli.get_command(None, "nonsense") is None  # type: ignore[arg-type]


def test_the_version() -> None:
    result = CliRunner().invoke(cli, ["--version"], catch_exceptions=False)
    assert boeki.__version__ in result.output


@pytest.mark.parametrize(
    ("shell", "word"),
    [("bash", "complete -o nosort"), ("zsh", "#compdef boeki"), ("fish", "complete --no-files")],
)
def test_completion_scripts(shell: str, word: str) -> None:
    result = CliRunner().invoke(cli, ["completion", shell], catch_exceptions=False)
    assert result.exit_code == 0
    assert word in result.output
    assert "_BOEKI_COMPLETE" in result.output


def test_completion_of_areas_and_products() -> None:
    areas = AREA.shell_complete(None, None, "jp")  # type: ignore[arg-type]
    assert [(item.value, item.help) for item in areas] == [("JPN", "Japan")]
    goods = PRODUCT.shell_complete(None, None, "semiconductor_")  # type: ignore[arg-type]
    assert [item.value for item in goods] == ["semiconductor_equipment"]


HEAVY = ("ibis", "duckdb", "pandas", "pyarrow", "jinja2", "bs4", "numpy")


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["completion", "bash"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    program = (
        "import sys\n"
        "from boeki.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as stop:\n"
        "    assert not stop.code, stop.code\n"
        f"print('loaded:', *[m for m in {HEAVY} if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *args], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_a_question_from_a_shell() -> None:
    done = in_a_process("measure", "balance", "JPN", "--from", "2024-11", "--to", "2024-11")
    assert (done.returncode, done.stderr) == (0, "")
    # d41ma.csv, final: -120.8 billion yen.
    assert "−120.8" in done.stdout


def test_a_run_that_may_be_longer_says_so() -> None:
    one = ["measure", "balance", "JPN", "--from", "2024-11", "--to", "2024-11"]
    # As known at the end of 2024 the package holds October and November, and no September. It was
    # the fifth deficit in a row (Ministry of Finance, d41ma.csv).
    early = in_a_process(*one, "--as-of", "2024-12-31").stdout
    assert "−2…" in early
    assert "where it may be longer" in " ".join(early.split())
    newest = in_a_process(*one).stdout
    assert "−5" in newest
    assert "…" not in newest
    told = json.loads(in_a_process(*one, "--as-of", "2024-12-31", "--json").stdout)
    assert (told["rows"][0]["streak"], told["rows"][0]["streak_open"]) == (-2, True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["measure", "balance", "Atlantis"], "boeki: unknown area 'Atlantis'"),
        (["measure", "balence", "JPN"], "no such command 'balence'. Did you mean balance?"),
        (["measure", "balance", "JPN", "--to", "soon"], "boeki: 'soon' is not a period"),
    ],
)
def test_a_mistake_from_a_shell(args: list[str], words: str) -> None:
    done = in_a_process(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["--json", "--csv", "--links"])
def test_a_reader_that_leaves_is_no_error(form: str) -> None:
    shell = subprocess.Popen(
        [sys.executable, "-c", "from boeki.cli import main; main()", "figures", form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert shell.stdout is not None
    assert shell.stderr is not None
    with shell:
        shell.stdout.close()
        said = shell.stderr.read()
    assert said == b""
    assert shell.returncode == 0


def test_an_interruption_is_told_briefly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_args: object, **_how: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("boeki.lake.open_lake", interrupted)
    with pytest.raises(SystemExit) as stop:
        main(["figures"])
    # 128 + SIGINT, as shells have it.
    assert stop.value.code == 130
    assert capsys.readouterr().err.strip() == "stopped"


def test_python_runs_it_as_a_module() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "boeki", "--version"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("boeki, version")
