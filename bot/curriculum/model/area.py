"""A competency area with its rubric."""

from pydantic import Field

from bot.curriculum.model.values import Frozen


class Level(Frozen):
    """One of five levels of an area, in observable behaviour."""

    value: int = Field(ge=1, le=5)
    behaviour: str  # plain


class Case(Frozen):
    """A sample of what a manager did, with the level that it shows and why (frame-of-reference training: learning.md A9)."""

    text: str  # plain
    level: int = Field(ge=1, le=5)
    why: str  # plain


class Area(Frozen):
    """A competency area with its rubric (a behaviourally anchored rating scale)."""

    id: str
    title: str
    idea: str  # mrkdwn, one or two sentences
    levels: tuple[Level, ...]
    cases: tuple[Case, ...] = ()  # rated by mentors before they rate people: two, in this order
