"""Rich text, tables and charts: their shapes and limits."""

from typing import Any

from bot.sandbox.shapes import (
    Check,
    Found,
    anything,
    by_type,
    flag,
    items,
    one_of,
    shape,
    string,
    whole,
)

ID = string(255)
MOST_CHARTS = 2  # in one message
MOST_SERIES = 6  # the older of two published limits, and the smaller

_STYLE = {"style": anything}
_WORD = by_type(
    text=shape("text", text=string(12_000), **_STYLE),
    link=shape("url", url=string(3000), text=string(3000), unsafe=flag, **_STYLE),
    user=shape("user_id", user_id=string(20), **_STYLE),
    channel=shape("channel_id", channel_id=string(20), **_STYLE),
    usergroup=shape("usergroup_id", usergroup_id=string(20), **_STYLE),
    emoji=shape("name", name=string(100), unicode=string(100), skin_tone=whole(1, 6), url=string(3000), **_STYLE),
    broadcast=shape("range", range=one_of("here", "channel", "everyone"), **_STYLE),
    date=shape(
        "timestamp format",
        timestamp=whole(0, 9_999_999_999),
        format=string(100),
        url=string(3000),
        fallback=string(100),
    ),
    color=shape("value", value=string(10)),
)
_SECTION = shape("elements", elements=items(0, 1000, _WORD), border=whole(0, 1))
RICH_TEXT = shape(
    "elements",
    block_id=ID,
    elements=items(
        1,
        100,
        by_type(
            rich_text_section=_SECTION,
            rich_text_quote=_SECTION,
            rich_text_preformatted=shape(
                "elements", elements=items(0, 1000, _WORD), border=whole(0, 1), language=string(30)
            ),
            rich_text_list=shape(
                "elements style", elements=items(1, 1000, by_type(rich_text_section=_SECTION)),
                style=one_of("bullet", "ordered"), indent=whole(0, 8), offset=whole(0, 10_000), border=whole(0, 1),
            ),
        ),
    ),
)  # fmt: skip


def _number(where: str, value: Any, found: Found) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        found.append((where, "must provide a number"))


def _above_zero(where: str, value: Any, found: Found) -> None:
    _number(where, value, found)
    if isinstance(value, int | float) and value <= 0:
        found.append((where, "must be more than 0"))


_CELL = by_type(
    raw_text=shape("text", text=string(10_000)),
    raw_number=shape("value", value=_number, text=string(10_000)),
    rich_text=RICH_TEXT,
)
_COLUMN = shape("", align=one_of("left", "center", "right"), is_wrapped=flag)


def _rows(least: int, most: int) -> Check:
    return items(least, most, items(1, 20, _CELL))


TABLE = shape("rows", block_id=ID, rows=_rows(1, 100), column_settings=items(1, 20, _COLUMN))
DATA_TABLE = shape(
    "rows caption", block_id=ID, rows=_rows(2, 201), caption=string(3000), page_size=whole(1, 100),
    row_header_column_index=whole(0, 19),
)  # fmt: skip

_SEGMENT = shape("label value", label=string(20), value=_above_zero)
_SERIES = shape("name data", name=string(20), data=items(1, 20, shape("label value", label=string(20), value=_number)))
_AXES = shape("", categories=items(1, 20, string(20)), x_label=string(50), y_label=string(50))
_LINES = shape("series axis_config", series=items(1, MOST_SERIES, _SERIES), axis_config=_AXES)
DATA_VISUALIZATION = shape(
    "title chart", block_id=ID, title=string(50),
    chart=by_type(
        pie=shape("segments", segments=items(1, MOST_SERIES, _SEGMENT)), bar=_LINES, area=_LINES, line=_LINES
    ),
)  # fmt: skip
