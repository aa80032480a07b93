"""What outlives a stop or a kill, and files."""

from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import HOME, NOW, error, modal, section


async def test_nothing_is_lost_by_a_kill(tmp_path: Path) -> None:
    """A second stand-in on the same file, beside one that was never stopped, knows all that the first was told."""
    first = Sandbox(now=lambda: NOW, store=tmp_path / "workspace.sqlite")
    maya = first.add_person(name="Maya Horvat", email="maya@acme.test", title="Manager")
    group = first.add_group(handle="managers", name="Managers", users=[maya.id])
    await first.start()
    client = AsyncWebClient(first.bot_token, base_url=first.api_url, retry_handlers=[])
    metadata = {"event_type": "said", "event_payload": {"id": "7"}}
    said = await client.chat_postMessage(channel=maya.id, text="hi", blocks=[section()], metadata=metadata)
    await client.chat_postMessage(channel=maya.id, text="gone soon")
    await client.chat_delete(channel=said["channel"], ts=first.dms(maya.id)[1].ts)
    await client.views_publish(user_id=maya.id, view=HOME)
    await client.views_open(trigger_id=first.triggers.give(maya.id), view=modal())
    first.state.mark_read(first.state.channels[said["channel"]], maya.id)
    second = Sandbox(now=lambda: NOW, store=tmp_path / "workspace.sqlite")
    assert second.state.people == {maya.id: maya}
    assert second.dms(maya.id) == first.dms(maya.id)
    assert second.dms(maya.id)[0].metadata == metadata
    assert second.home(maya.id) == first.home(maya.id)
    assert second.modals(maya.id) == first.modals(maya.id)
    assert second.state.groups == {group["id"]: group}
    assert second.state.person_by_email("maya@acme.test") == maya
    assert second.state.unread(second.conversations(maya.id)[0], maya.id) == 0
    assert second.state.new_id("U") == first.state.new_id("U"), "ids go on where they were"
    await first.stop()
    await second.stop()


async def test_a_file_in_three_steps(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """As files_upload_v2 does it; it stands in the DM, and who sees it gets the same bytes."""
    dm = sandbox.state.open(["UMAYA"]).id
    picture = bytes(range(256))
    await client.files_upload_v2(
        channel=dm, filename="week.png", content=picture, title="The week", initial_comment="Look", alt_txt="A line"
    )
    (message,) = sandbox.dms("UMAYA")
    (file,) = message.files
    assert (message.text, file["title"], file["alt_txt"], file["size"]) == ("Look", "The week", "A line", 256)
    async with sandbox.http.get(file["url_private"]) as response:
        assert (await response.read(), response.content_type) == (picture, "image/png")
    async with sandbox.http.get(f"{sandbox.url}/page/as/UMAYA/messages/{dm}") as response:
        (shown,) = await response.json()
    assert shown["files"] == [{"name": "The week", "url": f"/files/{file['id']}", "alt": "A line"}]


async def test_a_file_that_never_came(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Neither one that was cut short nor one that was only announced can be shared."""
    asked = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with sandbox.http.post(asked["upload_url"], data=b"ab") as response:
        assert response.status == 400
    files = [{"id": asked["file_id"], "title": "a"}]
    assert await error(client.files_completeUploadExternal(files=files)) == "file_not_found"
