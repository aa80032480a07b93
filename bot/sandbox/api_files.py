"""files.*: an upload in three steps, as slack_sdk's files_upload_v2 does it."""

import base64
import mimetypes
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.api_chat import channel_of
from bot.sandbox.calls import Call, Json, Refused

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

LONGEST_ALT_TEXT = 1000


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to send the bytes."""
    one = call.sandbox
    name, length = call.need("filename"), int(call.need("length"))
    alt = str(call.args.get("alt_txt") or "")
    if len(alt) > LONGEST_ALT_TEXT:
        raise Refused("alt_txt_too_large")
    file_id = one.state.new_id("F")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    one.state.put_file({"id": file_id, "name": name, "title": name, "alt_txt": alt, "size": length, "mimetype": kind})
    return {"ok": True, "upload_url": f"{one.url}/upload/{file_id}", "file_id": file_id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: say that all is there, and share it in a conversation if one is named."""
    one, asked = call.sandbox, call.parsed("files") or []
    files = [_complete(call, each) for each in asked]
    if not files:
        raise Refused("invalid_arguments")
    if call.args.get("channel_id"):
        channel = channel_of(Call(one, {"channel": call.args["channel_id"]}))
        text, thread = str(call.args.get("initial_comment") or ""), call.args.get("thread_ts")
        one.state.say(channel, user=one.bot_user_id, text=text, files=files, thread_ts=thread)
    return {"ok": True, "files": files}


def delete(call: Call) -> Json:
    """files.delete: for good, wherever it is shown; a message that was nothing but the file goes with it."""
    file_id, state = call.need("file", "file_not_found"), call.sandbox.state
    if state.files.get(file_id, {}).get("mode") != "hosted":
        raise Refused("file_not_found")
    for message in [one for channel in state.channels.values() for one in channel.messages.values()]:
        left = [file for file in message.files if file["id"] != file_id]
        if len(left) < len(message.files):
            message.files, message.deleted = left, not (left or message.text or message.blocks)
            state.keep(message)
    state.drop_file(file_id)
    return {"ok": True}


def add_routes(site: web.Application, sandbox: "Sandbox") -> None:
    """Where bytes go, and where people's clients get them."""

    async def upload(request: web.Request) -> web.Response:
        file = sandbox.state.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        body = await request.read()
        if len(body) != file["size"]:
            raise web.HTTPBadRequest(text="not as long as was said")
        sandbox.state.put_file({**file, "content": base64.b64encode(body).decode()})
        return web.Response(text=f"OK - {len(body)}")

    async def download(request: web.Request) -> web.Response:
        file = sandbox.state.files.get(request.match_info["file"], {})
        if "content" not in file:
            raise web.HTTPNotFound
        # The page shows pictures only; whatever else was uploaded must not run there.
        shown = file["mimetype"] if file["mimetype"].startswith("image/") else "application/octet-stream"
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=base64.b64decode(file["content"]), content_type=shown, headers=headers)

    site.router.add_post("/upload/{file}", upload)
    site.router.add_get("/files/{file}", download)


def _complete(call: Call, asked: Json) -> Json:
    one = call.sandbox
    file = one.state.files.get(str(asked.get("id")))
    if file is None or "content" not in file:
        raise Refused("file_not_found")
    one.state.put_file({**file, "title": asked.get("title") or file["title"], "mode": "hosted"})
    told = {key: value for key, value in one.state.files[file["id"]].items() if key != "content"}
    return {**told, "url_private": f"{one.url}/files/{file['id']}"}
