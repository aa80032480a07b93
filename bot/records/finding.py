"""Finding lessons by words: PostgreSQL's full-text search over what is taught right now; nothing is stored for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.curriculum.markdown import without_markup
from bot.curriculum.model import Lesson

# Languages that PostgreSQL knows the word forms of; any other is searched word for word.
STEMMED = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "it": "italian",
    "es": "spanish",
    "nl": "dutch",
    "pt": "portuguese",
}

# Every word first; when nothing holds them all, any of them.
_FIND = text(
    """
    WITH asked AS (
        SELECT websearch_to_tsquery(CAST(:words AS regconfig), :asked) AS all_words,
               replace(plainto_tsquery(CAST(:words AS regconfig), :asked)::text, '&', '|')::tsquery AS any_word
    ), lesson AS (
        SELECT id, body, setweight(to_tsvector(CAST(:words AS regconfig), title), 'A')
                         || to_tsvector(CAST(:words AS regconfig), body) AS found
        FROM unnest(CAST(:ids AS text[]), CAST(:titles AS text[]), CAST(:bodies AS text[])) AS l(id, title, body)
    )
    SELECT id, ts_headline(CAST(:words AS regconfig), body, any_word,
                           'MaxWords=18, MinWords=8, MaxFragments=1, StartSel=«, StopSel=»')
    FROM lesson, asked
    WHERE found @@ all_words OR found @@ any_word
    ORDER BY (found @@ all_words) DESC, ts_rank(found, any_word) DESC, id
    LIMIT :most
    """
)


@dataclass(frozen=True)
class Found:
    """A lesson, and the place in it (plain text) that fits."""

    lesson_id: str
    snippet: str


async def find_lessons(
    session: AsyncSession,
    lessons: Sequence[Lesson],
    asked: str,
    *,
    language: str,
    fill: Callable[[str], str],
    most: int = 3,
) -> list[Found]:
    """The lessons that fit these words best, at most so many. Any text may be asked for; words without meaning find nothing.

    `fill` puts into a text what its placeholders stand for, for whoever asks.
    """
    bodies = {lesson.id: _words(lesson, fill) for lesson in lessons}
    rows = await session.execute(
        _FIND,
        {
            "words": STEMMED.get(language, "simple"),
            "asked": asked.replace("\x00", " "),
            "ids": list(bodies),
            "titles": [lesson.title for lesson in lessons],
            "bodies": list(bodies.values()),
            "most": most,
        },
    )
    return [Found(lesson_id, _with_dots(snippet, bodies[lesson_id])) for lesson_id, snippet in rows]


def _with_dots(snippet: str, body: str) -> str:
    """A place in a text on one line, with dots where it was cut out: the database says none."""
    shown, bare, whole = " ".join(snippet.split()), _bare(snippet), _bare(body)
    before = "" if whole.startswith(bare) else "… "
    return f"{before}{shown}" if whole.endswith(bare) else f"{before}{shown} …"


def _bare(text: str) -> str:
    """The words without the marks around what was found."""
    return " ".join(text.replace("«", "").replace("»", "").split())


def _words(lesson: Lesson, fill: Callable[[str], str]) -> str:
    """What can be found: what is taught, never a question with its answers; as it reads, without a greeting."""
    parts = (lesson.body.replace("{{ manager.first_name }}, ", ""), lesson.example, lesson.action.text)
    return " ".join([*(without_markup(fill(part)) for part in parts), *lesson.objectives])
