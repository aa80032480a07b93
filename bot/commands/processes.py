"""What runs, the database, the keys, and whether all is well: for operators."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.asking import fail, result_of, settings_or_sentence, stoppable
from bot.settings import Settings

app = typer.Typer()
db = typer.Typer(help="The database.", no_args_is_help=True)
keys = typer.Typer(help="The keys that workspaces' tokens are kept under.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(keys, name="keys")


@app.command("try")
def try_it(
    port: Annotated[int, typer.Option(help="Where the page is served, on this machine only.")] = 8000,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Try everything here: the bot, a worker, the clock, a database and a stand-in for Slack. Ctrl-C stops it all."""
    with stoppable():
        from bot.trying import try_everything

        result_of(lambda settings: try_everything(settings, port=port, open_page=open_page))


@app.command()
def run() -> None:
    """Run everything in one process, connected to Slack over Socket Mode (no public address needed)."""
    with stoppable():
        from bot.running import run_all

        result_of(run_all)


@app.command()
def web() -> None:
    """Receive what Slack sends over HTTP on PORT; /healthz is for whoever watches the process."""
    with stoppable():
        from bot.running import run_web

        result_of(run_web)


@app.command()
def worker() -> None:
    """Send messages. Run as many as you like."""
    with stoppable():
        from bot.running import run_worker

        result_of(run_worker)


@app.command()
def clock() -> None:
    """Find what is due. One is enough; two do no harm."""
    with stoppable():
        from bot.running import run_clock

        result_of(run_clock)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database up to date. `try` and `run` do it themselves; all else makes an empty one, and refuses one behind."""
    from bot.records.upgrade import upgrade
    from bot.running import with_database

    async def done(settings: Settings) -> None:
        async with with_database(settings, upgrade):
            typer.echo("The database is up to date.")

    result_of(done)


@db.command("dump")
def db_dump(file: Annotated[Path, typer.Argument(help="The file to write, for pg_restore.")]) -> None:
    """Write all that is in the database to a file: a backup, or to go from the embedded one to a PostgreSQL of your own."""
    from bot.records.dumping import dump
    from bot.running import with_database

    async def done(settings: Settings) -> None:
        async with with_database(settings, partial(dump, file=file)):
            typer.echo(f"Wrote {file}.")

    result_of(done)


@keys.command("new")
def keys_new() -> None:
    """Print a key that was never used, for TOKEN_KEYS. Keep it as you keep passwords: without it, the tokens are lost."""
    from bot.slack.installing.keys import new_key

    typer.echo(new_key())


@keys.command("rotate")
def keys_rotate() -> None:
    """Put every token under the first of TOKEN_KEYS. All processes must know that key by now: SECURITY.md has the order."""
    from bot.running import rotate_keys

    count = result_of(rotate_keys)
    typer.echo(f"{count} tokens are under the first key now.")


@app.command()
def doctor() -> None:
    """Look over this installation: settings, database, Slack, content, clock, queue; and say how to mend what is wrong."""
    from bot.doctoring import examine
    from bot.findings import as_text, is_sick

    found = result_of(examine)
    typer.echo(as_text(found))
    if is_sick(found):
        raise typer.Exit(1)


@app.command()
def healthy() -> None:
    """Ask the process on this machine whether it is well (/healthz on METRICS_PORT, else on PORT); for health checks."""
    from bot.watching.asking import is_well

    settings = settings_or_sentence()
    if not is_well(settings.host, settings.metrics_port or settings.port):
        fail(
            "not well: nothing answers on that port of HOST, its database does not answer, or a part has stopped: see its log."
        )
