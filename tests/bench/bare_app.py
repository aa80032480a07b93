"""The least that acknowledges a click over Socket Mode: Bolt with one listener, which writes nothing down."""

import os

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import living


async def serve(button: str) -> None:
    """Until it is ended."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, process_before_response=True)

    async def pressed(ack: AsyncAck) -> None:
        await ack()

    app.action(button)(pressed)
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    living.run(serve(os.environ["BUTTON"]))
