"""All that is taught, as one value."""

from pydantic import Field

from bot.curriculum.model.area import Area
from bot.curriculum.model.lesson import Lesson
from bot.curriculum.model.program import Program
from bot.curriculum.model.values import Frozen


class Curriculum(Frozen):
    """All that is taught: a consistent whole (every `area` and `before` exists, ids are unique)."""

    program: Program
    areas: tuple[Area, ...]  # in the program's order
    lessons: tuple[Lesson, ...]  # by area in the program's order, then in the author's order (file name)
    # The same in other languages: with all ids as here, and in the program's language what is not translated.
    translations: dict[str, "Curriculum"] = Field(default_factory=dict)

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson of that id; KeyError if there is none (any more)."""
        for lesson in self.lessons:
            if lesson.id == lesson_id:
                return lesson
        raise KeyError(lesson_id)

    def area(self, area_id: str) -> Area:
        """The area of that id; KeyError if there is none."""
        for area in self.areas:
            if area.id == area_id:
                return area
        raise KeyError(area_id)
