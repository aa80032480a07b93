"""Understanding a few words. Pure."""

import difflib
from dataclasses import dataclass

# A command, and the words that mean it (all in small letters). The first is what `/coach help` lists.
WORDS: dict[str, tuple[str, ...]] = {
    "today": ("today", "now", "what now", "danes"),
    "progress": ("progress", "my progress", "napredek"),
    "picture": ("picture", "my way", "slika"),
    "find": ("find", "search", "najdi", "išči"),
    "pause": ("pause", "stop for now", "premor", "pavza"),
    "resume": ("resume", "go on", "continue", "nadaljuj"),
    "ask": ("ask", "ask my mentor", "vprašaj", "vprašaj mentorja"),
    "brief": ("brief", "povzetek"),
    "kudos": ("kudos", "praise", "pohvala"),
    "talked": ("talked", "we talked", "pogovor"),
    "settings": ("settings", "preferences", "nastavitve"),
    "privacy": ("privacy", "my data", "zasebnost"),
    "help": ("help", "hi", "hello", "?", "pomoč", "živjo"),
}
TAKING_WORDS = frozenset({"find", "pause", "ask", "brief"})
AS_TYPED = frozenset({"ask"})  # these words are read by someone; the others are only looked up
OF_MENTORS = ("brief", "kudos", "talked")  # what someone who mentors can ask for beside the rest
LONGEST_WORDS = 200  # of a search: more is no search
# Each way to say a command; of two that begin alike the longer comes first: «ask my mentor» is no «ask» about «my mentor».
_WAYS = sorted(((way, name) for name, ways in WORDS.items() for way in ways), key=lambda one: -len(one[0]))


@dataclass(frozen=True)
class Command:
    """What someone asked for. `words` is what stood behind it; `meant` the nearest command to an unknown word."""

    name: str | None
    words: str = ""
    meant: str | None = None


def understand(text: str) -> Command:
    """A command with its words, or none; then perhaps the one that was meant. Anything can be typed here."""
    said = " ".join(text.split()).strip(" .!").casefold() or "help"
    if text.strip() == "?":
        return Command("help")
    for way, name in _WAYS:
        if said == way:
            return Command(name)
        if name in TAKING_WORDS and said.startswith(f"{way} "):
            return Command(name, _behind(text, way) if name in AS_TYPED else said[len(way) + 1 :][:LONGEST_WORDS])
    first = said.split()[0]
    near = difflib.get_close_matches(first, [way for ways in WORDS.values() for way in ways], n=1, cutoff=0.7)
    meant = next((name for name, ways in WORDS.items() if near and near[0] in ways), None)
    return Command(None, said[:LONGEST_WORDS], meant if len(said.split()) <= 2 else None)


def _behind(text: str, way: str) -> str:
    """What stands behind a command, as it was typed; what stands in front of it does not count."""
    return text.lstrip(" .!\n\t").split(maxsplit=len(way.split()))[-1].strip()
