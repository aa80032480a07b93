"""What outlives a stop or a kill, and files."""

from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.asking import HOME, NOW, error, modal, refusal, section


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
    about = {"name": "week.png", "title": "The week", "alt": "A line", "size": len(picture)}
    assert shown["files"] == [{**about, "url": f"/files/{file['id']}"}]


async def test_a_file_that_never_came(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Neither one that was cut short nor one that was only announced can be shared."""
    asked = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with sandbox.http.post(asked["upload_url"], data=b"ab") as response:
        assert response.status == 400
    files = [{"id": asked["file_id"], "title": "a"}]
    assert await error(client.files_completeUploadExternal(files=files)) == "file_not_found"


async def uploaded(client: AsyncWebClient, name: str) -> str:
    """The id of a file that was uploaded and shared with nobody."""
    answer = await client.files_upload_v2(filename=name, content=bytes(range(256)), title="The week")
    return str(answer["files"][0]["id"])


def showing(**file: str) -> list[dict[str, object]]:
    """A block that shows a file."""
    return [{"type": "image", "slack_file": file, "alt_text": "A line"}]


async def test_a_file_that_only_a_block_shows(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A picture that was shared with nobody stands in a message, by its id or its address, until it is deleted."""
    file_id = await uploaded(client, "week.png")
    assert sandbox.messages(sandbox.state.open(["UMAYA"]).id) == []
    said = await client.chat_postMessage(channel="UMAYA", text="A line", blocks=showing(id=file_id))
    by_address = showing(url=f"{sandbox.url}/files/{file_id}")
    await client.chat_update(channel=said["channel"], ts=said["ts"], text="A line", blocks=by_address)
    await client.files_delete(file=file_id)
    assert await error(client.files_delete(file=file_id)) == "file_not_found"
    assert (
        await error(client.chat_postMessage(channel="UMAYA", text="x", blocks=showing(id=file_id))) == "invalid_blocks"
    )


async def test_an_update_shows_no_new_file(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Slack takes an update with a file that nobody was shown before in that conversation, and nobody sees it; in a message of
    its own it is seen, and from then on in an update, too."""
    file_id = await uploaded(client, "week.png")
    said = await client.chat_postMessage(channel="UMAYA", text="Words first")
    here = {"channel": said["channel"], "ts": said["ts"], "text": "A line"}
    await client.chat_postMessage(channel="UTOM", text="x", blocks=showing(id=file_id))

    async def seen() -> list[object]:
        async with sandbox.http.get(f"{sandbox.url}/page/as/UMAYA/messages/{said['channel']}") as response:
            return [block.get("slack_file") for one in await response.json() for block in one["blocks"]]

    assert (await client.chat_update(**here, blocks=showing(id=file_id)))["ok"]
    assert await seen() == [{"not_found": True}]
    await client.chat_postMessage(channel="UMAYA", text="x", blocks=showing(id=file_id))
    await client.chat_update(**here, blocks=showing(id=file_id))
    assert await seen() == [{"id": file_id}, {"id": file_id}]


async def test_a_file_that_cant_be_shown(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """One that is no picture, is unknown, was only announced, or that Slack still looks through; by Slack's own words."""
    announced = await client.files_getUploadURLExternal(filename="a.png", length=3)
    for file_id in (await uploaded(client, "a.txt"), "F0NOSUCHFILE", announced["file_id"]):
        answer = await refusal(client.chat_postMessage(channel="UMAYA", text="x", blocks=showing(id=file_id)))
        assert answer["error"] == "invalid_blocks"
        assert answer["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    picture = showing(id=await uploaded(client, "week.png"))
    sandbox.scanning = True
    assert await error(client.chat_postMessage(channel="UMAYA", text="x", blocks=picture)) == "invalid_blocks"
    sandbox.scanning = False
    await client.chat_postMessage(channel="UMAYA", text="x", blocks=picture)


async def test_uploads_need_their_scope(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Without files:write no file can be announced, or deleted."""
    sandbox.granted = sandbox.granted - {"files:write"}
    assert await error(client.files_getUploadURLExternal(filename="a.png", length=3)) == "missing_scope"
    assert await error(client.files_delete(file="F0NOSUCHFILE")) == "missing_scope"
