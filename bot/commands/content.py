"""`playercoach content …`: the lessons and the wording, for L&D staff."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.asking import (
    WHICH,
    content_folder,
    expect_writable,
    fail,
    result_of,
    settings_or_sentence,
    today,
    write_text,
)
from bot.settings import Settings

content = typer.Typer(help="The lessons and the wording, for L&D staff.", no_args_is_help=True)


class Form(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"


@content.command("check")
def content_check(
    directory: Annotated[Path | None, typer.Argument(help="The folder; by default CONTENT_DIR.")] = None,
    form: Annotated[Form, typer.Option("--format", help="text for people, json for other programs.")] = Form.TEXT,
) -> None:
    """Print every problem as `path:line: what is wrong; how to mend it`, and exit with 1; or a summary."""
    from bot.curriculum.check import as_json, as_text, check

    curriculum, problems = check(directory or settings_or_sentence().content_dir, today=today())
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

    directory, curriculum = content_folder()
    try:
        path = write_new(directory, curriculum, area, title, today=today())
    except (CannotWrite, OSError) as error:
        fail(str(error))
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

    directory, curriculum = content_folder()
    try:
        questions, problems = read_gift(file.read_text("utf-8-sig"), str(file))
        paths = import_questions(directory, curriculum, area, questions, today=today())
    except (CannotWrite, OSError, UnicodeDecodeError) as error:
        fail(f"{file}: {error}")
    for line in (*problems, *paths):
        typer.echo(line)
    typer.echo(f"{len(paths)} drafts written, {len(problems)} questions left out.")


@content.command("handbook")
def content_handbook(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("handbook.html"),
) -> None:
    """Write the whole course as one HTML page, to read through or to print."""
    from bot.authoring.handbook import handbook

    directory, curriculum = content_folder()
    expect_writable(output)
    write_text(output, handbook(directory, curriculum, today=today()))
    typer.echo(f"Wrote {output}: {len(curriculum.lessons)} lessons.")


@content.command("preview")
def content_preview(
    port: Annotated[int, typer.Option(help="Where the page is served, on this machine only.")] = 8010,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Show every lesson as Slack shows it, in your browser; anew within a second of each save."""
    from bot import living
    from bot.authoring.preview import show

    directory = settings_or_sentence().content_dir
    if not directory.is_dir():
        fail(f"there is no folder {directory}")
    try:
        living.run(show(directory, port=port, open_page=open_page, today=today, say=typer.echo))
    except KeyboardInterrupt:
        return
    except OSError as error:
        fail(f"port {port} can't be used ({error.strerror}). Give another with --port.")


@content.command("diff")
def content_diff(
    lesson: Annotated[str, typer.Argument(help="The id of one lesson; by default all that differ.")] = "",
) -> None:
    """Say what the files change against what people were served: for whom, from when, and what needs a new revision."""
    from bot.authoring.desk import draft_named
    from bot.authoring.diff import as_text
    from bot.authoring.served import compare_with_served

    directory, curriculum = content_folder()
    draft = draft_named(directory, lesson, today=today()) if lesson else None
    if draft is not None:  # in the place of the lesson that it is to replace
        others = (one for one in curriculum.lessons if one.id != draft.id)
        curriculum = curriculum.model_copy(update={"lessons": (*others, draft)})
    found, when = result_of(lambda settings: compare_with_served(settings, curriculum))
    if lesson and lesson not in {one.id for one in curriculum.lessons} | {one.lesson_id for one in found}:
        fail(f"no lesson has the id «{lesson}»; the id stands in the head of its file.")
    found = [one for one in found if lesson in ("", one.lesson_id)]
    if draft is not None:
        typer.echo("This is a draft: nobody gets it until you take .draft out of its name. If you did so now:")
    typer.echo(as_text(found, when))
    if any(one.change is not None and one.change.needs_revision for one in found):
        raise typer.Exit(1)


@content.command("send")
def content_send(
    lesson: Annotated[str, typer.Argument(help="The id in the lesson's head; a draft is as good.")],
    who: Annotated[str, typer.Argument(help="Your own e-mail address or Slack id.")],
    language: Annotated[str, typer.Option(help="As sl; by default the program's own.")] = "",
    workspace: Annotated[str | None, typer.Option(help=WHICH)] = None,
) -> None:
    """Send a lesson to yourself in Slack, to see it there. It counts for nothing, and nobody else gets it."""
    from bot.authoring.sending import CannotSend, send

    async def sent(settings: Settings) -> None:
        from bot.running import speaking

        async with speaking(settings, workspace) as clients:
            name = await send(settings.content_dir, lesson, who, clients=clients, today=today, language=language)
        typer.echo(f"Sent to {name}.")

    try:
        result_of(sent)
    except CannotSend as error:
        fail(str(error))


@content.command("coverage")
def content_coverage(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A page with a picture of it.")] = None,
) -> None:
    """Show what each area has for each of the three ways of learning, and where there are holes."""
    from bot.authoring.coverage import as_text, coverage
    from bot.authoring.coverage_page import page

    _, curriculum = content_folder()
    rows = coverage(curriculum)
    if output is None:
        typer.echo(as_text(rows))
    else:
        write_text(output, page(curriculum.program.title, rows))
        typer.echo(f"Wrote {output}.")
