"""The command line: one module of `commands` for each command, read only when it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from servicesim import __version__, settings
from servicesim.commands import outputs
from servicesim.errors import FilesHaveFindings, ServicesimError

COMMANDS: dict[str, str] = {
    "demo": "Play the shipped demo by itself, with pictures and scores.",
    "play": "Play one encounter.",
    "simulate": "Play an encounter without a window, by named moves.",
    "new": "Write an encounter to start from.",
    "import": "Make an encounter to fill in out of a Twine story.",
    "check": "Find what is wrong in scenario and principles files.",
    "explain": "Say what a finding means, with an example and the same mended.",
    "graph": "Draw an encounter: scenes, replies, endings, the best path.",
    "storyboard": "Write an encounter for people to read, on paper or in Twine.",
    "preview": "See an encounter in the window while you write it.",
    "schema": "Write what an editor needs to help you write.",
    "walk": "Play walkthroughs, and compare what comes of them.",
    "translate": "Translate encounters and principles.",
    "programme": "Show a programme, or who stands where in it.",
    "export": "Hand the scores to HR.",
    "verify": "Play every attempt again, and compare the result with the one that is kept.",
    "rescore": "Say whose result would change under other principles.",
    "review": "Decide about failed results: they stand, or are set aside.",
    "person": "Show or erase what is kept of a person.",
    "purge": "Remove attempts that are older than they may be kept.",
    "handin": "Pack this desk's attempts into one file, for HR.",
    "collect": "Take in what desks have handed in.",
    "push": "Send statements to a learning record store.",
    "connect": "Connect this computer to an organisation's server.",
    "report": "Write a report to read and print, of groups or of a person.",
    "certificate": "Write the certificate of an attempt that passed, or check one.",
    "insight": "See what trainees really did in an encounter.",
    "organisation": "Make an organisation's store, and let people and desks in.",
    "serve": "Serve an organisation's desks and pages.",
}

FINDINGS, USAGE, OUR_FAULT, SURROUNDINGS = 1, 2, 3, 4
OF_A_SERVER = frozenset({"alembic", "argon2", "fastapi", "psycopg", "starlette", "uvicorn"})
"""What only the extra `server` installs."""


class Commands(click.Group):
    """Commands that are imported when they are used: `--help` and `check` need no window and no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"servicesim.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="ServiceSim %(version)s")
@click.pass_context
def servicesim(context: click.Context) -> None:
    """Meet simulated customers, answer them, and learn from a debrief.

    Without a command, the window opens.

    \b
    Example: servicesim play late-parcel --as 1042
    """
    if context.invoked_subcommand is None:
        from servicesim.commands.window import open_window

        open_window()


def main(arguments: list[str] | None = None) -> None:
    """Run one command, and leave with its exit code. No traceback ever reaches a user."""
    outputs.prepare()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code (DESIGN section 7)."""
    try:
        code = servicesim.main(arguments, prog_name="servicesim", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.exceptions.Abort:
        return _told("stopped", USAGE)
    except click.ClickException as error:
        hint = f"; try: {error.ctx.command_path} --help" if isinstance(error, click.UsageError) and error.ctx else ""
        return _told(f"{error.format_message().rstrip('.')}{hint}", USAGE)
    except FilesHaveFindings as error:
        return _told(str(error), error.exit_code, lines=True)
    except ServicesimError as error:
        return _told(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _told("stopped", USAGE)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    except OSError as error:
        return _told(f"{error.strerror or error}{': ' + str(error.filename) if error.filename else ''}", SURROUNDINGS)
    except Exception as fault:  # noqa: BLE001 - the last shell: whatever it is goes to the log, and a sentence to the person
        if isinstance(fault, ModuleNotFoundError) and fault.name in OF_A_SERVER:
            return _told(_missing(fault.name), SURROUNDINGS)
        return _told(_logged(), OUR_FAULT, lines=True)


def _told(sentence: str, code: int, *, lines: bool = False) -> int:
    from servicesim.commands.telling import complain, on_one_line

    complain(sentence if lines else on_one_line(sentence))
    return code


def _missing(module: str) -> str:
    return f"{module} is not installed here: a server and its database need more than a desk; in the folder of ServiceSim: python -m pip install -c constraints.txt '.[server]'"


def _logged() -> str:
    """Write a fault of ours down; the sentence for the person."""
    import traceback
    from datetime import UTC, datetime

    path, trace = settings.log_file(), traceback.format_exc()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} ServiceSim {__version__}\n{trace}\n")
    except OSError:
        return f"something went wrong inside ServiceSim, and the log {path} cannot be written:\n{trace.splitlines()[-1]}"
    return f"something went wrong inside ServiceSim; what happened stands in {path}"
