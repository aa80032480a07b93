"""Whether a translated lesson asks what its original asks. It gets the original's ids: an answer counts in any language."""

from collections.abc import Iterator, Mapping, Sequence

from bot.curriculum.checkfile import how, option_id
from bot.curriculum.model import Check, Choice, Lesson, Option, Scale
from bot.curriculum.slips import Problem, did_you_mean

TRANSLATED = ("title", "objectives", "revision")  # the keys that a translation has itself
INHERITED = ("id", "area", "minutes", "level", "before", "season", "owner", "review_by")  # and those of the original
_RAISED = "follow the original; if that is what changed, raise its revision"


def faithful(path: str, lesson: Lesson, original: Lesson, line_of: Mapping[str, int]) -> tuple[Lesson, list[Problem]]:
    """The translation with all of the original that is no words, and where it is another lesson.

    `line_of` holds the line of each key, of each part and of each check.
    """
    problems = [*_keys(path, lesson, original, line_of)]
    inherited = {key: getattr(original, key) for key in INHERITED}
    asked, expected = [check.id for check in lesson.checks], [check.id for check in original.checks]
    if asked != expected:
        what = f"the questions are {', '.join(asked) or 'none'}; in the original {', '.join(expected)}"
        problems.append(Problem(path, line_of["Check"], what, "translate each, in that order, with its id"))
        return lesson, problems
    checks = []
    for check, other in zip(lesson.checks, original.checks, strict=True):
        same, found = _check(path, line_of.get(check.id, 1), check, other)
        checks.append(same)
        problems += found
    days, expected_days = lesson.action.due_working_days, original.action.due_working_days
    if days != expected_days:
        what = f"due after {days} working days, in the original after {expected_days}"
        problems.append(Problem(path, line_of["Do it"], what, _RAISED))
    return lesson.model_copy(update={**inherited, "checks": tuple(checks)}), problems


def _keys(path: str, lesson: Lesson, original: Lesson, line_of: Mapping[str, int]) -> Iterator[Problem]:
    if lesson.id != original.id:
        what = f"the original is called «{original.id}»"
        yield Problem(path, line_of["id"], what, "take the line out: a translation has the same id")
    for key in INHERITED[1:]:
        if getattr(lesson, key) != getattr(original, key):
            what = f"«{key}» is taken from the original, not from here"
            yield Problem(path, line_of[key], what, "take the line out", "warning")
    if lesson.revision > original.revision:
        what = f"translates revision {lesson.revision}, the lesson is at {original.revision}"
        yield Problem(path, line_of["revision"], what, f"write revision: {original.revision}", "warning")


def _check(path: str, line: int, check: Check, original: Check) -> tuple[Check, list[Problem]]:
    if how(check) != how(original):
        what = f"«{check.id}» is ({how(check)}), in the original ({how(original)})"
        return check, [Problem(path, line, what, f"write it as ### {check.id} ({how(original)})")]
    if isinstance(check, Scale) and isinstance(original, Scale):
        points, expected = ([str(point.value) for point in one.points] for one in (check, original))
        what = f"«{check.id}» has the points {', '.join(points)}; the original {', '.join(expected)}"
        return check, [] if points == expected else [Problem(path, line, what, "translate each of those")]
    if isinstance(check, Choice) and isinstance(original, Choice):
        return _choice(path, line, check, original)
    return check, []


def _choice(path: str, line: int, check: Choice, original: Choice) -> tuple[Choice, list[Problem]]:
    if len(check.options) != len(original.options):
        what = f"«{check.id}» has {len(check.options)} answers, the original {len(original.options)}"
        return check, [Problem(path, line, what, _RAISED)]
    named = _named(check.options, original.options)
    by_id = {option.id: option for option in named}
    expected = [option.id for option in original.options]
    if strangers := [id_ for id_ in by_id if id_ not in expected]:
        what = f"«{check.id}» has an answer {{#{strangers[0]}}}, the original has none"
        return check, [Problem(path, line, what, did_you_mean(strangers[0], expected))]
    if len(by_id) < len(expected):
        what = f"in «{check.id}», two answers stand for the same one of the original"
        return check, [Problem(path, line, what, "write each id {#…} as there, or none and keep the order")]
    same = check.model_copy(update={"options": tuple(by_id[id_] for id_ in expected)})
    if same.right_ids != original.right_ids:
        what = f"in «{check.id}», another answer is right than in the original"
        mend = "put [x] where it stands there; or, if you changed that on purpose, raise «revision» in the original"
        return check, [Problem(path, line, what, f"{mend}: then this waits for its translator")]
    return same, []


def _named(options: Sequence[Option], originals: Sequence[Option]) -> list[Option]:
    """Without an id of its own, an answer is the one that stands at the same place."""
    return [
        option.model_copy(update={"id": original.id}) if option.id == option_id(option.text) else option
        for option, original in zip(options, originals, strict=True)
    ]
