"""The campaign's own eyes: they see what is missing and what stands twice."""

from datetime import UTC, datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.courier import EVENT_TYPE
from bot.sandbox.server import Sandbox
from tests.chaos.table import Row, lines_of
from tests.chaos.truth import doubled, lost


async def test_what_is_missing_and_what_stands_twice_is_seen() -> None:
    """Of three people one has what was promised, one has it twice, and one has nothing."""
    sandbox = Sandbox(now=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    people = [sandbox.add_person(name=name, email=f"{name}@example.com").id for name in ("maya", "tom", "zoe")]
    await sandbox.start()
    try:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        for person, message_id in ((people[0], "1"), (people[1], "2"), (people[1], "2")):
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"message_id": message_id}}
            await client.chat_postMessage(channel=person, text="a lesson", metadata=metadata)
    finally:
        await sandbox.stop()
    assert (lost(sandbox, people, {}), doubled(sandbox, people, {})) == (1, 1)
    assert (lost(sandbox, people, {people[1]: 2}), doubled(sandbox, people, {people[1]: 2})) == (1, 1)


def test_a_broken_promise_is_told() -> None:
    """The line of a row says what was not kept."""
    row = Row("Slack at its worst", often=10_000)
    row.expect(True, "nothing")
    assert lines_of([row])[-1].endswith("| kept |")
    row.expect(False, "1 message stands twice")
    assert lines_of([row])[-1].endswith("| 1 message stands twice |")
