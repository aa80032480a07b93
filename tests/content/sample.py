"""One lesson with every part of the form in it, and what is said of it once it is spoilt."""

from datetime import date

from bot.curriculum.lessonfile import LessonFile, read_lesson
from bot.curriculum.textfile import TextFile

TODAY = date(2026, 11, 24)
PATH = "content/areas/sales-tracking/03-stage-exit.md"
BODY = (
    "A stage is a claim about what the *buyer* has done; what our own seller did last week proves nothing of it. " * 5
)

LESSON = f"""---
id: tracking-03-stage-exit        # never changes after publishing
area: sales-tracking
title: Stages the buyer can prove
minutes: 4
level: 1                          # 1 first weeks, 2 core, 3 stretch
revision: 1                       # raised when the meaning changes
objectives:
  - Decide whether a deal belongs in its stage, by what the buyer did
before: [tracking-01-metrics-chain]
owner: ld-team@example.com
review_by: 2027-06-30
---

{{{{ manager.first_name }}}}, hello. {BODY}

## Example
Priya asks for **evidence** & writes it down.

## Check

### q1 (choose one)
Which fact is the best reason to keep a deal in *Proposal*?
- [ ] Our seller presented it last Friday
  > That is our action. What did the buyer do with it?
- [x] The buyer sent the criteria for comparing offers {{#criteria}}
  > Yes: they spent effort, and told you how they will decide.
- [ ] The contact says that it looks great
  > Praise costs nothing. Ask for a step that does.

### q2 (scale)
How sure are you that you could do this in your next review?
- 1: someone would have to show me
- 3: with a checklist
- 5: I could show a colleague

### q3 (reflect, private)
Which of your own old deals would have failed this test?

## Do it
If I open my next pipeline review, then I ask for buyer evidence on the three largest deals before price.
- due: 5 working days
- follow up: Which deals moved back? What did the seller say?

## Mentor
Ask: which deal was hardest to move back, and why?

## Peers
Bring one deal each. One is the seller, the other asks only for evidence.
"""


def reading(text: str) -> LessonFile:
    """What is read of a lesson file with this text."""
    return read_lesson(TextFile(PATH, tuple(text.split("\n"))), area="sales-tracking", today=TODAY)


def spoilt(old: str, new: str) -> str:
    """The lesson with one thing replaced; it has to be there."""
    assert old in LESSON, old
    return LESSON.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    """On which line some words stand (1 is the first)."""
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)
