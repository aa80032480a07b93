"""Workspaces install the app, are let in, and go."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import select
from yarl import URL

from bot.doctoring import examine
from bot.findings import is_sick
from bot.records.database import plain_url
from bot.records.embedded import Embedded
from bot.records.tables import AgendaItem, Cohort, Message, Person, Workspace
from bot.records.upgrade import upgrade
from bot.records.workspaces import TokenUnfit
from bot.running import receiving, who_we_are
from bot.settings import Settings, SettingsUnfit
from bot.slack.access import Actor
from bot.slack.installing.house import Credentials, stored_tokens
from bot.slack.installing.keys import Keyring, KeysUnfit, new_key
from bot.slack.installing.store import seal_anew
from tests.cli.test_bad_input import playercoach
from tests.journeys.test_home import home
from tests.journeys.test_privacy import lesson_option
from tests.town import Town, open_town
from tests.world import CONTENT, World, option_of


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """Two workspaces, and an app that nobody has installed yet."""
    async with open_town(database_url) as opened:
        yield opened


async def test_a_workspace_installs_the_app(town: Town) -> None:
    """A button, Slack, and a page that says what happens next; then its people are enrolled, and hear from us."""
    page = await town.install("T0BETA")
    assert page.status == 200
    assert "at home in Beta" in page.text
    assert "add it to each workspace" not in page.text, "that is for whole organisations"
    assert "until someone enrols" in page.text
    await town.enrol(town.there, begun=False)
    await town.there.pass_time(hours=3)
    assert len(town.there.dms(town.there.maya)) == 1
    assert not town.here.dms(town.here.maya)


async def test_a_token_is_never_kept_in_the_clear(town: Town) -> None:
    """What stands in the database opens nothing by itself."""
    await town.install("T0BETA")
    (token,) = town.here.sandbox.installs.tokens
    async with town.house.database.transaction() as session:
        kept = (await session.execute(text("SELECT slack_bots::text FROM slack_bots"))).scalars().all()
    assert len(kept) == 1
    assert token not in kept[0]
    assert token.removeprefix("xoxb-") not in kept[0]


async def test_a_state_works_once(town: Town) -> None:
    """Who brings the same state again, in the same browser, is led back to the button; nothing is written down."""
    link, cookie = await town.begin()
    allowed = await town.get(f"{link}&team=T0BETA")
    first = await town.get(allowed.location, cookie)
    second = await town.get(allowed.location, cookie)
    assert (first.status, second.status) == (200, 401)
    assert "more than ten minutes" in second.text
    assert "if it said «Done» then, all is well" in second.text
    assert 'href="/slack/install"' in second.text


async def test_another_browser_is_sent_back(town: Town) -> None:
    """A link that somebody was sent, and who did not begin themselves, installs nothing."""
    link, _ = await town.begin()
    allowed = await town.get(f"{link}&team=T0BETA")
    page = await town.get(allowed.location, "slack-app-oauth-state=somebody-elses")
    assert page.status == 400
    assert "not the browser in which you began" in page.text
    assert not await town.here.rows(Workspace)


async def test_slack_says_no(town: Town) -> None:
    """Somebody cancels, or Slack gives nothing for the code: a sentence, the way back, and nothing written down."""
    cancelled = await town.get(f"{town.site}/slack/oauth_redirect?error=access_denied")
    assert "it was cancelled" in cancelled.text
    link, cookie = await town.begin()
    allowed = await town.get(f"{link}&team=T0BETA")
    town.here.sandbox.fail("oauth.v2.access", "error:invalid_code", 1)
    refused = await town.get(allowed.location, cookie)
    assert refused.status == 401
    assert "did not let us in" in refused.text
    assert not await town.here.rows(Workspace)


async def test_a_secret_that_was_mistyped(town: Town, database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever installs can't mend that: the log and the doctor tell the operator, who is told nothing by the page."""
    link, cookie = await town.begin()
    allowed = await town.get(f"{link}&team=T0BETA")
    town.here.sandbox.installs.client_secret = "another-one"
    await town.get(allowed.location, cookie)
    assert "Slack gave no token: bad_client_secret; copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET again" in caplog.text
    assert URL(allowed.location).query["code"] not in caplog.text
    settings = settings_of(town, database_url)
    found = {one.what: one for one in await examine(settings)}
    assert found["installing"].state == "Slack says bad_client_secret"
    assert "SLACK_CLIENT_SECRET again" in found["installing"].mend
    assert found["workspaces"].state == "none has installed the app yet"


async def test_the_pages_speak_to_everyone(town: Town) -> None:
    """A language, a title, one heading, and a link with words on it: for those who listen to a page, too."""
    page = await town.get(f"{town.site}/slack/install")
    for part in ('<html lang="en">', "<title>Playercoach</title>", "<h1>Playercoach</h1>", ">Add to Slack</a>"):
        assert part in page.text


async def test_nothing_is_done_where_the_app_is_not_installed(town: Town) -> None:
    """Somebody opens App Home in a workspace that never let us in: no row, and no call to Slack."""
    await town.install("T0BETA")
    await town.here.sandbox.open_home(town.here.maya.id)
    await town.here.settle()
    assert town.here.sandbox.home(town.here.maya.id) is None
    assert [one.id for one in await town.here.rows(Workspace)] == ["T0BETA"]


async def said(world: World) -> int:
    """How many messages Maya has got."""
    return len(world.dms(world.maya))


async def both_begin(town: Town) -> None:
    """Both workspaces install the app, and begin."""
    for world in (town.here, town.there):
        await town.install(world.sandbox.team_id)
        await town.enrol(world, begun=False)
    await town.here.begin()
    await town.here.until(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))


async def test_a_workspace_that_leaves_hears_nothing_and_loses_nothing(town: Town) -> None:
    """Beta lets us go: from then on nothing is said there, its agenda waits, and Acme goes on as if nothing had been."""
    await both_begin(town)
    there, here = await said(town.there), await said(town.here)
    due = [one.id for one in await town.here.rows(AgendaItem) if one.workspace_id == "T0BETA" and one.done_at is None]
    calls = sum(town.there.sandbox.calls.values())
    await town.here.sandbox.installs.uninstall("T0BETA")
    await town.here.pass_time(days=7)
    assert await said(town.there) == there
    assert sum(town.there.sandbox.calls.values()) == calls, "it was not even asked"
    assert await said(town.here) > here
    kept = [one.id for one in await town.here.rows(AgendaItem) if one.workspace_id == "T0BETA" and one.done_at is None]
    assert kept == due


@pytest.mark.long
async def test_a_workspace_that_comes_back_goes_on_without_a_burst(town: Town) -> None:
    """Three weeks later it installs the app again: each day brings one thing at most, as ever, and the program goes on."""
    await both_begin(town)
    await town.here.sandbox.installs.uninstall("T0BETA")
    await town.here.pass_time(days=21)
    before = await said(town.there)
    assert (await town.install("T0BETA")).status == 200
    for _ in range(5):
        so_far = await said(town.there)
        await town.here.pass_time(days=1)
        assert await said(town.there) - so_far <= 1
    assert await said(town.there) > before


@pytest.mark.long
async def test_what_was_in_the_outbox_waits(town: Town) -> None:
    """What was written down but not sent when a workspace left is said once it is back, and nothing beside it that day."""
    await both_begin(town)
    await town.here.until(datetime(2026, 11, 26, 7, 0, tzinfo=UTC))
    town.here.clock.move_to(datetime(2026, 11, 26, 8, 1, tzinfo=UTC))
    await town.house.tick()
    await town.here.sandbox.installs.uninstall("T0BETA")
    await town.here.settle()
    waits = [one for one in await town.here.rows(Message) if one.workspace_id == "T0BETA" and one.state == "waiting"]
    assert waits
    before, woken = await said(town.there), {one.id: one.wake_at for one in waits}
    await town.here.pass_time(days=7)
    still = [one for one in await town.here.rows(Message) if one.id in woken]
    assert [one.attempts for one in still] == [0] * len(woken), "nobody tried to say it"
    assert {one.id: one.wake_at for one in still} == woken, "nor gave it to a worker"
    await town.install("T0BETA")
    about = {one.person_id for one in waits}
    due = [one.due_at for one in await town.here.rows(AgendaItem) if one.person_id in about and one.done_at is None]
    assert due
    assert min(due) >= town.here.clock.now() + timedelta(hours=23)
    await town.here.pass_time(hours=20)
    assert await said(town.there) == before + 1


@pytest.mark.long
async def test_who_is_erased_as_the_app_goes(town: Town) -> None:
    """Maya has everything erased, and the app is uninstalled before all of it is gone: once it is back, it is."""
    await both_begin(town)
    assert town.there.dms(town.there.maya)
    await town.house.rooms.privacy.erase(Actor("T0BETA", town.there.maya.id))
    await town.here.sandbox.installs.uninstall("T0BETA")
    await town.here.settle()
    assert town.there.dms(town.there.maya)
    await town.install("T0BETA")
    async with town.house.database.transaction() as session:
        await session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))
    await town.here.settle()
    assert town.there.dms(town.there.maya) == []


@pytest.mark.long
async def test_news_of_an_uninstallation_that_comes_late(town: Town) -> None:
    """The event is delivered again after the app was installed anew: the workspace stays."""
    await both_begin(town)
    await town.here.sandbox.installs.uninstall("T0BETA")
    await town.install("T0BETA")
    late = datetime.now(UTC) - timedelta(minutes=5)
    assert town.house.installing is not None
    await town.house.installing.coming.uninstalled(None, "T0BETA", late)
    assert (await town.house.clients.calm("T0BETA")).token


async def test_a_workspace_that_left_is_erased_after_the_retention(town: Town) -> None:
    """Two years later nothing of it is left, not even its name; Acme has all of its own."""
    await both_begin(town)
    acme = len([one for one in await town.here.rows(Message) if one.workspace_id == "T0ACME"])
    await town.here.sandbox.installs.uninstall("T0BETA")
    left = town.here.clock.now()
    privacy = town.house.rooms.privacy
    await privacy.sweep(left + timedelta(days=729))
    assert {one.workspace_id for one in await town.here.rows(Person)} == {"T0ACME", "T0BETA"}
    await privacy.sweep(left + timedelta(days=731))
    await town.here.settle()
    assert [one.id for one in await town.here.rows(Workspace)] == ["T0ACME"]
    assert {one.workspace_id for one in await town.here.rows(Cohort)} == {"T0ACME"}
    assert len([one for one in await town.here.rows(Message) if one.workspace_id == "T0ACME"]) == acme


async def test_a_token_that_ends_is_changed_once(town: Town) -> None:
    """Two processes need it at the same moment: one asks Slack, the other takes what it got, and both can speak."""
    installs = town.here.sandbox.installs
    installs.rotates = True
    await town.install("T0BETA")
    async with town.house.database.transaction() as session:
        soon = datetime.fromtimestamp(time.time() + 600, UTC).replace(tzinfo=None)
        await session.execute(text("UPDATE slack_bots SET bot_token_expires_at = :soon"), {"soon": soon})
    processes = [
        stored_tokens(town.credentials, town.house.database, api_url=town.here.sandbox.api_url) for _ in range(4)
    ]
    tokens = await asyncio.gather(*(one.token_of("T0BETA") for one in processes))
    assert installs.refreshed == 1
    assert len({one.secret for one in tokens}) == 1
    assert installs.opened_by(tokens[0].secret, {}) is town.there.sandbox


async def test_slack_gives_no_new_token(town: Town) -> None:
    """As long as the old one works it is used; after its end the workspace counts as closed, and nothing breaks."""
    installs = town.here.sandbox.installs
    installs.rotates = True
    await town.install("T0BETA")
    town.here.sandbox.fail("oauth.v2.access", "error:internal_error", 2)
    tokens = stored_tokens(town.credentials, town.house.database, api_url=town.here.sandbox.api_url)
    for seconds, works in ((600, True), (-600, False)):
        ends = datetime.fromtimestamp(time.time() + seconds, UTC).replace(tzinfo=None)
        async with town.house.database.transaction() as session:
            await session.execute(text("UPDATE slack_bots SET bot_token_expires_at = :ends"), {"ends": ends})
        if works:
            assert (await tokens.token_of("T0BETA")).secret in installs.tokens
        else:
            with pytest.raises(TokenUnfit):
                await tokens.token_of("T0BETA")


async def test_a_click_while_slack_renews_no_token(town: Town) -> None:
    """The token has ended, and Slack gives no new one: who answers sees that it failed, and nothing is lost without a word."""
    town.here.sandbox.installs.rotates = True
    await town.install("T0BETA")
    await town.enrol(town.there)
    await town.there.pass_time(hours=3)
    (lesson,) = town.there.dms(town.there.maya)
    ended = datetime.fromtimestamp(time.time() - 600, UTC).replace(tzinfo=None)
    async with town.house.database.transaction() as session:
        await session.execute(text("UPDATE slack_bots SET bot_token_expires_at = :ended"), {"ended": ended})
    town.house.clients.forget("T0BETA")
    town.here.sandbox.fail("oauth.v2.access", "error:internal_error")
    block, value = option_of(lesson, lesson_option(lesson))
    refused = await town.there.press(town.there.maya, lesson, "check_pick", block_id=block, selected=value)
    assert refused.status == 500
    taken = await town.there.press(town.there.maya, lesson, "check_pick", block_id=block, selected=value)
    assert taken.status == 200, "Slack gave a new one when it was asked again"


async def test_what_is_to_be_said_waits_for_a_token(town: Town) -> None:
    """The token has ended at nine, and Slack gives no new one: the lesson waits, and comes once Slack does."""
    town.here.sandbox.installs.rotates = True
    await town.install("T0BETA")
    await town.enrol(town.there)
    ended = datetime.fromtimestamp(time.time() - 600, UTC).replace(tzinfo=None)
    async with town.house.database.transaction() as session:
        await session.execute(text("UPDATE slack_bots SET bot_token_expires_at = :ended"), {"ended": ended})
    town.house.clients.forget("T0BETA")
    town.here.sandbox.fail("oauth.v2.access", "error:internal_error", 2)
    await town.there.pass_time(hours=4)
    assert len(town.there.dms(town.there.maya)) == 1
    assert {one.state for one in await town.here.rows(Message)} == {"sent"}


async def test_what_is_to_be_said_waits_for_a_key(town: Town) -> None:
    """A process is told of the new key only: it says nothing, nothing is in doubt, and it fails no click with «ok»."""
    await town.install("T0BETA")
    await town.enrol(town.there)
    await town.there.pass_time(hours=3)
    (lesson,) = town.there.dms(town.there.maya)
    stored = town.house.clients.tokens
    town.house.clients.tokens = stored_tokens(
        replace(town.credentials, keys=(new_key(),)), town.house.database, api_url=town.here.sandbox.api_url
    )
    town.house.clients.forget("T0BETA")
    block, value = option_of(lesson, lesson_option(lesson))
    refused = await town.there.press(town.there.maya, lesson, "check_pick", block_id=block, selected=value)
    assert refused.status == 500
    town.here.clock.move_to(town.here.clock.now() + timedelta(days=2))  # the day of the next lesson
    await town.house.tick()
    await town.here.settle()
    waiting = [one for one in await town.here.rows(Message) if one.state != "sent"]
    assert {(one.state, one.error, one.refusals) for one in waiting} == {("waiting", "token_unfit", 0)}
    town.house.clients.tokens = stored
    await town.here.pass_time(hours=1)
    assert {one.state for one in await town.here.rows(Message)} == {"sent"}


async def test_keys_are_changed_without_a_stop(town: Town) -> None:
    """A new key in front, every token under it, the old one out: the tokens still open; with a wrong key they never do."""
    await town.install("T0BETA")
    old, new = town.credentials.keys[0], new_key()
    engine = town.house.database.engine
    assert await seal_anew(engine, Keyring((new, old))) == 1
    now = Credentials(town.credentials.client_id, town.credentials.client_secret, (new,))
    tokens = stored_tokens(now, town.house.database, api_url=town.here.sandbox.api_url)
    assert (await tokens.token_of("T0BETA")).secret in town.here.sandbox.installs.tokens
    with pytest.raises(KeysUnfit, match="put the old key back"):
        await seal_anew(engine, Keyring((old,)))
    with pytest.raises(KeysUnfit, match="keys new"):
        Keyring(("not a key",))


async def test_no_secret_in_what_is_printed(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a token nor a key nor the app's secret is in what our parts look like in an error or a log."""
    caplog.set_level(logging.DEBUG, "bot")
    await town.install("T0BETA")
    (token,) = town.here.sandbox.installs.tokens
    link, cookie = await town.begin()
    refused = await town.get((await town.get(f"{link}&team=T0BETA")).location.replace("code=", "code=wrong-"), cookie)
    assert refused.status == 401
    assert "wrong-" not in caplog.text, "a code is a secret, too"
    pair = await town.house.clients.of("T0BETA")
    printed = f"{pair} {pair.token} {town.house.clients} {town.house} {town.credentials} {caplog.text}"
    for secret in (token, town.credentials.client_secret, town.credentials.keys[0]):
        assert secret not in printed


async def test_a_slow_workspace_delays_no_other(town: Town) -> None:
    """Acme answers only after a while, and to its directory not at all: Beta's messages are said meanwhile."""
    for world in (town.here, town.there):
        await town.install(world.sandbox.team_id)
        await town.enrol(world, begun=False)
    await town.here.begin()
    town.here.sandbox.fail("users.list", "429", 9, retry_after=30)
    town.here.sandbox.fail("chat.postMessage", "timeout", 9)
    await town.house.sync_directory()
    town.here.clock.move_to(datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    await town.house.tick()
    working = asyncio.create_task(town.house.queue.work())
    await town.there.sandbox.until(lambda: town.there.dms(town.there.maya) and town.there.sandbox.calls["users.list"])
    assert not town.here.dms(town.here.maya)
    town.here.sandbox.stopping.set()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


@pytest.mark.long
async def test_a_token_that_was_taken_away_unseen(town: Town) -> None:
    """Slack refuses the token and told us nothing: what is to be said waits, is tried again, and is said in the end."""
    await both_begin(town)
    town.there.sandbox.fail("chat.postMessage", "error:token_revoked", 12)
    before = await said(town.there)
    await town.here.pass_time(days=3)
    assert await said(town.there) > before
    assert not [one for one in await town.here.rows(Message) if one.state in ("failed", "sending")]


async def test_another_app_is_installed_in_its_place(town: Town) -> None:
    """Beta installs an app with another bot: its people hear from that one; Acme's conversations stay as they were."""
    await both_begin(town)
    async with town.house.database.transaction() as session:
        await session.execute(text("UPDATE workspace SET bot_user_id = 'U0OTHER' WHERE id = 'T0BETA'"))
        await session.execute(text("UPDATE person SET dm_channel = 'D0OTHER' WHERE workspace_id = 'T0BETA'"))
    acme = {one.id: one.dm_channel for one in await town.here.rows(Person) if one.workspace_id == "T0ACME"}
    assert any(acme.values())
    await town.install("T0BETA")
    assert {one.id: one.dm_channel for one in await town.here.rows(Person) if one.workspace_id == "T0ACME"} == acme
    before = await said(town.there)
    await town.here.pass_time(days=2)
    assert await said(town.there) > before
    assert not [one for one in await town.here.rows(Person) if one.unreachable_at is not None]


async def test_over_socket_mode_too(town: Town) -> None:
    """One connection serves all workspaces: somebody in Beta opens App Home, and is answered with Beta's token."""
    await town.install("T0BETA")
    sandbox = town.here.sandbox
    async with receiving(town.house, "", sandbox.app_token):
        await sandbox.until(lambda: sandbox.sockets.connections)
        assert "not enrolled" in await home(town.there, town.there.zoe.id)
    assert sandbox.home(town.here.zoe.id) is None


async def test_the_doctor_looks_at_each_workspace(town: Town, database_url: str) -> None:
    """One workspace took its token back and nobody told us: that line says what to do, the other is fine."""
    for team in ("T0ACME", "T0BETA"):
        await town.install(team)
    installs = town.here.sandbox.installs
    installs.tokens = {token: opens for token, opens in installs.tokens.items() if opens.workspaces == ("T0ACME",)}
    assert await looked_over(town, database_url) == [
        ("workspace", "Acme (T0ACME): open", ""),
        ("scopes", "Acme (T0ACME): all that are needed", ""),
        ("workspace", "Beta (T0BETA): Slack says invalid_auth", "have the app installed there again"),
        ("clock", "from Slack's", ""),
    ]


async def test_the_doctor_tells_each_workspaces_scopes(town: Town, database_url: str) -> None:
    """Beta was installed before the app asked for all that it needs today: its line names what lacks, Acme has it all."""
    for team in ("T0ACME", "T0BETA"):
        await town.install(team)
    town.there.sandbox.provided = ",".join(sorted(town.there.sandbox.granted - {"mpim:write", "dnd:read"}))
    told = [(what, state, mend[:8]) for what, state, mend in await looked_over(town, database_url)]
    assert told == [
        ("workspace", "Acme (T0ACME): open", ""),
        ("scopes", "Acme (T0ACME): all that are needed", ""),
        ("workspace", "Beta (T0BETA): open", ""),
        ("scopes", "Beta (T0BETA): without mpim:write", "add them"),
        ("optional scopes", "Beta (T0BETA): off: dnd:read", "README s"),
        ("clock", "from Slack's", ""),
    ]


async def test_the_doctor_looks_for_staff_in_all_workspaces(town: Town, database_url: str) -> None:
    """Lena of the program works in one of them, and that will do; where she is in none, a note says so."""
    for team in ("T0ACME", "T0BETA"):
        await town.install(team)
    told = []
    for one in (town.here, town.there):
        one.sandbox.state.people[one.lena.id].email = "lena@elsewhere.example"
        found = await examine(settings_of(town, database_url))
        told.append([(line.state, line.is_fatal and not line.is_fine) for line in found if line.what == "staff"])
    assert told == [[("all known to Slack", False)], [("Slack knows no lena@example.com", False)]]
    found = await examine(settings_of(town, database_url).model_copy(update={"content_dir": Path("nowhere")}))
    assert "staff" not in {line.what for line in found}, "nobody was asked about"


async def test_the_doctor_where_a_key_is_lost(town: Town, database_url: str) -> None:
    """Each mend leads to the key that was there: before a new one is made, and after it. Installing again is the last."""
    await town.install("T0BETA")
    told = []
    for what, keys in (("installing", None), ("workspace", SecretStr(new_key()))):
        found = await examine(settings_of(town, database_url).model_copy(update={"token_keys": keys}))
        told += [(one.state, one.mend) for one in found if one.what == what and not one.is_fine]
    (lost, put_it_back), (sealed, or_install) = told
    assert lost == "not possible"
    assert "put back the key that was there" in put_it_back
    assert sealed == "Beta (T0BETA): its token is kept under a key that TOKEN_KEYS does not hold"
    assert or_install == "put that key back behind the new one; only if it is lost, have the app installed there again"


@pytest.mark.long
async def test_a_command_where_nothing_lets_us_in(town: Town, database_url: str, tmp_path: Path) -> None:
    """The key is lost, the token has ended and Slack renews none, or none is there any more: each is a sentence, and its mend."""
    town.here.sandbox.installs.rotates = True
    await town.install("T0BETA")
    roster = tmp_path / "roster.csv"
    roster.write_text("manager,mentor,cohort,starts_on\nU0MAYA,,Autumn,2026-11-24\n")
    given = {
        "DATABASE_URL": database_url, "SLACK_API_URL": town.here.sandbox.api_url, "SLACK_SIGNING_SECRET": "0123456789ab",
        "SLACK_CLIENT_ID": town.credentials.client_id, "SLACK_CLIENT_SECRET": town.credentials.client_secret,
        "TOKEN_KEYS": ",".join(town.credentials.keys),
    }  # fmt: skip

    async def told(first: str = "", **more: str) -> str:
        if first:
            async with town.house.database.transaction() as session:
                await session.execute(text(first))
        done = await asyncio.to_thread(
            playercoach, "roster", "import", str(roster), folder=tmp_path, **{**given, **more}
        )
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        return done.stderr

    town.here.sandbox.fail("oauth.v2.access", "error:internal_error", 9)
    assert "put the old key back behind the new one." in await told(TOKEN_KEYS=new_key())
    ended = await told("UPDATE slack_bots SET bot_token_expires_at = '2020-01-01'")
    assert "did not renew the token of the workspace T0BETA, which has ended; try again later, or have" in ended
    gone = await told("DELETE FROM slack_bots")
    assert "is not installed in the workspace T0BETA; have it installed there, at /slack/install." in gone


async def test_the_doctor_where_no_database_answers(town: Town, database_url: str) -> None:
    """Nobody knows which workspaces there are: one line says what to mend first."""
    away = re.sub(r"/[^/?]+(\?|$)", r"/nothing_of_that_name\1", database_url)
    assert await looked_over(town, away) == [("workspaces", "not looked at", "mend the database first")]


@pytest.mark.long
async def test_the_doctor_asks_an_embedded_database_for_workspaces(town: Town, tmp_path: Path) -> None:
    """Before there is one nobody can have installed anything; then its migrations come first, and then each workspace."""
    assert await looked_over(town, None, tmp_path) == []
    with Embedded(tmp_path) as url:
        assert await looked_over(town, None, tmp_path) == [("workspaces", "not looked at", "mend the database first")]
        upgrade(url)
        with psycopg.connect(plain_url(url)) as connection:
            columns = "(id, name, bot_user_id, next_slot_at)"
            connection.execute(f"INSERT INTO workspace {columns} VALUES ('T0BETA', 'Beta', 'U0BOT', now())".encode())
        ((what, state, mend),) = await looked_over(town, None, tmp_path)
    assert (what, state.partition(":")[0], mend) == ("workspace", "Beta (T0BETA)", "have the app installed there again")


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        (None, [("receiving", False)]),
        ("...", [("receiving", False)]),
        ("0123456789", [("receiving", True)]),
    ],
)
async def test_the_doctor_of_many_looks_at_http_only(
    town: Town, database_url: str, secret: str | None, told: list[tuple[str, bool]]
) -> None:
    """A token for Socket Mode, left over from the first workspace, makes nothing well: `web` has to start."""
    found = await examine(settings_of(town, database_url, slack_signing_secret=secret))
    assert [(one.what, one.is_fine) for one in found if one.what in ("receiving", "Socket Mode")] == told
    assert is_sick(found) != told[0][1]


def settings_of(town: Town, database_url: str | None, **more: Any) -> Settings:
    """An installation of the town's app."""
    us = town.credentials
    return Settings(
        _env_file=None, slack_client_id=us.client_id, slack_client_secret=us.client_secret, token_keys=",".join(us.keys),
        slack_api_url=town.here.sandbox.api_url, slack_app_token=town.here.sandbox.app_token,
        database_url=database_url, content_dir=CONTENT, **more,
    )  # fmt: skip


async def looked_over(
    town: Town, database_url: str | None, data_dir: Path = Path("nowhere")
) -> list[tuple[str, str, str]]:
    """What the doctor says of workspaces, their scopes and Slack's time: what it looked at, its state and its mend."""
    about = ("workspaces", "workspace", "scopes", "optional scopes", "clock")
    found = [one for one in await examine(settings_of(town, database_url, data_dir=data_dir)) if one.what in about]
    return [(one.what, re.sub(r"^\d+ s ", "", one.state), one.mend) for one in found]


@pytest.mark.long
async def test_a_lesson_is_sent_to_its_writer_in_her_workspace(town: Town, database_url: str, tmp_path: Path) -> None:
    """Lena of Beta has a look at a lesson in her own Slack; nobody in Acme gets it. Which workspace, has to be said."""
    for team in ("T0ACME", "T0BETA"):
        await town.install(team)
    us = town.credentials
    settings = {
        "SLACK_CLIENT_ID": us.client_id, "SLACK_CLIENT_SECRET": us.client_secret, "TOKEN_KEYS": ",".join(us.keys),
        "SLACK_API_URL": town.here.sandbox.api_url, "DATABASE_URL": plain_url(database_url),
    }  # fmt: skip
    words = ("content", "send", "talent-02-scorecard", "lena@example.com")
    asked = await asyncio.to_thread(playercoach, *words, folder=tmp_path, **settings)
    assert (asked.returncode, "--workspace" in asked.stderr) == (2, True), asked.stderr
    done = await asyncio.to_thread(playercoach, *words, "--workspace", "Beta", folder=tmp_path, **settings)
    assert done.returncode == 0, done.stderr
    assert [len(one.dms(one.lena)) for one in (town.here, town.there)] == [0, 1]


async def test_a_backlog_for_a_slow_workspace_leaves_room_for_others(town: Town) -> None:
    """Acme has more batches to be said than a worker has hands, and answers to none: Beta's message is said all the same."""
    for world in (town.here, town.there):
        await town.install(world.sandbox.team_id)
        await town.enrol(world, begun=False)
    slow = [await write_down(town, town.here, f"slow:{number}") for number in range(20)]
    quick = await write_down(town, town.there, "quick")
    batches = [("T0ACME", slow[start : start + 2]) for start in range(0, 20, 2)]
    async with town.house.database.transaction() as session:
        await town.house.queue.defer_sends(session, [*batches, ("T0BETA", [quick])])
    town.here.sandbox.fail("chat.postMessage", "timeout", 20)
    working = asyncio.create_task(town.house.queue.work(concurrency=8))
    await town.there.sandbox.until(lambda: town.there.dms(town.there.maya))
    assert not town.here.dms(town.here.maya)
    town.here.sandbox.stopping.set()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def write_down(town: Town, world: World, key: str) -> UUID:
    """Something is to be said to Maya, and has no job yet."""
    async with town.house.database.transaction() as session:
        maya = (
            await session.exec(
                select(Person).where(Person.workspace_id == world.sandbox.team_id, Person.slack_id == world.maya.id)
            )
        ).one()
        said = await town.house.outbox.say(
            session, key=key, kind="no_files", workspace_id=world.sandbox.team_id, person_id=maya.id, payload={}
        )
    assert said is not None
    return said


async def test_what_comes_by_the_hour_does_not_pile_up(town: Town) -> None:
    """No worker is there for three hours, or two clocks are: each workspace is looked at once after that, and again later."""
    for team_id in ("T0BETA", town.here.sandbox.team_id):
        await town.install(team_id)
    await town.here.settle()
    for _ in range(2):
        for _ in range(3):
            await town.house.sync_directory()
        async with town.house.database.transaction() as session:
            waiting = await session.execute(text("SELECT args ->> 'workspace_id' FROM procrastinate_jobs"))
        assert sorted(waiting.scalars()) == sorted(("T0BETA", town.here.sandbox.team_id))
        await town.here.settle()


def test_without_keys_nobody_installs() -> None:
    """With a client id, the secret and the keys are asked for in a sentence each, before anything runs."""
    some = {"slack_client_id": "2141.4212", "slack_client_secret": "0123456789abcdef"}
    with pytest.raises(SettingsUnfit, match="SLACK_CLIENT_SECRET is not set"):
        who_we_are(Settings(_env_file=None, slack_client_id="2141.4212"))
    with pytest.raises(SettingsUnfit, match="`playercoach keys new` makes a key"):
        who_we_are(Settings(_env_file=None, **some))  # type: ignore[arg-type]
    us = who_we_are(Settings(_env_file=None, **some, token_keys=f"{new_key()}, {new_key()}"))  # type: ignore[arg-type]
    assert isinstance(us, Credentials)
    assert len(us.keys) == 2
