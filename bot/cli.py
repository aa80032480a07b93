"""The commands. Each import happens where it is used, so that `--help` and `content check` stay instant."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from bot.settings import Settings, SettingsUnfit, read_settings

if TYPE_CHECKING:
    from bot.curriculum.model import Curriculum

Result = TypeVar("Result")

WHICH = "The workspace's id or name, where there are several."


class Form(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"


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
export = typer.Typer(help="What happened, for the systems that L&D already has.", no_args_is_help=True)
roster = typer.Typer(help="Who takes part.", no_args_is_help=True)
keys = typer.Typer(help="The keys that workspaces' tokens are kept under.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(db, name="db")
app.add_typer(content, name="content")
app.add_typer(roster, name="roster")
app.add_typer(export, name="export")


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
    form: Annotated[Form, typer.Option("--format", help="text for people, json for other programs.")] = Form.TEXT,
) -> None:
    """Print every problem as `path:line: what is wrong; how to mend it`, and exit with 1; or a summary."""
    from bot.curriculum.check import as_json, as_text, check

    curriculum, problems = check(directory or _settings().content_dir, today=_today())
    typer.echo((as_json if form is Form.JSON else as_text)(curriculum, problems))
    if curriculum is None or any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


@content.command("new")
def content_new(
    area: Annotated[str, typer.Argument(help="The folder of the area, as sales-tracking.")],
    title: Annotated[str, typer.Argument(help="What people will see above the lesson.")],
) -> None:
    """Write a new lesson with the whole form filled in, as a draft: it reaches nobody until you rename it."""
    from bot.authoring.newlesson import CannotWrite, write_new

    directory, curriculum = _curriculum()
    try:
        path = write_new(directory, curriculum, area, title, today=_today())
    except (CannotWrite, OSError) as error:
        _fail(str(error))
    published = path.name.replace(".draft", "")
    typer.echo(f"Wrote {path}\nWrite it anew, run `playercoach content check`, then rename it to {published}.")


@content.command("import")
def content_import(
    file: Annotated[Path, typer.Argument(help="Questions in Moodle's GIFT format.")],
    area: Annotated[str, typer.Option(help="The folder of the area that they belong to.")],
) -> None:
    """Make a draft of each question to choose from. What has no place in a lesson is named, with its line."""
    from bot.authoring.gift import read_gift
    from bot.authoring.newlesson import CannotWrite, import_questions

    directory, curriculum = _curriculum()
    try:
        questions, problems = read_gift(file.read_text("utf-8-sig"), str(file))
        paths = import_questions(directory, curriculum, area, questions, today=_today())
    except (CannotWrite, OSError, UnicodeDecodeError) as error:
        _fail(f"{file}: {error}")
    for line in (*problems, *paths):
        typer.echo(line)
    typer.echo(f"{len(paths)} drafts written, {len(problems)} questions left out.")


@content.command("handbook")
def content_handbook(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("handbook.html"),
) -> None:
    """Write the whole course as one HTML page, to read through or to print."""
    from bot.authoring.handbook import handbook

    directory, curriculum = _curriculum()
    output.write_text(handbook(directory, curriculum, today=_today()), "utf-8")
    typer.echo(f"Wrote {output}: {len(curriculum.lessons)} lessons.")


@content.command("preview")
def content_preview(
    port: Annotated[int, typer.Option(help="Where the page is served, on this machine only.")] = 8010,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Show every lesson as Slack shows it, in your browser; anew within a second of each save."""
    from bot.authoring.preview import show

    directory = _settings().content_dir
    if not directory.is_dir():
        _fail(f"there is no folder {directory}")
    try:
        asyncio.run(show(directory, port=port, open_page=open_page, today=_today, say=typer.echo))
    except KeyboardInterrupt:
        return
    except OSError as error:
        _fail(f"port {port} can't be used ({error.strerror}). Give another with --port.")


@content.command("diff")
def content_diff(
    lesson: Annotated[str, typer.Argument(help="The id of one lesson; by default all that differ.")] = "",
) -> None:
    """Say what the files change against what people were served: for whom, from when, and what needs a new revision."""
    from bot.authoring.diff import as_text
    from bot.authoring.served import compare_with_served

    _, curriculum = _curriculum()
    found, when = asyncio.run(_guarded(lambda settings: compare_with_served(settings, curriculum)))
    found = [one for one in found if lesson in ("", one.lesson_id)]
    typer.echo(as_text(found, when))
    if any(one.change is not None and one.change.needs_revision for one in found):
        raise typer.Exit(1)


@content.command("send")
def content_send(
    lesson: Annotated[str, typer.Argument(help="The id in the lesson's head; a draft is as good.")],
    who: Annotated[str, typer.Argument(help="Your own e-mail address or Slack id.")],
    language: Annotated[str, typer.Option(help="As sl; by default the program's own.")] = "",
) -> None:
    """Send a lesson to yourself in Slack, to see it there. It counts for nothing, and nobody else gets it."""
    from bot.authoring.sending import CannotSend, send

    async def sent(settings: Settings) -> None:
        name = await send(
            settings.content_dir, lesson, who, token=settings.bot_token(), api_url=settings.slack_api_url,
            today=_today, language=language,
        )  # fmt: skip
        typer.echo(f"Sent to {name}.")

    try:
        _run(sent)
    except CannotSend as error:
        _fail(str(error))


@content.command("coverage")
def content_coverage(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A page with a picture of it.")] = None,
) -> None:
    """Show what each area has for each of the three ways of learning, and where there are holes."""
    from bot.authoring.coverage import as_text, coverage
    from bot.authoring.coverage_page import page

    _, curriculum = _curriculum()
    rows = coverage(curriculum)
    if output is None:
        typer.echo(as_text(rows))
    else:
        output.write_text(page(curriculum.program.title, rows), "utf-8")
        typer.echo(f"Wrote {output}.")


@app.command()
def doctor() -> None:
    """Look over this installation: settings, database, Slack, content, clock, queue; and say how to mend what is wrong."""
    from bot.doctoring import as_text, examine, is_sick

    found = asyncio.run(_guarded(examine))
    typer.echo(as_text(found))
    if is_sick(found):
        raise typer.Exit(1)


@app.command()
def healthy() -> None:
    """Ask the process on this machine whether it is well (/healthz on METRICS_PORT, else on PORT); for health checks."""
    from bot.watching.asking import is_well

    settings = _settings()
    if not is_well(settings.metrics_port or settings.port):
        _fail("not well: nothing answers on this port, or its database does not answer.")


@app.command()
def rehearse(
    weeks: Annotated[int, typer.Option(help="How many, from 1 to 40.", min=1, max=40)] = 12,
    persona: Annotated[str, typer.Option(help="keen, busy or silent.")] = "keen",
    timezone: Annotated[str, typer.Option(help="Where they live, as Europe/Ljubljana; by default the program's.")] = "",
    country: Annotated[
        str, typer.Option(help="Whose public holidays they keep, as SI; by default the program's.")
    ] = "",
    starts_on: Annotated[str, typer.Option(help="As 2026-12-01; by default next Monday.")] = "",
) -> None:
    """Tell what one made-up manager would get, and when: with their time zone, holidays and quiet windows. Takes seconds."""
    from bot.rehearsing import PERSONAS, Wanted
    from bot.rehearsing import rehearse as rehearsed

    directory, curriculum = _curriculum()
    today = _today()
    try:
        start = date.fromisoformat(starts_on) if starts_on else today + timedelta(days=7 - today.weekday())
        wanted = Wanted(weeks, persona, timezone or curriculum.program.timezone, country.upper() or None, start)
        ZoneInfo(wanted.zone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        _fail(f"{error}: write a day as 2026-12-01, and a time zone as Europe/Ljubljana.")
    if persona not in PERSONAS:
        _fail(f"there is no persona «{persona}»; there are {', '.join(PERSONAS)}.")
    typer.echo(asyncio.run(_guarded(lambda _: rehearsed(directory, wanted))))


@app.command()
def report(
    cohort: Annotated[str | None, typer.Option(help="The cohort's name; by default everyone.")] = None,
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("report.html"),
) -> None:
    """Write what the program achieved as one HTML page; no figure in it speaks of fewer than five people."""
    from bot.exporting import make_report

    page = asyncio.run(_guarded(lambda settings: make_report(settings, cohort, workspace)))
    output.write_text(page, "utf-8")
    typer.echo(f"Wrote {output}.")


@export.command("csv")
def export_csv(
    directory: Annotated[Path, typer.Argument(help="The folder to write into.")],
    cohort: Annotated[str | None, typer.Option(help="The cohort's name; by default everyone.")] = None,
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
) -> None:
    """Write tidy tables, and columns.csv which says what is in them: only what staff may see of a single manager."""
    from bot.exporting import make_sheets

    directory.mkdir(parents=True, exist_ok=True)
    for name, text in asyncio.run(_guarded(lambda settings: make_sheets(settings, cohort, workspace))).items():
        (directory / f"{name}.csv").write_text(text, "utf-8")
        typer.echo(f"Wrote {directory / name}.csv")


@export.command("xapi")
def export_xapi(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file with a statement a line.")] = None,
    post: Annotated[bool, typer.Option("--post", help="Post what is new to XAPI_ENDPOINT.")] = False,
    cohort: Annotated[str | None, typer.Option(help="The cohort's name; by default everyone.")] = None,
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
) -> None:
    """Write xAPI 1.0.3 statements, or post those that the learning record store does not have yet."""
    from bot.exporting import make_statements, post_statements

    if output is None and not post:
        _fail("say where they should go: `-o statements.jsonl`, or `--post`.")
    if output is not None:
        lines = asyncio.run(_guarded(lambda settings: make_statements(settings, cohort, workspace)))
        output.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        typer.echo(f"Wrote {output}: {len(lines)} statements.")
    if post:
        posted = asyncio.run(_guarded(lambda settings: post_statements(settings, cohort, workspace)))
        typer.echo(f"Posted {posted.taken} statements.")
        for conflict in posted.conflicts:
            typer.echo(f"{conflict}: the store has another statement of that id; it keeps its own.")


@roster.command("import")
def roster_import(
    file: Annotated[Path, typer.Argument(help="A CSV with the columns manager,mentor,cohort,starts_on.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
) -> None:
    """Enrol managers. Every line is checked before any is written; the same file again changes nothing."""
    from bot.running import import_roster

    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{file} can't be read as UTF-8 text ({type(error).__name__}). Save it as CSV, encoding UTF-8.")
    enrolled = asyncio.run(
        _guarded(lambda settings: import_roster(settings, text, dry_run=dry_run, workspace=workspace))
    )
    for problem in enrolled.problems:
        typer.echo(f"{file}:{problem.line}: {problem.what}; {problem.mend}")
    if enrolled.problems:
        typer.echo(f"{len(enrolled.problems)} to mend; nobody was enrolled.")
        raise typer.Exit(1)
    verb = "would be" if dry_run else "were"
    new, changed, unchanged = len(enrolled.new), len(enrolled.changed), len(enrolled.unchanged)
    typer.echo(f"{new} {verb} enrolled, {changed} {verb} changed, {unchanged} stay as they are.")


@keys.command("new")
def keys_new() -> None:
    """Print a key that was never used, for TOKEN_KEYS. Keep it as you keep passwords: without it, the tokens are lost."""
    from bot.slack.installing.keys import new_key

    typer.echo(new_key())


@keys.command("rotate")
def keys_rotate() -> None:
    """Put every token under the first of TOKEN_KEYS; those behind it can then be taken out."""
    from bot.running import rotate_keys

    count = asyncio.run(_guarded(rotate_keys))
    typer.echo(f"{count} tokens are under the first key now.")


def _curriculum() -> "tuple[Path, Curriculum]":
    """The content folder and what is taught; a sentence if it can't be read."""
    from bot.curriculum.check import check

    directory = _settings().content_dir
    curriculum, _ = check(directory, today=_today())
    if curriculum is None:
        _fail(f"{directory} has something to mend first: run `playercoach content check`.")
    return directory, curriculum


def _today() -> date:
    return date.today()  # noqa: DTZ011 — the writer's day


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
