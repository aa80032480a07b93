"""Deploying without a platform: what Dockerfile and compose.yaml name exists, and the image's own files are enough to run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TO_RUN = ("web", "worker", "clock")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each on one line."""
    whole = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in whole.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def copied() -> list[str]:
    """What of the project is in the image."""
    return [source for what, words in instructions() if what == "COPY" for source in words.split()[:-1]]


def compose() -> dict[str, Any]:
    """compose.yaml, with what its services share."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def words_of(command: str | list[str]) -> list[str]:
    """The words after `playercoach`."""
    first, *words = yaml.safe_load(command) if isinstance(command, str) else command
    assert first == "playercoach"
    return list(words)


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    """Each source is there, and goes to the builder; tests, secrets and data don't."""
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert set(copied()) == let_in
    for source in copied():
        assert (ROOT / source).exists(), source


def test_every_command_exists() -> None:
    """What the image, its health check and each service run is a command of ours."""
    named = [words_of(words) for what, words in instructions() if what == "CMD"]
    named += [words_of(words.split("CMD ")[1]) for what, words in instructions() if what == "HEALTHCHECK"]
    named += [words_of(one["command"]) for one in compose()["services"].values() if "command" in one]
    assert len(named) == 2 + 1 + len(TO_RUN)
    for words in named:
        shown = CliRunner().invoke(app, [*words, "--help"])
        assert shown.exit_code == 0, words


def test_the_image_runs_as_nobody_and_brings_no_secret() -> None:
    """It is not root, nothing secret is built into it, and no address of where packages come from."""
    user = next(words for what, words in instructions() if what == "USER")
    assert user.split(":")[0] not in ("0", "root")
    for path in ("Dockerfile", "compose.yaml", ".dockerignore"):
        text = (ROOT / path).read_text()
        assert not re.search(r"xox|xapp-|https?://|index-url|trusted-host", text), path


def test_the_services_hang_together() -> None:
    """The same parts as the Procfile's; none before the database is up to date; each checked; every setting is one."""
    services = compose()["services"]
    procfile = dict(re.findall(r"(\w+): (.+)", (ROOT / "Procfile").read_text()))
    ours = {name: " ".join(one["command"]) for name, one in services.items() if "command" in one}
    assert ours == procfile
    for name in TO_RUN:
        assert services[name]["depends_on"] == {"release": {"condition": "service_completed_successfully"}}
        assert services[name]["read_only"]
    assert services["release"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    # While the image makes its database, a server of its own answers on a socket, and goes again.
    assert "--host=127.0.0.1" in services["postgres"]["healthcheck"]["test"]
    assert services["postgres"]["volumes"][0].split(":")[0] in compose()["volumes"]
    for name in services["web"]["environment"]:
        assert name.lower() in Settings.model_fields


@pytest.mark.long
@pytest.mark.parametrize("words", [["--help"], ["content", "check"], ["db", "upgrade"]])
def test_the_images_own_files_are_enough(words: list[str], tmp_path: Path, database_url: str) -> None:
    """With nothing but what is copied, the commands run: no file of the project is missing there."""
    for source in copied():
        path = ROOT / source
        if path.is_dir():
            shutil.copytree(path, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, tmp_path / source)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "DATABASE_URL": database_url},
        cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
