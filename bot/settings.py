"""The environment, read once into a frozen value. The only file that reads it."""

import os
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PLACEHOLDERS = ("...", "changeme", "your-", "<", "xxx")
KINDS_OF_TOKEN = ("xox", "xapp-")
# For compose.yaml alone.
NOT_OURS = ("POSTGRES_PASSWORD",)
LOOKS_LIKE_IT = 0.85


class SettingsUnfit(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


class Settings(BaseSettings):
    """Every setting of Playercoach. `.env.example` documents each of them for the operator."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None  # xoxb-…
    slack_app_token: SecretStr | None = None  # xapp-…, for Socket Mode
    slack_signing_secret: SecretStr | None = None  # for HTTP
    slack_client_id: str = ""  # with the secret: any number of workspaces install the app, on a page of `web`
    slack_client_secret: SecretStr | None = None
    token_keys: SecretStr | None = None  # with commas between them: the first encrypts what workspaces give us
    public_url: str = ""  # of `web`, as https://coach.example.com; empty: the redirect URL of the app's page
    slack_api_url: str = "https://slack.com/api/"
    slack_messages_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 240  # for each workspace
    host: str = "127.0.0.1"  # of `web`; a platform that routes to the process wants 0.0.0.0
    port: Annotated[int, Field(ge=1, le=65535)] = 3000
    database_url: SecretStr | None = None  # none: an embedded PostgreSQL in DATA_DIR
    data_dir: Path = Path(".playercoach")
    content_dir: Path = Path("content")
    clock_start: datetime | None = None
    clock_since: datetime | None = None  # the real moment at which it was CLOCK_START; none: when a process starts
    clock_speed: Annotated[float, Field(gt=0, le=100_000)] = 1.0
    xapi_endpoint: str = ""  # of a learning record store, without /statements; empty: statements go nowhere
    xapi_key: str = ""  # basic auth
    xapi_secret: SecretStr | None = None
    retention_days: Annotated[int, Field(ge=30, le=3650)] = 730  # then what is personal is erased by itself
    log_level: str = "INFO"
    log_format: Literal["json", "plain"] | None = None  # none: lines on a terminal, JSON elsewhere
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = (
        None  # figures and health of any process; none: `web` on PORT
    )
    sentry_dsn: SecretStr | None = None  # where errors are reported; needs the extra `sentry`

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("it should begin with https:// (or http:// for a server on this machine)")
        return url.rstrip("/") + "/"

    @field_validator("public_url")
    @classmethod
    def _has_no_slash(cls, url: str) -> str:
        is_here = url.startswith(("http://127.0.0.1", "http://localhost"))
        if url and not (is_here or url.startswith("https://")):
            raise ValueError(
                "it should begin with https://, as in https://coach.example.com: Slack leads nobody elsewhere"
            )
        if "/slack" in url:
            raise ValueError("it should end before /slack, as in https://coach.example.com")
        return url.rstrip("/")

    @field_validator("clock_start", "clock_since")
    @classmethod
    def _has_offset(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("it needs an offset, as in 2026-11-24T09:00:00+01:00")
        return moment

    @field_validator("log_level")
    @classmethod
    def _is_level(cls, level: str) -> str:
        if level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("it should be DEBUG, INFO, WARNING or ERROR")
        return level.upper()

    def bot_token(self) -> str:
        """The bot's token; SettingsUnfit if it is missing or a placeholder."""
        if self.slack_bot_token is None and self.slack_client_secret is not None:
            raise SettingsUnfit(
                "SLACK_CLIENT_SECRET is set, and SLACK_CLIENT_ID is not: set both, for workspaces that install the app; or "
                "SLACK_BOT_TOKEN, for the only one."
            )
        return _secret("SLACK_BOT_TOKEN", self.slack_bot_token, "xoxb-")

    def app_token(self) -> str:
        """The app-level token for Socket Mode; SettingsUnfit if it is missing or a placeholder."""
        return _secret("SLACK_APP_TOKEN", self.slack_app_token, "xapp-")

    def signing_secret(self) -> str:
        """The secret that Slack's requests are signed with; SettingsUnfit if it is missing or a placeholder."""
        return _secret("SLACK_SIGNING_SECRET", self.slack_signing_secret, "")

    @property
    def serves_many(self) -> bool:
        """Whether workspaces install the app by themselves; else there is one, with SLACK_BOT_TOKEN."""
        return bool(self.slack_client_id)

    def client_secret(self) -> str:
        """The secret of the app; SettingsUnfit if it is missing or a placeholder."""
        return _secret("SLACK_CLIENT_SECRET", self.slack_client_secret, "")

    def keys(self) -> tuple[str, ...]:
        """The keys that tokens are kept under, the one that encrypts first; SettingsUnfit without any."""
        found = [] if self.token_keys is None else self.token_keys.get_secret_value().split(",")
        keys = tuple(key.strip() for key in found if key.strip())
        if not keys:
            raise SettingsUnfit(
                "TOKEN_KEYS is not set: with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, workspaces give us tokens, and they are "
                "kept encrypted only. If one has installed the app already, put back the key that was there; else "
                "`playercoach keys new` makes a key. It belongs into the environment or .env."
            )
        return keys


def read_settings() -> Settings:
    """The settings of this process; SettingsUnfit with a sentence for each wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"{'_'.join(map(str, e['loc'])).upper()}: {_plain(e['msg'])}" for e in error.errors()]
        raise SettingsUnfit("; ".join(wrong) + ". Set it in the environment or in .env.") from None
    except UnicodeDecodeError:
        raise SettingsUnfit(".env can't be read as UTF-8 text: save it anew, encoding UTF-8.") from None
    except OSError as error:
        raise SettingsUnfit(f".env can't be read ({error.strerror}): let who runs this read it.") from None


def misspelt() -> dict[str, str]:
    """Names in the environment and in .env that are no settings, but look like one: by what stands there, what was meant."""
    known = [name.upper() for name in Settings.model_fields]
    there = {name.upper() for name in (*os.environ, *dotenv_values(".env"))} - {*known, *NOT_OURS}
    meant = {name: get_close_matches(name, known, n=1, cutoff=LOOKS_LIKE_IT) for name in sorted(there)}
    return {name: found[0] for name, found in meant.items() if found}


def _secret(name: str, value: SecretStr | None, prefix: str) -> str:
    if value is None:
        raise SettingsUnfit(
            f"{name} is not set. Put it into the environment or .env; .env.example says where it is found."
        )
    secret = value.get_secret_value().strip()
    bare = secret.removeprefix(prefix)
    is_other = not secret.startswith(prefix)
    if is_other or len(bare) < 8 or bare.lower().startswith(PLACEHOLDERS):
        what = (
            "is another kind of token" if is_other and secret.startswith(KINDS_OF_TOKEN) else "looks like a placeholder"
        )
        shape = f"; it should begin with {prefix}" if prefix else ""
        raise SettingsUnfit(f"{name} {what}{shape}. .env.example says where it is found.")
    return secret


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
