"""What happened, and what would: reports, exports and rehearsals."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from bot.commands.asking import WHICH, content_folder, expect_writable, fail, make_folder, result_of, today, write_text

app = typer.Typer()
export = typer.Typer(help="What happened, for the systems that L&D already has.", no_args_is_help=True)
app.add_typer(export, name="export")


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

    directory, curriculum = content_folder()
    day = today()
    try:
        start = date.fromisoformat(starts_on) if starts_on else day + timedelta(days=7 - day.weekday())
        wanted = Wanted(weeks, persona, timezone or curriculum.program.timezone, country.upper() or None, start)
        ZoneInfo(wanted.zone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        fail(f"{error}: write a day as 2026-12-01, and a time zone as Europe/Ljubljana.")
    if persona not in PERSONAS:
        fail(f"there is no persona «{persona}»; there are {', '.join(PERSONAS)}.")
    typer.echo(result_of(lambda _: rehearsed(directory, wanted)))


@app.command()
def report(
    cohort: Annotated[str | None, typer.Option(help="The cohort's name; by default everyone.")] = None,
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("report.html"),
) -> None:
    """Write what the program achieved as one HTML page; no figure in it speaks of fewer than five people."""
    from bot.exporting import make_report

    expect_writable(output)
    write_text(output, result_of(lambda settings: make_report(settings, cohort, workspace)))
    typer.echo(f"Wrote {output}.")


@export.command("csv")
def export_csv(
    directory: Annotated[Path, typer.Argument(help="The folder to write into.")],
    cohort: Annotated[str | None, typer.Option(help="The cohort's name; by default everyone.")] = None,
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
) -> None:
    """Write tidy tables, and columns.csv which says what is in them: only what staff may see of a single manager."""
    from bot.exporting import make_sheets

    make_folder(directory)
    for name, text in result_of(lambda settings: make_sheets(settings, cohort, workspace)).items():
        write_text(directory / f"{name}.csv", text, "utf-8-sig")  # without its mark Excel reads «Å½» for «Ž»
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
        fail("say where they should go: `-o statements.jsonl`, or `--post`.")
    if output is not None:
        expect_writable(output)
        lines = result_of(lambda settings: make_statements(settings, cohort, workspace))
        write_text(output, "".join(f"{line}\n" for line in lines))
        typer.echo(f"Wrote {output}: {len(lines)} statements.")
    if post:
        posted = result_of(lambda settings: post_statements(settings, cohort, workspace))
        typer.echo(f"Posted {posted.taken} statements.")
        for conflict in posted.conflicts:
            typer.echo(f"{conflict}: the store has another statement of that id; it keeps its own.")
