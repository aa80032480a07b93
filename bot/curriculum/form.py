"""The form of a new lesson: in each place stands what it is for, until its writer has said it in their own words."""

from collections.abc import Iterator, Sequence

from bot.curriculum.slips import Problem

HEAD = """\
---
id: {new.lesson_id}
area: {new.area}
title: {title}
minutes: 4
level: 2
revision: 1
objectives:
  - Say in one line what the reader can do afterwards, so that another person could see it
before: []
owner: {new.owner}
review_by: {new.review_by}
---
"""

FORM = """
Begin with a moment that a new sales manager knows: Monday, ten past nine, and the pipeline is open on the wall. Say what
goes wrong in it, in two or three sentences.

Then the one idea, in plain words. What does someone do who has understood it? Say it so that a tired reader on a phone
gets it the first time, and could tell a colleague over coffee. When a second idea comes to you, it is your next lesson.

End with what makes it possible to begin tomorrow, without waiting for anyone. All of it together has 600 to 900 characters.

## Example

{{ manager.first_name }} would see it like this.

1. What somebody did first, with a number in it.
2. What happened then.
3. What was different in the end.

## Check

### q1 (choose one)
A short case, and a question with one best answer?
- [ ] What a good seller would do here, out of habit {#habit}
  > Why it tempts, and what it costs a manager.
- [x] What the idea of this lesson leads to {#idea}
  > Yes: why it works, in one sentence.
- [ ] What sounds careful, and changes nothing {#careful}
  > Why it does not help, though nobody could be against it.

### q2 (reflect, private)
A question about the reader's own last month, which nobody but they will read?

## Do it
If a moment comes that the week is sure to bring, then I do one thing that another person could see.
- due: 5 working days
- follow up: What happened, and what did they say?

## Mentor
Ask: which question would show whether it was really done?

## Peers
What two managers do with it in fifteen minutes, each with a case of their own. Then swap.
"""
_MAY_STAY = ("---", "id:", "area:", "title:", "minutes:", "level:", "revision:", "objectives:", "before:", "owner:",
             "review_by:", "#", "{{", "- due:", "- follow up:")  # fmt: skip
_TO_BE_REPLACED = frozenset(
    line.strip() for line in f"{HEAD}{FORM}".splitlines() if line.strip() and not line.startswith(_MAY_STAY)
)


def left_of_the_form(path: str, lines: Sequence[str]) -> Iterator[Problem]:
    """Where a lesson still says what should stand in it: the first line of each such place."""
    before = False
    for number, line in enumerate(lines, start=1):
        is_left = line.strip() in _TO_BE_REPLACED
        if is_left and not before:
            what = f"«{line.strip().removeprefix('- '):.60}» stands in every new lesson"
            yield Problem(path, number, what, "write your own words in its place")
        before = is_left
