"""The picture of the way: what it shows, what is said of it, and the picture itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.curriculum.phrases import PHRASES
from bot.curriculum.wording import Wording, read_wording
from bot.pictures import message as look
from bot.pictures import stands_plot
from bot.pictures.paper import VERMILION
from bot.pictures.plot import Labels, draw
from bot.pictures.rules import AreaWay, Stand, Told, Way, told, week_at, weeks_shown
from bot.pictures.stands_plot import Panel
from tests.world import CONTENT

BEGAN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TITLES = (
    "Sales tracking and execution",
    "Talent acquisition, management and development",
    "Performance management, reward and recognition",
    "Contracting, negotiating and pricing",
    "Business planning",
)
LABELS = Labels("where you stand", "you", "your mentor", "goal", "lesson done", "weeks", "player 1", "coach 5")
SALES = AreaWay(
    title=TITLES[0],
    target=4,
    mastery=((0.0, 1.667), (1.5, 2.0), (3.2, 2.36), (7.9, 3.42), (8.4, 3.42)),
    self_ratings=((0.0, 2), (8.0, 4)),
    mentor_ratings=((1.5, 2), (8.1, 3)),
    lessons=(0.2, 1.1, 3.2),
)
BEGUN = AreaWay(title=TITLES[1], target=4, mastery=((0.0, 1.0), (0.4, 1.0)), self_ratings=((0.0, 1),))
NOT_YET = AreaWay(title=TITLES[2], target=3)


@pytest.fixture(scope="module")
def words() -> Wording:
    """The words that ship."""
    wording, _ = read_wording(CONTENT / "messages", PHRASES, "content/messages")
    assert wording is not None
    return wording


def rich() -> Way:
    """A whole way with all that there can be."""
    steps = tuple((week / 2, 1 + week / 15) for week in range(53))
    own, mentor = ((0.0, 3), (26.0, 4)), ((1.0, 2), (25.5, 4))
    lessons = tuple(float(week) for week in range(1, 16))
    return Way(26, tuple(AreaWay(title, 4, steps, own, mentor, lessons) for title in TITLES))


def image(png: bytes) -> Image.Image:
    """The picture as a viewer has it."""
    return Image.open(BytesIO(png)).convert("RGB")


def test_what_is_told() -> None:
    """The first and the last of everything, to one decimal; None where nothing is on record."""
    assert told(Way(26, (SALES, NOT_YET))) == [
        Told(TITLES[0], 4, first=1.7, last=3.4, said_first=2, said_last=4, mentor=3, lessons=3),
        Told(TITLES[2], 3, first=None, last=None, said_first=None, said_last=None, mentor=None, lessons=0),
    ]


def test_a_way_without_anything_is_empty() -> None:
    """One rating or one lesson is something; a goal alone is nothing."""
    assert Way(26, (NOT_YET, NOT_YET)).is_empty
    assert not Way(26, (NOT_YET, BEGUN)).is_empty
    assert not Way(26, (AreaWay("x", 3, lessons=(0.1,)),)).is_empty


@pytest.mark.parametrize(("days", "weeks"), [(0, 26), (182, 26), (188, 26), (189, 27), (700, 100)])
def test_how_long_the_picture_is(days: int, weeks: int) -> None:
    """As long as the program, and longer by whole weeks for someone who goes on after its end."""
    assert weeks_shown(BEGAN, BEGAN + timedelta(days=days), 26) == weeks


@given(st.integers(-400, 400))
def test_nothing_stands_outside_of_the_picture(days: int) -> None:
    """A rating from before the begin stands at the begin, one from after the end at the end."""
    week = week_at(BEGAN + timedelta(days=days), BEGAN, 26)
    assert week == pytest.approx(min(max(days / 7, 0), 26), abs=0.001)


def test_the_words_say_the_same(words: Wording) -> None:
    """Where it went, the goal, what was said, and how many lessons; no more than there is."""
    assert look.alt_text(words, told(Way(26, (SALES, BEGUN, NOT_YET))), "en") == (
        "Sales tracking and execution: from 1.7 to 3.4, goal 4, you said 2, then 4, your mentor said 3, 3 lessons done. "
        "Talent acquisition, management and development: 1, goal 4, you said 1. "
        "Performance management, reward and recognition: nothing yet, goal 3"
    )


def test_levels_are_said_as_in_their_language(words: Wording) -> None:
    """A decimal comma where people write one."""
    assert "1,7" in look.alt_text(words, told(Way(26, (SALES,))), "sl")


def test_the_longest_words_fit(words: Wording) -> None:
    """Five areas with names of 80 characters stay within what Slack takes with a file."""
    areas = [Told("W" * 80, 4, 1.7, 3.4, 2, 4, 3, 12)] * 5
    assert len(look.alt_text(words, areas, "en")) <= 1000
    assert len(look.alt_text(words, told(rich()), "en")) <= 800
    assert len(look.alt_text(words, areas * 9, "en")) == 1000


def test_the_words_and_then_the_pictures(words: Wording) -> None:
    """The words say who sees them; the pictures, in a message of their own, what they are and what they show."""
    text, blocks = look.words_of(words, told(Way(26, (SALES, BEGUN))), "en")
    assert [block["type"] for block in blocks] == ["header", "section", "section", "context"]
    assert "from 1.7 to 3.4" in text
    assert "Only you see this" in text
    text, blocks = look.shown("Your way", [{"file_id": "F012345678", "alt": "up"}, {"file_id": "F2", "alt": "down"}])
    assert [(one["slack_file"], one["alt_text"]) for one in blocks] == [
        ({"id": "F012345678"}, "up"),
        ({"id": "F2"}, "down"),
    ]
    assert [one.get("title", {}).get("text") for one in blocks] == ["Your way", None]
    assert text == "Your way\nup\ndown"


def test_a_writers_signs_are_harmless(words: Wording) -> None:
    """A title with markup is escaped where there is markup, and as it is where there is none."""
    areas = [Told("R&D <!here>", 4, 1.0, 1.0, None, None, None, 0)]
    _, blocks = look.words_of(words, areas, "en")
    assert "R&amp;D &lt;!here&gt;" in blocks[1]["text"]["text"]
    alt = look.alt_text(words, areas, "en")
    assert "R&D <!here>" in alt
    text, (shown,) = look.shown("R&D", [{"file_id": "F012345678", "alt": alt}])
    assert "R&amp;D &lt;!here&gt;" in text
    assert "R&D <!here>" in shown["alt_text"]


def test_too_early(words: Wording) -> None:
    """With nothing to draw, one sentence says when there will be something."""
    text, blocks = look.words_of(words, [], "en")
    assert "begins with your first lesson" in text
    assert len(blocks) == 2


@pytest.mark.parametrize("way", [rich(), Way(26, (SALES, BEGUN, NOT_YET, NOT_YET, NOT_YET)), Way(1, (NOT_YET,))])
def test_the_picture(way: Way) -> None:
    """A PNG as wide as a phone, small enough to be there at once, and the same for the same way."""
    png = draw(way, LABELS)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert image(png).width == 1000
    assert len(png) < 120_000
    assert draw(way, LABELS) == png


def test_each_thing_changes_the_picture() -> None:
    """Nothing of a way is left out: without its line, its goal, a rating or a lesson it is another picture."""
    less = [
        replace(SALES, title="Execution"),
        replace(SALES, target=3),
        replace(SALES, mastery=()),
        replace(SALES, self_ratings=()),
        replace(SALES, mentor_ratings=()),
        replace(SALES, lessons=()),
    ]
    pictures = {draw(Way(26, (area,)), LABELS) for area in (SALES, *less)}
    assert len(pictures) == 1 + len(less)


def test_a_rare_colour_is_kept() -> None:
    """A single mark of the mentor's is in the mentor's colour, though nearly all of the paper is white."""
    colour = tuple(bytes.fromhex(VERMILION[1:]))
    colours = image(draw(Way(26, (BEGUN,)), LABELS)).getcolors(1_000_000) or []
    assert colour in {one for _, one in colours}


@pytest.mark.parametrize(
    "title", ["W" * 80, "🎯 Goals 👩‍💼", "مبيعات وتنفيذ", "漢字の計画", "$a_1$ & $ 100\nand \\frac", "", "\x00"]
)
def test_any_title_can_be_drawn(title: str) -> None:
    """Whatever a writer calls an area: signs that the font lacks are left out, nothing is read as a formula, nothing warns."""
    assert draw(Way(26, (AreaWay(title, 4, SALES.mastery),)), LABELS)


def test_a_title_stays_on_the_paper() -> None:
    """The longest title is cut at the edge; what the font has no sign for leaves no trace."""
    margin = image(draw(Way(26, (AreaWay("W" * 80, 4),)), LABELS)).crop((985, 0, 1000, 200))
    assert set(margin.get_flattened_data()) == {(255, 255, 255)}
    assert draw(Way(26, (AreaWay("Goals 🎯", 4),)), LABELS) == draw(Way(26, (AreaWay("Goals", 4),)), LABELS)


def test_a_name_that_the_font_has_no_signs_for_is_a_number() -> None:
    """Beside Maya, a mentor has two managers with Japanese names: each of their panels says which it is, and none has no name."""
    where = (Stand(TITLES[0], 4, 1.0, 2.4),)
    names = ("Maya Horvat", "佐藤 健", "鈴木")
    numbered = [Panel(name, where) for name in ("Maya Horvat", "2", "3")]
    assert stands_plot.draw([Panel(name, where) for name in names], "goal") == stands_plot.draw(numbered, "goal")
