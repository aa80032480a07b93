"""The command line's door."""

import gc

import typer

from bot.commands import content, figures, people, processes

app = typer.Typer(
    help="Playercoach mentors newly promoted sales managers in Slack.\n\n"
    "Begin with `playercoach try`: everything runs here, with a stand-in for Slack in your browser. Then `playercoach run` "
    "connects to a real workspace over Socket Mode, in one process; `web`, `worker` and `clock` are the same, apart, "
    "for as many machines as you like.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(processes.app)
app.add_typer(content.content, name="content")
app.add_typer(people.app)
app.add_typer(figures.app)


def main() -> None:
    """Run what was typed."""
    # What gets imported from here on stays: to look through it again and again takes a sixth of a start. `living.run` undoes it.
    gc.disable()
    app()
