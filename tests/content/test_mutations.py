"""Thousands of spoilt files: whatever an editor, a disk or a merge makes of one, it is read, or explained with its line.

5,000 in CI and by `CI=true`; as many as a few seconds allow where a developer waits.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.curriculum.phrases import PHRASES
from bot.curriculum.reader import Cache, read
from bot.curriculum.slips import Problem
from bot.curriculum.wording import read_wording
from tests.content.makers import CONTENT, change
from tests.content.sample import TODAY
from tests.thorough import THOROUGH

AREA = "sales-tracking"
LESSON = f"areas/{AREA}/01-metrics-chain.md"
FILES = (LESSON, LESSON.replace(".md", ".sl.md"), f"areas/{AREA}/area.md", f"areas/{AREA}/area.sl.md", "program.yaml")
KEPT = {"01-metrics-chain.md", "01-metrics-chain.sl.md", "02-clean-pipeline.md", "area.md", "area.sl.md"}
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1250", "latin-1", "cp037")
AS_OFTEN = settings(max_examples=3000 if THOROUGH else 150, suppress_health_check=[HealthCheck.function_scoped_fixture])
Mutation = Callable[[bytes], bytes]


def _lines(change: Callable[[list[bytes], int, int], None]) -> Callable[[float, float], Mutation]:
    """A change of one or two lines, wherever they are."""

    def with_places(one: float, other: float) -> Mutation:
        def mutated(raw: bytes) -> bytes:
            lines = raw.split(b"\n")
            change(lines, int(one * len(lines)), int(other * len(lines)))
            return b"\n".join(lines)

        return mutated

    return with_places


def _drop(lines: list[bytes], one: int, _: int) -> None:
    del lines[one]


def _double(lines: list[bytes], one: int, other: int) -> None:
    lines.insert(other, lines[one])


def _swap(lines: list[bytes], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _indent(lines: list[bytes], one: int, other: int) -> None:
    lines[one] = (b"\t" if other % 2 else b"   ") + lines[one]


def _join(lines: list[bytes], one: int, _: int) -> None:
    lines[one : one + 2] = [b"".join(lines[one : one + 2])]


def _cut(where: float, _: float) -> Mutation:
    """A half-written save, which may end within a character."""
    return lambda raw: raw[: int(where * len(raw))]


def _flip(where: float, what: float) -> Mutation:
    """One byte becomes another."""
    return lambda raw: raw[: (at := int(where * len(raw)))] + bytes([int(what * 256)]) + raw[at + 1 :]


def _encode(which: float, _: float) -> Mutation:
    encoding = ENCODINGS[int(which * len(ENCODINGS))]
    return lambda raw: raw.decode("utf-8", "replace").encode(encoding, "replace")


def _replace(old: bytes, new: bytes) -> Callable[[float, float], Mutation]:
    return lambda one, _: lambda raw: raw.replace(old, new, 1 + int(one * 9))


MUTATIONS = (
    *map(_lines, (_drop, _double, _swap, _indent, _join)), _cut, _flip, _encode, _replace(b"\n", b"\r\n"),
    _replace(b"\n", b"\r"), _replace(b"  ", b"\t"), _replace(b": ", b":"), _replace(b'"', b""), _replace(b"]", b""),
    _replace(b"#", b""), _replace(b"{", b""), _replace(b" ", "\u00a0".encode()), _replace(b"[x]", b"[ ]"),
    _replace(b"-", "–".encode()), _replace(b"e", b"\xcc\x81"),
)  # fmt: skip
PLACE = st.floats(0, 1, exclude_max=True)
MUTATED = st.lists(
    st.builds(lambda how, one, other: how(one, other), st.sampled_from(MUTATIONS), PLACE, PLACE), min_size=1, max_size=3
)


@dataclass
class Small:
    """A sound folder of one area with two lessons, and what was parsed of it."""

    folder: Path
    cache: Cache = field(default_factory=dict, repr=False)

    @contextmanager
    def spoilt(self, name: str, mutations: list[Mutation]) -> Iterator[int]:
        """A file is another for a while; how many lines it has then, however they end."""
        path = self.folder / name
        raw = sound = path.read_bytes()
        for mutation in mutations:
            raw = mutation(raw)
        path.write_bytes(raw)
        try:
            yield 1 + raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
        finally:
            path.write_bytes(sound)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """The program with one of its areas only, so that thousands of readings take seconds."""
    folder = tmp_path_factory.mktemp("small") / "content"
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns("areas"))
    (folder / "areas" / AREA).mkdir(parents=True)
    for name in KEPT:
        shutil.copy(CONTENT / "areas" / AREA / name, folder / "areas" / AREA / name)
    for name in ("talent", "performance", "contracting", "business-planning"):
        change(folder, "program.yaml", f"  - {name}\n", "")
    assert read(folder, today=TODAY)[0] is not None
    return Small(folder)


@pytest.mark.long
@AS_OFTEN
@given(name=st.sampled_from(FILES), mutations=MUTATED)
def test_a_spoilt_file_of_the_program_is_read_or_explained(small: Small, name: str, mutations: list[Mutation]) -> None:
    """Never an exception; each problem has a file, a line in it, and a way to mend it; without a problem, it can be used."""
    with small.spoilt(name, mutations) as lines:
        curriculum, problems = read(small.folder, today=TODAY, cache=small.cache)
    assert curriculum is not None or any(problem.severity == "error" for problem in problems)
    for problem in problems:
        _is_useful(problem)
        if problem.path == f"content/{name}":
            assert problem.line <= lines


@pytest.mark.long
@settings(AS_OFTEN, max_examples=300 if THOROUGH else 50)
@given(name=st.sampled_from(["nudge.md", "nudge.sl.md"]), mutations=MUTATED)
def test_spoilt_words_are_read_or_explained(small: Small, name: str, mutations: list[Mutation]) -> None:
    """The same for what the bot says around the lessons."""
    with small.spoilt(f"messages/{name}", mutations):
        words, problems = read_wording(small.folder / "messages", {"nudge": PHRASES["nudge"]}, "content/messages")
    assert words is not None or any(problem.severity == "error" for problem in problems)
    for problem in problems:
        _is_useful(problem)


def _is_useful(problem: Problem) -> None:
    assert problem.line >= 1
    assert problem.what
    assert problem.mend
    assert problem.path.startswith("content/")
