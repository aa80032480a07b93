"""Which room decides about each kind of agenda item, and draws each kind of message."""

from collections.abc import Mapping
from typing import Any

from bot.agenda.due import Batch
from bot.attention.again import drawn_from
from bot.attention.framing import Frames
from bot.curriculum.library import Library
from bot.delivery.drawing import Renderer, one_by_one
from bot.fitting.rooms import Rooms


def planners(rooms: Rooms) -> dict[str, Any]:
    """Who decides about each kind of agenda item."""
    return {
        "again": rooms.again.plan,
        "round": rooms.rounds.plan_round,
        "round_start": rooms.rounds.plan_start,
        "preview": rooms.previews.plan,
        "introduction": rooms.introductions.plan,
        "meeting": rooms.clinics.plan,
        "checkpoint_reveal": rooms.checkpoints.plan_reveal,
        "calibration_mentor": rooms.calibrations.plan,
        "from_mentor": rooms.words.plan,
        "help": rooms.asks.plan_help,
        "brief": rooms.briefs.plan,
        "mentor_gone": rooms.handover.departures.plan,
        "given": rooms.handover.tellings.plan,
        "farewell": rooms.handover.tellings.plan_farewell,
        "buddy": rooms.handover.tellings.plan,
        "relation_stalls": rooms.handover.relations.plan,
        "reports": rooms.monthly.plan_month,
        "report_pictures": rooms.monthly.plan_pictures,
    }


def batches(rooms: Rooms) -> dict[str, Batch]:
    """Who decides about many agenda items at once; all that is unprompted is decided together."""
    return {
        "digest": rooms.mentors.plan_many,
        "report": rooms.monthly.plan_many,
        **dict.fromkeys(rooms.attention.offers, rooms.attention.plan),
    }


def renderers(rooms: Rooms, library: Library) -> Mapping[str, Renderer]:
    """Who draws each kind of message."""
    frames = Frames(
        library,
        parts={
            "opener": rooms.openers.part,
            "follow_up": rooms.follow_ups.part,
            "pulse": rooms.pulses.part,
            "letting_go": rooms.letting_go.part,
            "silence": rooms.silences.part,
            "no_group": rooms.restings.no_group,
            "resting": rooms.restings.resting,
            "checkpoint": rooms.checkpoints.part,
            "calibration": rooms.calibrations.part,
            "new_mentor": rooms.handover.tellings.part,
            "relation": rooms.handover.relations.part,
        },
        rows={"welcome": rooms.welcomes.row},
        many={"nudge": rooms.nudges.parts},
        many_rows={"lesson": rooms.lessons.drawing.rows},
    )
    unprompted: dict[str, Renderer] = {
        "welcome": one_by_one(rooms.welcomes.draw),
        "lesson": rooms.lessons.drawing.draw,
        "review": one_by_one(rooms.reviews.draw),
        "ending": one_by_one(rooms.endings.draw),
        **frames.alone(),
    }
    drawn = {kind: frames.around(renderer) for kind, renderer in unprompted.items()}
    return {
        **drawn,
        "again": drawn_from(drawn),
        "preview": one_by_one(rooms.previews.draw),
        "introduction": one_by_one(rooms.introductions.draw),
        "meeting": one_by_one(rooms.clinics.draw),
        "calibration_mentor": one_by_one(rooms.calibrations.draw),
        "digest": rooms.mentors.draw,
        "from_mentor": one_by_one(rooms.words.draw),
        "help": one_by_one(rooms.asks.draw_help),
        "brief": one_by_one(rooms.briefs.draw),
        "mentor_gone": one_by_one(rooms.handover.departures.draw),
        "given": one_by_one(rooms.handover.tellings.draw_given),
        "farewell": one_by_one(rooms.handover.tellings.draw_farewell),
        "buddy": one_by_one(rooms.handover.tellings.draw_buddy),
        "relation_stalls": one_by_one(rooms.handover.relations.draw),
        "picture": one_by_one(rooms.pictures.draw),
        "shown": one_by_one(rooms.pictures.showing.draw),
        "report": one_by_one(rooms.monthly.draw),
        **dict.fromkeys(("export", "no_files"), one_by_one(rooms.taking_along.draw)),
        "reply": one_by_one(rooms.coach.draw),
    }
