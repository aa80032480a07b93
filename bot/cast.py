"""Who is in the workspace of `playercoach try`, how they are enrolled, and what those do by themselves whom nobody plays."""

from datetime import date

from bot.sandbox.server import Sandbox

PLAYED = "U0MAYA"  # the one whom a visitor begins with: everything of hers is theirs to click

CAST = (
    (PLAYED, "Maya Horvat", "maya@example.com", "Europe/Ljubljana", "New sales manager"),
    ("U0TOM", "Tom Baker", "tom@example.com", "America/New_York", "New sales manager"),
    ("U0SARA", "Sara Rossi", "sara@example.com", "Europe/Rome", "New sales manager"),
    ("U0JONAS", "Jonas Weber", "jonas@example.com", "Europe/Berlin", "New sales manager"),
    ("U0GRACE", "Grace Okafor", "grace@example.com", "Europe/London", "New sales manager"),
    ("U0ANA", "Ana Kovač", "ana@example.com", "Europe/Ljubljana", "Sales director, mentor"),
    ("U0MARKO", "Marko Zupan", "marko@example.com", "Europe/Ljubljana", "Mentor and buddy"),
    ("U0LENA", "Lena Fischer", "lena@example.com", "Europe/Berlin", "L&D"),
)
# manager, mentor, buddy
ENROLLED = (
    ("maya", "ana", "marko"),
    ("tom", "ana", ""),
    ("sara", "ana", ""),
    ("jonas", "marko", ""),
    ("grace", "marko", ""),
)
BEGIN = ("U0TOM", "U0SARA", "U0JONAS", "U0GRACE")  # they are on their way already, so that Maya has peers

_LESSONS = ("check_confidence:think_so", "check_scale:3", "check_write", "review_confidence:think_so")
_ACTIONS = ("action_promise", "follow_up")
_PEERS = ("peers_pick", "peers_met:all")
# What each presses, by how action ids begin; Jonas is busy, and hardly heard of.
WISHES = {
    "U0TOM": (*_LESSONS, *_ACTIONS, *_PEERS, "pulse_"),
    "U0SARA": (*_LESSONS, *_ACTIONS, *_PEERS),
    "U0GRACE": (*_LESSONS, *_PEERS),
    "U0JONAS": ("check_scale:3",),
}


def enter(sandbox: Sandbox) -> None:
    """Everyone is in the workspace, who they are at first; those who are there already stay as they are."""
    for slack_id, name, email, zone, title in CAST:
        if slack_id not in sandbox.state.people:
            sandbox.add_person(id=slack_id, name=name, email=email, tz=zone, title=title)


def roster(starts_on: date) -> str:
    """The managers of the cast, as a CSV to be imported."""
    rows = [(_address(manager), _address(mentor), _address(buddy)) for manager, mentor, buddy in ENROLLED]
    lines = [f"{manager},{mentor},{buddy},First cohort,{starts_on}" for manager, mentor, buddy in rows]
    return "\n".join(["manager,mentor,buddy,cohort,starts_on", *lines]) + "\n"


def _address(name: str) -> str:
    return f"{name}@example.com" if name else ""
