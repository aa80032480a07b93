"""Several workspaces in one stand-in: who installed the app, by which code, and which token opens what."""

import base64
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.calls import Json, Refused

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

LIVES_SECONDS = 43_200  # of a token that rotates


@dataclass(frozen=True)
class Opens:
    """What a token opens, and until when (Unix seconds; None: for good)."""

    workspaces: tuple[str, ...]  # their ids
    enterprise: Json | None = None  # an organisation's token
    ends: float | None = None


@dataclass
class Installs:
    """The app's installations. `rotates`: tokens end after twelve hours. `clock` is real time; a test may set it."""

    home: "Sandbox"
    client_id: str = "2141.4212"
    client_secret: str = "stand-in-for-a-client-secret"  # noqa: S105 — opens nothing but the stand-in
    redirect_url: str = "/"  # as it stands on the app's page at Slack
    rotates: bool = False
    names_team: bool = False  # of an organisation's installation too, as some have seen: slackapi/python-slack-sdk#1639
    names_org: bool = False  # where an event about an organisation as a whole has its workspace
    clock: Callable[[], float] = time.time
    neighbours: dict[str, "Sandbox"] = field(default_factory=dict)  # by team id
    tokens: dict[str, Opens] = field(default_factory=dict)
    refreshed: int = 0  # how often a token was asked for in place of another
    _codes: dict[str, Opens] = field(default_factory=dict)
    _refreshes: dict[str, Opens] = field(default_factory=dict)

    def add_routes(self, site: web.Application) -> None:
        """The page on which somebody lets the app in."""
        site.router.add_get("/oauth/v2/authorize", self._authorize)

    def code(self, team_id: str | None = None, enterprise: Json | None = None) -> str:
        """What somebody brings back who let the app into a workspace, or into a whole organisation."""
        opened = [team_id] if team_id else [one.team_id for one in self._all() if one.enterprise == enterprise]
        code = secrets.token_hex(8)
        self._codes[code] = Opens(tuple(filter(None, opened)), enterprise)
        return code

    def opened_by(self, token: str, args: Mapping[str, object]) -> "Sandbox | None":
        """The workspace that a token opens; of an organisation's, the one that is named. Refused if it is not one of them."""
        opens = self.tokens.get(token)
        if opens is None:
            return None
        if opens.ends is not None and opens.ends <= self.clock():
            raise Refused("token_expired")
        named = str(args.get("team_id") or opens.workspaces[0])
        if named not in opens.workspaces:
            raise Refused("team_access_not_granted")
        return self.workspace(named)

    def only_of_org(self, one: "Sandbox") -> bool:
        """Whether the app works in a workspace because its whole organisation installed it."""
        opening = [opens for opens in self.tokens.values() if one.team_id in opens.workspaces]
        return bool(opening) and all(opens.enterprise for opens in opening)

    def team_of_people(self, one: "Sandbox") -> str:
        """The `team_id` of people; in an organisation the same in whichever workspace they are: slackapi/bolt-js#1875."""
        return self.home.team_id if one.enterprise and one.enterprise == self.home.enterprise else one.team_id

    def team_of_views(self, one: "Sandbox") -> str:
        """A view's `app_installed_team_id`, which is not always where it is seen.

        It is that of the organisation that installed the app (slackapi/bolt-js#1720), or of whichever of its workspaces did so
        first (slackapi/bolt-python#1229).
        """
        if one.enterprise is None:
            return one.team_id
        if self.only_of_org(one):
            return str(one.enterprise["id"])
        own = [opens.workspaces[0] for opens in self.tokens.values() if opens.enterprise is None]
        return next((team for team in own if self.workspace(team).enterprise == one.enterprise), one.team_id)

    def place(self, token: str, args: Mapping[str, object]) -> "Sandbox":
        """The workspace whose troubles a call meets; of a token that opens none, those of the first."""
        try:
            return self.opened_by(token, args) or self.home
        except Refused:
            return self.home

    def workspace(self, team_id: str) -> "Sandbox":
        """A workspace by its id. KeyError for none."""
        return {one.team_id: one for one in self._all()}[team_id]

    def teams(self, token: str) -> Json:
        """auth.teams.list: what an organisation's token opens."""
        opens = self.tokens[token]
        names = [{"id": team_id, "name": self.workspace(team_id).workspace} for team_id in opens.workspaces]
        return {"ok": True, "teams": names, "response_metadata": {"next_cursor": ""}}

    def access(self, authorization: str, args: Mapping[str, object]) -> Json:
        """oauth.v2.access: a token for a code, or for a refresh token; each works once."""
        app = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if authorization != f"Basic {app}":
            raise Refused("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            opens = self._refreshes.pop(str(args.get("refresh_token")), None)
            self.refreshed += opens is not None
        else:
            opens = self._codes.pop(str(args.get("code")), None)
        if opens is None:
            raise Refused("invalid_code" if args.get("code") else "invalid_refresh_token")
        return self._given(opens)

    async def uninstall(self, team_id: str) -> None:
        """A workspace lets the app go: its tokens open nothing any more, and the app hears of it."""
        self.tokens = {token: opens for token, opens in self.tokens.items() if opens.workspaces != (team_id,)}
        one = self.workspace(team_id)
        await one.deliverer.event({"type": "tokens_revoked", "tokens": {"bot": [one.bot_user_id]}})
        await one.deliverer.event({"type": "app_uninstalled"})

    async def let_in(self, team_id: str, enterprise: Json, *, told: bool = True) -> None:
        """An organisation lets the app into one more of its workspaces, and the app hears of it, if it is `told`."""
        self._open(enterprise, lambda workspaces: (*workspaces, team_id))
        if told:
            await self._tell(enterprise, "team_access_granted", team_id)

    async def let_out(self, team_id: str, enterprise: Json) -> None:
        """An organisation takes the app out of one of its workspaces."""
        self._open(enterprise, lambda workspaces: tuple(one for one in workspaces if one != team_id))
        await self._tell(enterprise, "team_access_revoked", team_id)

    def _open(self, enterprise: Json, changed: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        for token, opens in self.tokens.items():
            if opens.enterprise == enterprise:
                self.tokens[token] = replace(opens, workspaces=changed(opens.workspaces))

    async def _tell(self, enterprise: Json, what: str, team_id: str) -> None:
        await self.home.deliverer.event({"type": what, "team_ids": [team_id]}, of_org=enterprise)

    async def uninstall_org(self, enterprise: Json) -> None:
        """An organisation lets the app go."""
        self.tokens = {token: opens for token, opens in self.tokens.items() if opens.enterprise != enterprise}
        await self.home.deliverer.event({"type": "app_uninstalled"}, of_org=enterprise)

    def _given(self, opens: Opens) -> Json:
        token, first = f"xoxb-{secrets.token_hex(24)}", self.workspace(opens.workspaces[0])
        ends = self.clock() + LIVES_SECONDS if self.rotates else None
        self.tokens[token] = Opens(opens.workspaces, opens.enterprise, ends)
        answer: Json = {
            "ok": True, "access_token": token, "token_type": "bot", "scope": ",".join(sorted(first.granted)),
            "bot_user_id": first.bot_user_id, "app_id": first.app_id, "authed_user": {"id": "U0ADMIN"},
            "is_enterprise_install": opens.enterprise is not None, "enterprise": opens.enterprise or first.enterprise,
            "team": {"id": first.team_id, "name": first.workspace} if self.names_team or not opens.enterprise else None,
        }  # fmt: skip
        if self.rotates:
            answer |= {"refresh_token": f"xoxe-1-{secrets.token_hex(60)}", "expires_in": LIVES_SECONDS}
            self._refreshes[answer["refresh_token"]] = opens
        return answer

    async def _authorize(self, request: web.Request) -> web.Response:
        """Whoever comes here lets the app into the workspace that they name; without a name, into the first."""
        asked = request.query
        if asked.get("client_id") != self.client_id:
            return web.Response(status=400, text="there is no such app")
        code = self.code(asked.get("team") or self.home.team_id)
        back = asked.get("redirect_uri") or self.redirect_url
        raise web.HTTPFound(f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}")

    def _all(self) -> "list[Sandbox]":
        return [self.home, *self.neighbours.values()]
