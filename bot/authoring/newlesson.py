"""A new lesson as a draft: the whole form, filled in with what each part is for. A draft reaches nobody until it is renamed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.authoring.gift import Question, as_check
from bot.curriculum.form import FORM, HEAD
from bot.curriculum.languages import DRAFT
from bot.curriculum.model import Curriculum, Lesson

LOOK_AGAIN_AFTER_YEARS = 1
_PLAIN_TITLE = re.compile(r"\w[\w ,.;?!()/%&€–—-]*")  # what YAML takes for itself without quotes
_NUMBER = re.compile(r"^(\d+)-")


class CannotWrite(Exception):
    """There is no place for such a lesson; the text says why, and what to do."""


@dataclass(frozen=True)
class NewLesson:
    """What the head of a new lesson says."""

    lesson_id: str
    area: str
    title: str
    owner: str
    review_by: date


def write_new(directory: Path, curriculum: Curriculum, area: str, title: str, *, today: date, body: str = "") -> Path:
    """Write a draft into the folder of an area, with the next free number; its path. Raises CannotWrite.

    `body` is what stands there instead of the form, from `## Check` on, where something is known of it already.
    """
    if area not in curriculum.program.areas:
        raise CannotWrite(f"the program has no area «{area}»; its areas are {', '.join(curriculum.program.areas)}")
    if not any(one.isalnum() for one in title):
        raise CannotWrite("a title needs a letter or a digit")
    folder, slug = directory / "areas" / area, _slug(title) or "lesson"  # a title may have no letter of ours
    number = 1 + max((int(match[1]) for path in folder.glob("*.md") if (match := _NUMBER.match(path.name))), default=0)
    own = [lesson for lesson in curriculum.lessons if lesson.area == area]
    new = NewLesson(
        lesson_id=f"{_prefix(own, area)}-{number:02}-{slug}",
        area=area,
        title=" ".join(title.split()),
        owner=_owner(curriculum),
        review_by=_in_a_year(today),
    )
    path = folder / f"{number:02}-{slug}.{DRAFT}.md"
    with path.open("x", encoding="utf-8") as file:  # never over something that is there
        file.write(head(new) + (body or FORM))
    return path


def import_questions(
    directory: Path, curriculum: Curriculum, area: str, questions: Sequence[Question], *, today: date
) -> list[Path]:
    """A draft for each question: its check is there, the rest is still the form. Raises CannotWrite."""
    before, _, after = FORM.partition("### q1")
    rest = "### q2" + after.partition("### q2")[2]
    return [
        write_new(directory, curriculum, area, one.title, today=today, body=f"{before}{as_check(1, one)}\n\n{rest}")
        for one in questions
    ]


def head(new: NewLesson) -> str:
    """The front matter of a new lesson."""
    quoted = "'" + new.title.replace("'", "''") + "'"
    return HEAD.format(new=new, title=new.title if _PLAIN_TITLE.fullmatch(new.title) else quoted)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())[:4])


def _prefix(lessons: Sequence[Lesson], area: str) -> str:
    """The word with which ids of the area begin."""
    words = Counter(lesson.id.split("-")[0] for lesson in lessons)
    return words.most_common(1)[0][0] if words else area


def _owner(curriculum: Curriculum) -> str:
    owners = Counter(lesson.owner for lesson in curriculum.lessons)
    return owners.most_common(1)[0][0] if owners else next(iter(curriculum.program.staff), "nobody yet")


def _in_a_year(today: date) -> date:
    return date(today.year + LOOK_AGAIN_AFTER_YEARS, today.month, 1)
