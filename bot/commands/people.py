"""`playercoach roster …`, `cohort …`, `people …` and `audit`: who takes part, for L&D staff and operators."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.asking import WHICH, fail, read_text, result_of, today
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.cohorts.roster import Enrolled
    from bot.running import Desk

Result = TypeVar("Result")
Where = Annotated[str | None, typer.Option("--workspace", help=WHICH)]
Name = Annotated[str, typer.Argument(help="The cohort's name.")]

app = typer.Typer()
roster = typer.Typer(help="Who takes part, from a file.", no_args_is_help=True)
cohort = typer.Typer(help="Managers who start together: start, pause, extend and close.", no_args_is_help=True)
people = typer.Typer(help="Who is on record, and who is staff or analyst.", no_args_is_help=True)
app.add_typer(roster, name="roster")
app.add_typer(cohort, name="cohort")
app.add_typer(people, name="people")


@roster.command("import")
def roster_import(
    file: Annotated[Path, typer.Argument(help="A CSV; its first line names the columns.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    workspace: Where = None,
) -> None:
    """Enrol managers, and change what a file says of them: cohort, mentor, buddy, team, time zone, or that they left.

    Columns: email, cohort, role_start_date, and if you like name, mentor_email, buddy_mentor_email, team, timezone,
    status (active or left); or, shorter, manager, mentor, cohort, starts_on. Every line is checked before any is written;
    who is not in the file stays as they are, and the same file again changes nothing.
    """
    text = read_text(file)

    async def imported(desk: "Desk") -> "Enrolled":
        told = await desk.house.rooms.cohorts.rosters.import_roster(text, by=desk.by, now=desk.now, dry_run=dry_run)
        if not dry_run:
            await desk.house.meet_staff(desk.by.workspace_id)
        return told

    enrolled = _at_the_desk(workspace, imported)
    for one in enrolled.remarks:
        typer.echo(f"{file}:{one.line}: {one.what}; {one.mend} (a remark: nothing has to be mended)")
    for one in enrolled.problems:
        typer.echo(f"{file}:{one.line}: {one.what}; {one.mend}")
    if enrolled.problems:
        typer.echo(f"{len(enrolled.problems)} to mend; nobody was enrolled.")
        raise typer.Exit(1)
    typer.echo(_as_text(enrolled, "would be" if dry_run else "were"))


def _as_text(enrolled: "Enrolled", verb: str) -> str:
    from bot.cohorts.enrolling import Step

    said = {Step.NEW: "enrolled", Step.MOVED: "changed", Step.BACK: "brought back", Step.LEFT: "taken out"}
    lines = [
        f"{one.step.value}: {one.name}" + (f" ({'; '.join(one.changes)})" if one.changes else "")
        for one in enrolled.told
        if one.step in said
    ]
    counts = [f"{len(enrolled.names(step))} {verb} {done}" for step, done in said.items() if enrolled.names(step)]
    same = len(enrolled.names(Step.UNCHANGED))
    return "\n".join([*lines, ", ".join([*counts, f"{same} stay as they are"]) + "."])


@cohort.command("list")
def cohort_list(workspace: Where = None) -> None:
    """Show every cohort, and how many in it have begun, ended, stopped or left."""
    from bot.cohorts.leading import STATES

    found = _at_the_desk(
        workspace, lambda desk: desk.house.rooms.cohorts.leading.overview(desk.by.workspace_id, desk.now)
    )
    for one in found:
        marks = [f"starts {one.starts_on}"] if one.starts_on else []
        marks += [f"follows {one.user_group}"] if one.user_group else []
        marks += [f"paused until {one.paused_until or 'you resume it'}"] if one.paused else []
        marks += [f"{one.more_weeks} weeks more"] if one.more_weeks else []
        marks += ["closed"] if one.closed else []
        counts = ", ".join(f"{one.people[state]} {state.replace('_', ' ')}" for state in STATES)
        typer.echo(f"{one.name}: {counts}" + (f" ({', '.join(marks)})" if marks else ""))
    if not found:
        typer.echo("There is no cohort yet: `playercoach roster import` makes those that a file names.")


@cohort.command("start")
def cohort_start(
    name: Name,
    on: Annotated[str, typer.Option(help="The day, as 2026-12-01; by default today.")] = "",
    workspace: Where = None,
) -> None:
    """Have a cohort start on a day: who has not begun is welcomed then, and who joins later starts at once."""
    day = _day(on) if on else today()
    done = _at_the_desk(workspace, lambda desk: desk.house.rooms.cohorts.leading.start(desk.by, name, day, desk.now))
    if done.is_new:
        typer.echo(f"«{name}» is a new cohort with nobody in it yet; it starts on {day}.")
    else:
        typer.echo(f"«{name}» starts on {day}: {done.people} who have not begun are welcomed then.")


@cohort.command("pause")
def cohort_pause(
    name: Name,
    until: Annotated[
        str, typer.Option(help="The day on which it goes on, as 2027-01-04; by default until you resume it.")
    ] = "",
    workspace: Where = None,
) -> None:
    """Send a cohort nothing unasked for a while. It goes on without a burst: one message a day, as ever."""
    day = _day(until) if until else None
    count = _at_the_desk(workspace, lambda desk: desk.house.rooms.cohorts.leading.pause(desk.by, name, day, desk.now))
    typer.echo(f"{count} of «{name}» hear nothing until {day or 'you resume it'}.")


@cohort.command("resume")
def cohort_resume(name: Name, workspace: Where = None) -> None:
    """Go on with a cohort that you paused. Who paused by themselves goes on when they say so."""
    count = _at_the_desk(workspace, lambda desk: desk.house.rooms.cohorts.leading.resume(desk.by, name, desk.now))
    typer.echo(f"{count} of «{name}» go on.")


@cohort.command("extend")
def cohort_extend(
    name: Name,
    weeks: Annotated[int, typer.Option(help="How many weeks of reviews more; less than nothing takes them back.")],
    workspace: Where = None,
) -> None:
    """Give a cohort more weeks of reviews before it ends."""
    count = _at_the_desk(
        workspace, lambda desk: desk.house.rooms.cohorts.leading.extend(desk.by, name, weeks, desk.now)
    )
    typer.echo(f"{count} of «{name}» have {weeks:+d} weeks of reviews.")


@cohort.command("close")
def cohort_close(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether you are sure.")] = False,
    workspace: Where = None,
) -> None:
    """End a cohort: nothing more is said to anyone in it. What they wrote is kept as long as RETENTION_DAYS says."""
    if not yes:
        typer.confirm(f"End «{name}» for everyone who is still on their way?", abort=True)
    count = _at_the_desk(workspace, lambda desk: desk.house.rooms.cohorts.leading.close(desk.by, name, desk.now))
    typer.echo(f"«{name}» is closed; {count} were still on their way.")


@cohort.command("follow")
def cohort_follow(
    name: Name,
    group: Annotated[str, typer.Argument(help="The user group's handle in Slack, as @new-managers, or its id.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Follow no group any more; who is in the cohort stays.")] = False,
    workspace: Where = None,
) -> None:
    """Keep a cohort in step with a user group: who joins the group is enrolled, who leaves it leaves the program."""
    if off == bool(group):
        fail("name a user group, or say --off.")

    async def followed(desk: "Desk") -> str:
        following = desk.house.rooms.cohorts.following
        if off:
            await following.let_go(desk.by, name, desk.now)
            return f"«{name}» follows no user group any more; who is in it stays."
        called, step = await following.follow(desk.by, name, group, desk.now)
        elsewhere = f", {step.elsewhere} are on their way in another cohort and stay there" if step.elsewhere else ""
        return f"«{name}» follows {called}: {step.joined} joined, {step.left} left{elsewhere}."

    typer.echo(_at_the_desk(workspace, followed))


@people.command("list")
def people_list(workspace: Where = None) -> None:
    """Show who is on record: what they are, their cohort, and where they are on their way."""
    for one in _at_the_desk(workspace, lambda desk: desk.house.rooms.cohorts.people.everyone(desk.by.workspace_id)):
        way = (
            f", {one.cohort}, {(one.state or '').replace('_', ' ')}, mentor: {one.mentor or 'none'}"
            if one.cohort
            else ""
        )
        way += f", buddy: {one.buddy}" if one.buddy else ""
        typer.echo(f"{one.name} <{one.email or one.slack_id}>: {', '.join(one.roles) or 'no part'}{way}")


@people.command("role")
def people_role(
    who: Annotated[str, typer.Argument(help="An e-mail address or a Slack user id.")],
    role: Annotated[str, typer.Argument(help="staff, analyst (reads figures only), or none.")],
    workspace: Where = None,
) -> None:
    """Make someone staff or analyst, or take that back. program.yaml may name others; managers and mentors come from rosters."""
    person = _at_the_desk(
        workspace, lambda desk: desk.house.rooms.cohorts.people.give_role(desk.by, who, role, desk.now)
    )
    typer.echo(f"{person.name}: {role}.")


@app.command()
def audit(
    since: Annotated[str, typer.Option(help="As 2026-11-01 (UTC); by default thirty days ago.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, for other programs.")] = False,
    workspace: Where = None,
) -> None:
    """Show what staff did, by clicks and by commands: when (UTC), who, what, about whom."""
    from bot.records.audit import acts_since
    from bot.reports.sheets import as_csv

    begin = datetime.combine(_day(since) if since else today() - timedelta(days=30), time(), UTC)

    async def acts(desk: "Desk") -> list[list[str]]:
        async with desk.house.database.transaction() as session:
            found = await acts_since(session, desk.by.workspace_id, begin)
        return [[f"{one.at:%Y-%m-%d %H:%M}", one.by, one.act, one.person, one.other, one.details] for one in found]

    rows = _at_the_desk(workspace, acts)
    if csv:
        columns = ["at", "by", "act", "person", "other", "about"]
        typer.echo(as_csv(columns, rows), nl=False)
    else:
        for row in rows:
            typer.echo("  ".join(filter(None, row)))


def _at_the_desk(workspace: str | None, do: "Callable[[Desk], Awaitable[Result]]") -> Result:
    """Do something about a workspace; what can be mended becomes a sentence."""

    async def done(settings: Settings) -> Result:
        from bot.running import desk

        async with desk(settings, workspace) as opened:
            return await do(opened)

    return result_of(done)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"«{text}» is no day; write it as 2026-12-01.")
