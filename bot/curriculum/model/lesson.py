"""A lesson: its questions, and the action to try at work."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from bot.curriculum.model.values import Day, Frozen


class Option(Frozen):
    """One answer of a choice. `id` is a stable slug, never a place in the list."""

    id: str
    text: str  # plain, at most 75 characters: Slack shows no more
    right: bool
    feedback: str  # mrkdwn; says why, for this option


class Choice(Frozen):
    """A question with one right option, or several (`several`)."""

    kind: Literal["choice"] = "choice"
    id: str
    prompt: str  # mrkdwn
    options: tuple[Option, ...]
    several: bool = False
    keep_order: bool = False

    @property
    def right_ids(self) -> frozenset[str]:
        """The ids that make a right answer, all of them and no other."""
        return frozenset(option.id for option in self.options if option.right)

    def takes(self, picked: Collection[str]) -> bool:
        """Whether that can be an answer: some of its own options, and only one where one is asked for."""
        known = {option.id for option in self.options}
        return bool(picked) and known.issuperset(picked) and (self.several or len(set(picked)) == 1)

    def is_right(self, picked: Collection[str]) -> bool:
        """Whether that is the right answer: all the right options and no other."""
        return self.right_ids == frozenset(picked)


class ScalePoint(Frozen):
    """A point of a scale; points between two labelled ones have an empty label."""

    value: int
    label: str  # plain


class Scale(Frozen):
    """A question answered by a number from 1 to 5. It has no right answer."""

    kind: Literal["scale"] = "scale"
    id: str
    prompt: str  # mrkdwn
    points: tuple[ScalePoint, ...]


class Reflection(Frozen):
    """A question answered in one's own words; private unless the writer shares it."""

    kind: Literal["reflection"] = "reflection"
    id: str
    prompt: str  # mrkdwn
    private: bool = True  # the heading says so, for whoever reads the file


Check = Annotated[Choice | Scale | Reflection, Field(discriminator="kind")]


class Action(Frozen):
    """The thing to try at work: an if-then sentence, due some working days later."""

    text: str  # mrkdwn
    due_working_days: int = Field(ge=1, le=30)
    follow_up: str  # mrkdwn, the question asked afterwards


class Lesson(Frozen):
    """One micro-lesson: one Markdown file."""

    id: str
    area: str
    title: str
    minutes: int = Field(ge=1, le=15)
    level: int = Field(ge=1, le=3)
    revision: int = Field(ge=1)
    objectives: tuple[str, ...]
    before: tuple[str, ...] = ()
    # When it fits best. No part of what is served, and so of no edition: to move it makes no new one.
    season: str | None = Field(default=None, exclude=True)
    owner: str
    review_by: Day
    body: str  # mrkdwn
    example: str = ""  # mrkdwn; left out at level 3
    checks: tuple[Check, ...]
    action: Action
    mentor: str  # mrkdwn: what the mentor may ask
    peers: str  # mrkdwn: what two managers may talk about

    def check(self, check_id: str) -> Check:
        """The check of that id; KeyError if this lesson has none."""
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)
