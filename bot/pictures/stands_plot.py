"""Draws where a mentor's managers stand: a row for each area, from where it began to where it is, for those who show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from bot.pictures.paper import BLUE, DOTS_AN_INCH, FAINT, GREEN, INK, PAPER, SOFT, WIDTH, drawable, font, png
from bot.pictures.rules import Stand

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In inches.
NAME, ROW, FOOT = 0.42, 0.40, 0.34
LEFT, RIGHT = 2.35, 0.3
SIZE, NAME_SIZE = 9.5, 11.5  # of text, in points
LETTERS_A_LINE = 27
LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Panel:
    """One manager who shows where they stand."""

    name: str
    stands: Sequence[Stand]


def draw(panels: Sequence[Panel], legend: str) -> bytes:
    """The picture as PNG. The same panels give the same bytes. It takes part of a second: not for the event loop."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = sum(NAME + ROW * len(panel.stands) for panel in panels) + FOOT
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_AN_INCH, facecolor=PAPER)
    canvas = FigureCanvasAgg(figure)
    top = height
    for number, panel in enumerate(panels, start=1):
        rows = ROW * len(panel.stands)
        top -= NAME + rows
        axes = figure.add_axes((LEFT / WIDTH, top / height, (WIDTH - LEFT - RIGHT) / WIDTH, rows / height))
        # In signs that the font has none of: by its number in the description, which has the names in this order.
        _panel(axes, panel.stands, drawable(panel.name, NAME_SIZE) or str(number))
    figure.text(0.03, 0.08 / height, legend, fontproperties=font(SIZE), color=SOFT, parse_math=False)
    canvas.draw()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return png(canvas)


def _panel(axes: "Axes", stands: Sequence[Stand], name: str) -> None:
    axes.set_xlim(0.7, 5.3)
    axes.set_ylim(len(stands) - 0.5, -0.5)
    axes.set_xticks(LEVELS, labels=[])
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.8)
    for side in axes.spines.values():
        side.set_visible(False)
    _text(axes, -LEFT / (WIDTH - LEFT - RIGHT) + 0.06, -0.72, name, INK, NAME_SIZE)
    for level in LEVELS:
        _text(axes, (level - 0.7) / 4.6 - 0.015, -0.72, str(level), SOFT, SIZE)
    for row, stand in enumerate(stands):
        _row(axes, row, stand)


def _row(axes: "Axes", row: int, stand: Stand) -> None:
    title = "\n".join(wrap(drawable(stand.title, SIZE), LETTERS_A_LINE)[:2])
    _text(axes, -LEFT / (WIDTH - LEFT - RIGHT) + 0.06, row, title, INK, SIZE)
    axes.plot([stand.target] * 2, [row - 0.34, row + 0.34], color=GREEN, linewidth=1.8, linestyle=(0, (3, 2)), zorder=2)
    if stand.first is None or stand.last is None:
        return
    axes.plot([stand.first, stand.last], [row, row], color=BLUE, linewidth=2.4, solid_capstyle="round", zorder=3)
    hollow = {"markerfacecolor": PAPER, "markeredgecolor": BLUE, "markeredgewidth": 1.8}
    axes.plot([stand.first], [row], marker="o", markersize=8, linestyle="none", zorder=4, **hollow)  # type: ignore[arg-type]
    axes.plot([stand.last], [row], marker="o", markersize=8.5, color=BLUE, linestyle="none", zorder=5)


def _text(axes: "Axes", x: float, y: float, text: str, color: str, size: float) -> None:
    """At a part of the panel's width and in a row of it."""
    axes.text(
        x, y, text, transform=axes.get_yaxis_transform(), va="center", color=color, fontproperties=font(size),
        parse_math=False, linespacing=1.05,
    )  # fmt: skip
