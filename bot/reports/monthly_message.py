"""How the monthly report looks: words, and what is said of two pictures that show the same. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.curriculum.wording import Wording
from bot.reports.monthly_rules import Told
from bot.reports.plots import PHONE, Labels
from bot.slack.blocks import ALT_LIMIT, Block, Drawn, clip, context, drawn, header, reading, section
from bot.slack.saying_when import day, number

ACTIVE, AREAS = "active", "areas"  # the two pictures
Say = Callable[..., str]


@dataclass(frozen=True)
class Shown:
    """A cohort's figures with the words and titles in which they are said."""

    words: Wording
    language: str
    cohort: str
    on: date
    told: Told
    areas: Mapping[str, str]
    lessons: Mapping[str, str]


def report(shown: Shown) -> Drawn:
    """The report, in words."""
    words, say = shown.words, shown.words.mrkdwn
    spoken: list[Block] = [header(words.plain("report.heading", cohort=shown.cohort)), section(_reach(shown))]
    if line := _active(say, shown.told):
        spoken.append(section(line))
    if lines := _areas(say, shown):
        spoken.append(section("\n".join(lines)))
    if shown.told.mend:
        spoken.append(section("\n".join([say("report.mend"), *_mend(say, shown)])))
    spoken.append(context(say("report.audience", on=day(shown.on, shown.language))))
    return drawn(spoken, reading(spoken))


def alt_text(shown: Shown, name: str) -> str:
    """What a picture shows, for those who don't see it: the words of the message, and for the weeks each of them."""
    say = shown.words.plain
    if name == AREAS:
        return clip(" ".join(_areas(say, shown)), ALT_LIMIT)
    weeks = ", ".join(f"{week}: {people}" for week, people in shown.told.active)
    return clip(f"{_active(say, shown.told)} {say('report.by_week', weeks=weeks)}", ALT_LIMIT)


def labels(words: Wording) -> Labels:
    """The words in the pictures."""
    return Labels(
        weeks=words.plain("report.legend_weeks"),
        people=words.plain("report.legend_people"),
        levels=words.plain("report.legend_levels"),
        own=words.plain("report.legend_own"),
        mentor=words.plain("report.legend_mentor"),
        width=PHONE,
    )


def _reach(shown: Shown) -> str:
    told, say = shown.told, shown.words.mrkdwn
    lines = [say("report.reach", people=told.people, begun=told.begun, ended=told.ended)]
    if told.lessons and told.answered is not None:
        share = round(100 * told.answered / told.lessons)
        lines.append(say("report.lessons", count=told.lessons, share=share))
    if told.promised:
        lines.append(say("report.actions", count=told.promised, done=told.done))
    if told.groups:
        lines.append(say("report.groups", count=told.groups, met=told.met))
    return "\n".join(lines)


def _active(say: Say, told: Told) -> str:
    if not told.active:
        return ""
    counts = [people for _, people in told.active]
    return say("report.active", least=min(counts), most=max(counts), last=counts[-1], people=told.people)


def _areas(say: Say, shown: Shown) -> list[str]:
    """How the ratings changed; before they were given twice, how right the answers are."""
    if shown.told.moved:
        return [
            say(
                "report.moved_self" if one.by == "self" else "report.moved_mentor",
                area=shown.areas.get(one.area_id, one.area_id),
                start=number(one.start, shown.language),
                end=number(one.end, shown.language),
                people=one.people,
            )
            for one in shown.told.moved
        ]
    return [
        say(
            "report.right", area=shown.areas.get(one.area_id, one.area_id), first=one.weeks[0][1], last=one.weeks[-1][1]
        )
        for one in shown.told.right
    ]


def _mend(say: Say, shown: Shown) -> list[str]:
    return [
        say(f"report.mend_{finding.lower()}", lesson=shown.lessons.get(lesson, lesson))
        for lesson, finding in shown.told.mend
    ]
