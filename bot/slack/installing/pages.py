"""The two pages of an installation: the one with the button, and the one that Slack sends people back to."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.curriculum.library import Library
from bot.slack.installing.store import STATE_SECONDS, Installations, States
from bot.slack.refusals import BAD_CREDENTIALS, COPY_CREDENTIALS, word_of

logger = logging.getLogger(__name__)

INSTALL_PATH = "/slack/install"
BACK_PATH = "/slack/oauth_redirect"
MANIFEST = Path(__file__).parents[3] / "manifest.json"
KNOWN_REASONS = frozenset(
    {"access_denied", "invalid_browser", "invalid_state", "missing_code", "invalid_code", "storage_error"}
)

# Writes down that a workspace or an organisation lets us in.
Installed = Callable[[Installation], Awaitable[None]]


@dataclass(frozen=True)
class Pages:
    """How they look."""

    library: Library

    def button(self, url: str) -> str:
        """The page that leads to Slack."""
        return self._page("title", [self._words("what")], url, "button")

    async def success(self, args: AsyncSuccessArgs) -> BoltResponse:
        """What happens next."""
        one = args.installation
        workspace = (one.enterprise_name if one.is_enterprise_install else one.team_name) or "Slack"
        steps = ["next_org", "next"] if one.is_enterprise_install else ["next"]
        texts = [self._words("done", workspace=workspace), *map(self._words, steps)]
        return _html(200, self._page("done_title", texts, "https://slack.com/app_redirect?app=" + one.app_id, "open")
                     if one.app_id else self._page("done_title", texts))  # fmt: skip

    async def failure(self, args: AsyncFailureArgs) -> BoltResponse:
        """What went wrong, in a sentence, and the way back to the button."""
        reason = args.reason if args.reason in KNOWN_REASONS else "other"
        logger.warning("an installation failed: %s", reason, extra={"action": "workspace.not_installed"})
        page = self._page("failed_title", [self._words(reason)], INSTALL_PATH, "again")
        return _html(args.suggested_status_code, page)

    def _words(self, key: str, **values: str) -> str:
        return self.library.current.wording.plain(f"installing.{key}", **values)

    def _page(self, title: str, texts: Sequence[str], url: str = "", button: str = "again") -> str:
        from jinja2 import Environment

        source = files("bot.slack.installing").joinpath("page.html").read_text("utf-8")
        return Environment(autoescape=True).from_string(source).render(
            language=self.library.current.curriculum.program.language, title=self._words(title), texts=texts, url=url,
            button=self._words(button),
        )  # fmt: skip


class Exchange(AsyncWebClient):
    """Slack's client, for codes: what it refuses one for is logged, since Bolt tells a page only that it did."""

    async def oauth_v2_access(self, **asked: Any) -> AsyncSlackResponse:
        """A token for a code. Raises SlackApiError."""
        try:
            return await super().oauth_v2_access(**asked)
        except SlackApiError as error:
            word = word_of(error)
            mend = f"; {COPY_CREDENTIALS}" if word in BAD_CREDENTIALS else ""
            logger.error("Slack gave no token: %s%s", word, mend, extra={"action": "workspace.no_token"})
            raise


class Installs(AsyncOAuthFlow):
    """Slack's OAuth, on our pages."""

    def __init__(
        self, settings: AsyncOAuthSettings, pages: Pages, client: AsyncWebClient, installed: Installed
    ) -> None:
        super().__init__(client=client, logger=_quiet(), settings=settings)
        self._pages, self._installed = pages, installed

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:  # noqa: ARG002
        """The page with the button."""
        return self._pages.button(url)

    async def run_installation(self, code: str) -> Installation | None:
        """What Slack gives for a code; None if it gives nothing."""
        try:
            return await super().run_installation(code)
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return None

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:  # noqa: ARG002
        """Keep it; BoltError if it can't be kept."""
        try:
            await self._installed(installation)
        except (SQLAlchemyError, SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            logger.error("an installation was not kept", exc_info=error, extra={"action": "workspace.not_kept"})
            raise BoltError("it was not kept") from None


def oauth_settings(
    *, client_id: str, client_secret: str, api_url: str, public_url: str, store: Installations, states: States,
    pages: Pages,
) -> AsyncOAuthSettings:  # fmt: skip
    """What Bolt needs to know of the app, as its page at Slack and `manifest.json` say."""
    return AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=json.loads(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]["bot"],
        user_scopes=[],
        redirect_uri=f"{public_url}{BACK_PATH}" if public_url else None,
        install_path=INSTALL_PATH,
        redirect_uri_path=BACK_PATH,
        authorization_url=urljoin(api_url, "../oauth/v2/authorize"),
        installation_store=store,
        state_store=states,
        state_expiration_seconds=STATE_SECONDS,
        callback_options=AsyncCallbackOptions(success=pages.success, failure=pages.failure),
    )


def _quiet() -> logging.Logger:
    """Bolt's log, without the line in which it tells a code that Slack refused."""
    log = logging.getLogger("slack_bolt.oauth")
    log.addFilter(lambda record: "oauth.v2.access" not in record.getMessage())
    return log


def _html(status: int, page: str) -> BoltResponse:
    return BoltResponse(status=status, body=page, headers={"Content-Type": "text/html; charset=utf-8"})
