"""The commands. Each import happens where it is used, so that `--help` and `content check` stay instant."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from bot.settings import Settings, SettingsUnfit, read_settings

Result = TypeVar("Result")

app = typer.Typer(
    help="Playercoach mentors newly promoted sales managers in Slack.\n\n"
    "Begin with `playercoach try`: everything runs here, with a stand-in for Slack in your browser. Then `playercoach run` "
    "connects to a real workspace over Socket Mode, in one process; `web`, `worker` and `clock` are the same, apart, "
    "for as many machines as you like.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database.", no_args_is_help=True)
content = typer.Typer(help="The lessons and the wording, for L&D staff.", no_args_is_help=True)
roster = typer.Typer(help="Who takes part.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(content, name="content")
app.add_typer(roster, name="roster")


@app.command("try")
def try_it(
    port: Annotated[int, typer.Option(help="Where the page is served, on this machine only.")] = 8000,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Try everything here: the bot, a worker, the clock, a database and a stand-in for Slack. Ctrl-C stops it all."""
    from bot.trying import try_everything

    _run(lambda settings: try_everything(settings, port=port, open_page=open_page))


@app.command()
def run() -> None:
    """Run everything in one process, connected to Slack over Socket Mode (no public address needed)."""
    from bot.running import run_all

    _run(run_all)


@app.command()
def web() -> None:
    """Receive what Slack sends over HTTP on PORT; /healthz is for whoever watches the process."""
    from bot.running import run_web

    _run(run_web)


@app.command()
def worker() -> None:
    """Send messages. Run as many as you like."""
    from bot.running import run_worker

    _run(run_worker)


@app.command()
def clock() -> None:
    """Find what is due. One is enough; two do no harm."""
    from bot.running import run_clock

    _run(run_clock)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database up to date. `try` and `run` do it themselves."""
    from bot.running import with_database

    async def done(settings: Settings) -> None:
        async with with_database(settings):
            typer.echo("The database is up to date.")

    _run(done)


@content.command("check")
def content_check(
    directory: Annotated[Path | None, typer.Argument(help="The folder; by default CONTENT_DIR.")] = None,
) -> None:
    """Print every problem as `path:line: what is wrong; how to mend it`, and exit with 1; or a summary."""
    from bot.curriculum.check import check, summary

    curriculum, problems = check(directory or _settings().content_dir, today=date.today())  # noqa: DTZ011 — the writer's day
    for problem in problems:
        typer.echo(f"{problem}" if problem.severity == "error" else f"{problem} (warning)")
    errors = sum(problem.severity == "error" for problem in problems)
    if errors or curriculum is None:
        typer.echo(f"{errors} to mend.")
        raise typer.Exit(1)
    typer.echo(summary(curriculum))


@roster.command("import")
def roster_import(
    file: Annotated[Path, typer.Argument(help="A CSV with the columns manager,mentor,cohort,starts_on.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
) -> None:
    """Enrol managers. Every line is checked before any is written; the same file again changes nothing."""
    from bot.running import import_roster

    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file} can't be read as UTF-8 text ({type(error).__name__}). Save it as CSV, encoding UTF-8.")
    enrolled = asyncio.run(_guarded(lambda settings: import_roster(settings, text, dry_run=dry_run)))
    for problem in enrolled.problems:
        typer.echo(f"{file}:{problem.line}: {problem.what}; {problem.mend}")
    if enrolled.problems:
        typer.echo(f"{len(enrolled.problems)} to mend; nobody was enrolled.")
        raise typer.Exit(1)
    verb = "would be" if dry_run else "were"
    new, changed, unchanged = len(enrolled.new), len(enrolled.changed), len(enrolled.unchanged)
    typer.echo(f"{new} {verb} enrolled, {changed} {verb} changed, {unchanged} stay as they are.")


def main() -> None:
    """The command line's door."""
    app()


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsUnfit as error:
        _fail(str(error))


def _run(command: Callable[[Settings], Awaitable[None]]) -> None:
    try:
        asyncio.run(_guarded(command))
    except KeyboardInterrupt:
        return


async def _guarded(command: Callable[[Settings], Awaitable[Result]]) -> Result:
    """Run a command with the settings; what an operator can mend becomes a sentence and exit code 2."""
    from bot.running import OPERATORS_ERRORS, sentence_for

    settings = _settings()
    try:
        return await command(settings)
    except OPERATORS_ERRORS as error:
        _fail(sentence_for(error))


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"playercoach: {sentence}", err=True)
    raise typer.Exit(2)
