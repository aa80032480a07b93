"""«More»: all of a mentor's managers in full, page by page; and when their digest comes."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from bot.agenda import calendar
from bot.curriculum.library import Library
from bot.mentors import message as look
from bot.mentors.flow import Mentors
from bot.mentors.rules import what_a_mentor_may_see
from bot.mentors.words_message import told
from bot.records import reading
from bot.records.database import Database
from bot.records.tables import Person
from bot.slack import codec
from bot.slack.access import Actor, person_of
from bot.slack.blocks import Block, actions, button, context, divider, header, menu, modal
from bot.slack.saying_when import weekdays

PAGE, DAY, HOUR = "mentor_page", "mentor_day", "mentor_hour"
ON_A_PAGE = 5
HOURS = tuple(f"{hour:02}:{minute}" for hour in range(7, 18) for minute in ("00", "30"))
SINCE = timedelta(days=14)


@dataclass(frozen=True)
class More:
    """The room's parts."""

    library: Library
    database: Database
    mentors: Mentors

    async def view(self, actor: Actor, page: int, now: datetime) -> Block:
        """A page of the modal, by cohort and name; a sentence for someone who mentors nobody."""
        async with self.database.transaction() as session:
            mentor = await person_of(session, actor)
            taught = reading.taught_for(self.library.current, mentor)
            ways = [] if mentor is None else await reading.ways_of_mentor(session, mentor.id or 0)
            if mentor is None or not ways:
                return told(taught.wording, "mentor.nobody")
            ways = sorted(ways, key=lambda way: (way.cohort.name, way.manager.name))
            pages = (len(ways) + ON_A_PAGE - 1) // ON_A_PAGE
            page = min(max(page, 0), pages - 1)
            shown = ways[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
            curriculum = self.library.current.curriculum
            records = await self.mentors.records.of(session, curriculum, shown, now - SINCE, now)
            stands = {way.enrollment.id: await self.mentors.stands.seen(session, way, taught) for way in shown}
        lines = {record.enrollment_id: what_a_mentor_may_see(record) for record in records}
        blocks: list[Block] = []
        for cohort, theirs in groupby(shown, key=lambda way: way.cohort.name):
            blocks.append(header(cohort))
            for way in theirs:
                line = lines[way.enrollment.id or 0]
                blocks += [divider(), *look.seen(taught, line, reading.names(taught, way))]
                blocks += stands[way.enrollment.id]
        words = taught.wording
        if pages > 1:
            around = [("digest.back", page - 1), ("digest.next", page + 1)]
            turns = [
                button(words.plain(label), f"{PAGE}:{number}", codec.write(number))
                for label, number in around
                if 0 <= number < pages
            ]
            blocks += [context(words.mrkdwn("digest.page", page=page + 1, pages=pages)), actions(turns)]
        return modal(
            callback_id="mentor_all", title=words.plain("digest.all"), close=words.plain("mentor.close"),
            blocks=[*blocks, context(words.mrkdwn("digest.when")), self._when(mentor, taught.language)],
        )  # fmt: skip

    async def change(self, actor: Actor, now: datetime, *, day: str | None = None, at: str | None = None) -> None:
        """When the digest comes from now on. Raises Forged for a day or an hour that was not offered."""
        if (day is not None and day not in calendar.WEEKDAYS) or (at is not None and at not in HOURS):
            raise codec.Forged("no such time")
        async with self.database.transaction() as session:
            mentor = await person_of(session, actor)
            if mentor is None:
                return
            mentor.digest_day = day or mentor.digest_day
            mentor.digest_at = time.fromisoformat(at) if at else mentor.digest_at
            session.add(mentor)
            await self.mentors.move(session, mentor, now)

    def _when(self, mentor: Person, language: str) -> Block:
        program = self.library.current.curriculum.program
        day = mentor.digest_day or program.digest.day
        at = f"{mentor.digest_at or program.digest.at:%H:%M}"
        days = [(str(one), weekdays([one], language)) for one in program.working_time.days]
        hours = [(one, one) for one in sorted({*HOURS, at})]
        return actions([_menu(DAY, days, day), _menu(HOUR, hours, at)])


def _menu(action_id: str, options: list[tuple[str, str]], now: str) -> Block:
    made = menu(action_id, options)
    chosen = next((one for one in made["options"] if one["value"] == now), None)
    return made if chosen is None else {**made, "initial_option": chosen}
