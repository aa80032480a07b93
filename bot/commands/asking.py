"""What every command needs: the settings, and a sentence for what an operator can mend.

Each command imports what it runs where it is used, so that `--help` and `content check` stay instant.
"""

import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from bot.settings import Settings, SettingsUnfit, read_settings

if TYPE_CHECKING:
    from bot.curriculum.model import Curriculum

Result = TypeVar("Result")

WHICH = "The workspace's id or name, where there are several."


def settings_or_sentence() -> Settings:
    """The settings; a sentence and exit code 2 if they are unfit."""
    try:
        return read_settings()
    except SettingsUnfit as error:
        fail(str(error))


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C and SIGTERM end in order what goes on in here, from its first import on; that is no failure.

    Both do what Ctrl-C does by itself: what an event loop runs is called off, and closes what it has opened.
    """
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def result_of(command: "Callable[[Settings], Awaitable[Result]]") -> Result:
    """Run a command with the settings; what an operator can mend becomes a sentence and exit code 2, a part that died 1."""
    from bot import living

    return living.run(_guarded(command))


async def _guarded(command: "Callable[[Settings], Awaitable[Result]]") -> Result:
    from bot.living import PartDied
    from bot.sentences import OPERATORS_ERRORS, sentence_for

    settings = settings_or_sentence()
    try:
        return await command(settings)
    except OPERATORS_ERRORS as error:
        fail(sentence_for(error))
    except PartDied:  # the log has it already
        raise typer.Exit(1) from None


def fail(sentence: str) -> NoReturn:
    """Say what is wrong, and exit with 2."""
    typer.echo(f"playercoach: {sentence}", err=True)
    raise typer.Exit(2)


def content_folder() -> "tuple[Path, Curriculum]":
    """The content folder and what is taught; a sentence if it can't be read."""
    from bot.curriculum.check import check

    directory = settings_or_sentence().content_dir
    curriculum, _ = check(directory, today=today())
    if curriculum is None:
        fail(f"{directory} has something to mend first: run `playercoach content check`.")
    return directory, curriculum


def today() -> date:
    """The day on this machine: the writer's."""
    return date.today()  # noqa: DTZ011 — the writer's day


def read_text(file: Path) -> str:
    """A file that somebody wrote in a spreadsheet; a sentence if it can't be read, or is no UTF-8 text."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        fail(f"{file} can't be read ({error.strerror}); name a file that you may read.")
    except UnicodeDecodeError:
        fail(f"{file} can't be read as UTF-8 text. Save it as CSV, encoding UTF-8.")


def expect_writable(file: Path) -> None:
    """A sentence if nothing can be written there, before all the work is done for it. What stands there stays."""
    try:
        is_new = not file.exists()
        file.open("ab").close()
        if is_new:
            file.unlink()
    except OSError as error:
        _fail_to_write(file, error)


def write_text(file: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file; a sentence if it can't be written."""
    try:
        file.write_text(text, encoding)
    except OSError as error:
        _fail_to_write(file, error)


def make_folder(directory: Path) -> None:
    """Make a folder, and those above it, if they are not there; a sentence if that can't be."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _fail_to_write(directory, error)


def _fail_to_write(path: Path, error: OSError) -> NoReturn:
    fail(f"{path} can't be written ({error.strerror}); name a place where you may write.")
