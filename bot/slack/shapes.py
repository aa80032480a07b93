"""What a payload of Slack's looks like, as far as anything here reads it. Whatever looks otherwise did not come from Slack.

Slack's signature says that a payload is genuine; this says that no listener has to wonder what it holds: where something is
optional below, it may be missing or null, and nothing else. What it says is still only the client's word.
"""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

# Ids, timestamps, names: no NUL and no half of a character, which no database keeps.
Word = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,40}$")]

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00]+$")]
Moment = Annotated[int, Field(ge=0, lt=10**11)]  # in Unix seconds


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _User(_Shape):
    id: Id
    team_id: Id | None = None


class _Team(_Shape):
    id: Id


class _Option(_Shape):
    value: Word


class _Element(_Shape):
    """What is picked or typed in an element, or what was pressed."""

    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_user: Id | None = None
    selected_users: list[Id] | None = None
    selected_date: Annotated[date, Field(strict=False)] | None = None
    selected_time: Annotated[time, Field(strict=False)] | None = None


class _Action(_Element):
    action_id: Word
    block_id: Word


class _Text(_Shape):
    text: str


class _Block(_Shape):
    type: Word
    block_id: Word | None = None
    text: _Text | None = None


class _State(_Shape):
    values: dict[str, dict[str, _Element]]


class _View(_Shape):
    id: Word
    type: Word
    callback_id: Word
    private_metadata: Word
    blocks: list[_Block]
    state: _State | None = None


class _FilledView(_View):
    state: _State


class _Message(_Shape):
    ts: Word
    blocks: list[_Block] = Field(default_factory=list)


class _Container(_Shape):
    message_ts: Word | None = None
    channel_id: Id | None = None


class _Interaction(_Shape):
    user: _User
    team: _Team | None = None
    enterprise: _Team | None = None
    trigger_id: Word | None = None
    container: _Container | None = None
    channel: _Team | None = None
    message: _Message | None = None
    response_url: Url | None = None


class _Pressed(_Interaction):
    type: Literal["block_actions"]
    actions: Annotated[list[_Action], Field(min_length=1)]
    view: _View | None = None
    state: _State | None = None
    trigger_id: Word


class _Sent(_Interaction):
    type: Literal["view_submission"]
    view: _FilledView


class _Closed(_Interaction):
    type: Literal["view_closed"]
    view: _View


class _Command(_Shape):
    command: Word
    text: str = ""
    user_id: Id
    team_id: Id | None = None
    enterprise_id: Id | None = None
    channel_id: Id
    trigger_id: Word
    response_url: Url | None = None


class _Other(_Shape):
    """Whether the address is ours, whether the certificate is good, or something that nobody here listens to."""

    type: Word = ""
    ssl_check: Word = ""
    event: None = None
    view: dict[str, Any] | None = None


class _Said(_Shape):
    """Something that happened."""

    type: Word
    subtype: Word | None = None
    channel: Id | None = None
    channel_type: Word | None = None
    text: str | None = None
    ts: Word | None = None
    event_ts: Word | None = None
    tab: Word | None = None
    bot_id: Word | None = None
    team_ids: list[Id] | None = None


class _Authorization(_Shape):
    enterprise_id: Id | None = None
    team_id: Id | None = None
    user_id: Id | None = None


class _ByThem(_Said):
    user: Id | None = None


class _AboutAny(_Said):
    user: Id | _User | None = None


class _Profile(_Shape):
    """What someone says of themselves."""

    real_name: Word | None = None
    display_name: Word | None = None
    first_name: Word | None = None
    email: Word | None = None
    status_emoji: Word | None = None
    status_expiration: Moment | None = None


class _ChangedUser(_Profile):
    id: Id
    name: Word | None = None
    tz: Word | None = None
    locale: Word | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    profile: _Profile | None = None


class _UserChanged(_Said):
    user: _ChangedUser


class _DndStatus(_Shape):
    dnd_enabled: bool | None = None
    next_dnd_start_ts: Moment | None = None
    next_dnd_end_ts: Moment | None = None
    snooze_enabled: bool | None = None
    snooze_endtime: Moment | None = None


class _DndUpdated(_Said):
    user: Id
    dnd_status: _DndStatus


class _Tokens(_Shape):
    bot: list[Id] | None = None


class _Revoked(_AboutAny):
    tokens: _Tokens | None = None


Happened = TypeVar("Happened", bound=_Said)


class _Event(_Shape, Generic[Happened]):
    type: Literal["event_callback"]
    authorizations: list[_Authorization] = Field(default_factory=list)
    event: Happened
    event_id: Word
    event_time: Moment | None = None
    team_id: Id | None = None
    enterprise_id: Id | None = None


class _Timed(_Event[Happened], Generic[Happened]):
    """The same, where it matters when it happened."""

    event_time: Moment


_EVENTS: Mapping[object, type[_Shape]] = {
    "message": _Event[_ByThem],
    "app_home_opened": _Event[_ByThem],
    "user_change": _Event[_UserChanged],
    "dnd_updated_user": _Event[_DndUpdated],
    "app_uninstalled": _Timed[_AboutAny],
    "tokens_revoked": _Timed[_Revoked],
}


def is_slacks(body: dict[str, Any]) -> bool:
    """Whether a payload looks like one of Slack's. Kinds that nobody listens to do, whatever they hold."""
    try:
        _shape_of(body).validate_python(body)
    except ValidationError:
        return False
    return True


def is_heard(body: dict[str, Any]) -> bool:
    """Whether a payload is of a kind that anything here listens to."""
    return _shape_of(body) is not _adapter(_Other)


def _shape_of(body: dict[str, Any]) -> "TypeAdapter[Any]":
    match body.get("type"):
        case "block_actions":
            return _adapter(_Pressed)
        case "view_submission":
            return _adapter(_Sent)
        case "view_closed":
            return _adapter(_Closed)
        case "event_callback":
            return _adapter(_event_of(body.get("event")))
    return _adapter(_Command if "command" in body else _Other)


def _event_of(event: object) -> type[_Shape]:
    kind = event.get("type") if isinstance(event, dict) else None
    return _EVENTS.get(kind if isinstance(kind, str) else None, _Event[_AboutAny])


@cache
def _adapter(shape: type[_Shape]) -> "TypeAdapter[Any]":
    return TypeAdapter(shape)
