"""Draws the picture of the way: a small panel for each area, one below the other, made for a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.pictures.paper import BLUE, DOTS_AN_INCH, FAINT, GREEN, INK, PAPER, SOFT, VERMILION, WIDTH, drawable, font, png
from bot.pictures.rules import AreaWay, Way

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In inches.
HEAD, PANEL, FOOT = 0.58, 1.24, 0.5
LEFT, RIGHT, ABOVE = 0.92, 0.44, 0.36  # the room beside a panel's lines, and above them for its title
EDGE = 0.14
SIZE, TITLE_SIZE = 11.0, 11.5  # of text, in points
LEVELS = (1, 2, 3, 4, 5)
MOST_TICKS = 8
LINE: dict[str, Any] = {"color": BLUE, "linewidth": 2.4, "solid_capstyle": "round"}
GOAL: dict[str, Any] = {"color": GREEN, "linewidth": 1.6, "linestyle": (0, (5, 3))}
OWN: dict[str, Any] = {
    "marker": "o", "markersize": 8.5, "markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.7,
    "linestyle": "none",
}  # fmt: skip
MENTOR: dict[str, Any] = {
    "marker": "D", "markersize": 6.5, "markerfacecolor": VERMILION, "markeredgecolor": PAPER, "markeredgewidth": 0.8,
    "linestyle": "none",
}  # fmt: skip
LESSON: dict[str, Any] = {
    "marker": "|",
    "markersize": 8,
    "markeredgecolor": SOFT,
    "markeredgewidth": 1.6,
    "linestyle": "none",
}


@dataclass(frozen=True)
class Labels:
    """The words in the picture; a few letters each."""

    mastery: str
    own: str
    mentor: str
    goal: str
    lesson: str
    weeks: str
    lowest: str
    highest: str


def draw(way: Way, labels: Labels, number: Callable[[float], str] = str) -> bytes:
    """The picture as PNG; `number` says a level. The same way and words give the same bytes.

    It takes part of a second: not for the event loop.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = HEAD + PANEL * len(way.areas) + FOOT
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_AN_INCH, facecolor=PAPER)
    canvas = FigureCanvasAgg(figure)
    for place, area in enumerate(way.areas):
        bottom = height - HEAD - PANEL * (place + 1)
        box = (LEFT / WIDTH, bottom / height, (WIDTH - LEFT - RIGHT) / WIDTH, (PANEL - ABOVE) / height)
        axes = figure.add_axes(box)
        _frame(axes, way.weeks, labels)
        _title(axes, drawable(area.title, TITLE_SIZE) or str(place + 1))
        _lines(axes, area, number)
        _marks(axes, area)
    _weeks(figure.axes[-1], way.weeks, labels)
    _legend(figure, labels)
    canvas.draw()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return png(canvas)


def _frame(axes: "Axes", weeks: int, labels: Labels) -> None:
    axes.set_facecolor(PAPER)
    axes.set_xlim(-0.6, weeks + 0.3)
    axes.set_ylim(0.45, 5.35)
    axes.set_xticks(_ticks(weeks), labels=[])
    axes.set_yticks(LEVELS, labels=[labels.lowest, "2", "3", "4", labels.highest])
    for text in axes.get_yticklabels():
        text.set(fontproperties=font(SIZE), color=SOFT, parse_math=False)
    axes.tick_params(length=0, pad=5)
    axes.grid(color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


def _title(axes: "Axes", title: str) -> None:
    # From the left edge of the paper: the longest titles need all of its width.
    left = (EDGE - LEFT) / (WIDTH - LEFT - RIGHT)
    text = axes.text(
        left, 1.11, title, transform=axes.transAxes, fontproperties=font(TITLE_SIZE), color=INK, parse_math=False
    )
    while title and text.get_window_extent().x1 > (WIDTH - EDGE) * DOTS_AN_INCH:
        title = title[:-1].rstrip()
        text.set_text(f"{title}…")


def _lines(axes: "Axes", area: AreaWay, number: Callable[[float], str]) -> None:
    axes.axhline(area.target, zorder=1.5, **GOAL)
    if not area.mastery:
        return
    weeks, levels = zip(*area.mastery, strict=True)
    axes.plot(weeks, levels, drawstyle="steps-post", zorder=3, **LINE)
    axes.plot(weeks[-1:], levels[-1:], marker="o", markersize=5, zorder=3, **LINE)
    axes.text(
        1.03, levels[-1], number(round(levels[-1], 1)), transform=axes.get_yaxis_transform(), va="center_baseline",
        fontproperties=font(SIZE, bold=True), color=BLUE, parse_math=False,
    )  # fmt: skip


def _marks(axes: "Axes", area: AreaWay) -> None:
    for style, points, order in ((OWN, area.self_ratings, 4), (MENTOR, area.mentor_ratings, 5)):
        axes.plot([week for week, _ in points], [level for _, level in points], zorder=order, clip_on=False, **style)
    axes.plot(area.lessons, [0.62] * len(area.lessons), zorder=2, **LESSON)


def _weeks(axes: "Axes", weeks: int, labels: Labels) -> None:
    axes.set_xticks(_ticks(weeks), labels=[str(week) for week in _ticks(weeks)])
    for text in axes.get_xticklabels():
        text.set(fontproperties=font(SIZE), color=SOFT)
    axes.set_xlabel(labels.weeks, fontproperties=font(SIZE), color=SOFT, labelpad=2, parse_math=False)


def _legend(figure: "Figure", labels: Labels) -> None:
    from matplotlib.lines import Line2D

    words = (
        (LINE, labels.mastery), (GOAL, labels.goal), (OWN, labels.own), (LESSON, labels.lesson), (MENTOR, labels.mentor),
    )  # fmt: skip
    handles = [Line2D([], [], **style, label=label) for style, label in words]
    legend = figure.legend(
        handles=handles, loc="upper left", ncols=3, frameon=False, prop=font(SIZE), labelcolor=INK,
        borderaxespad=0.3, columnspacing=1.4, handletextpad=0.6, handlelength=1.7,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)


def _ticks(weeks: int) -> list[int]:
    step = next(step for step in (1, 2, 4, 5, 10, 20, 50, weeks + 1) if weeks / step < MOST_TICKS)
    return list(range(0, weeks + 1, step))
