"""The plots of a report: as SVG that stands in the page itself, with its table beside it; or as PNG, for Slack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from textwrap import fill
from typing import TYPE_CHECKING, Any

from bot.reports.figures import Change

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, PHONE = 7.2, 5.0  # inches: of a page, and of what is read on a phone
LONGEST_LINE = 26  # letters of an area's title, before it goes on below
# Okabe and Ito's colours, which the colour-blind tell apart as well.
COLOUR = {"self": "#56B4E9", "mentor": "#D55E00", "checks": "#009E73"}
INK, SOFT = "#1A1A1A", "#6A6A6A"
NAMES = {"self": "own rating", "mentor": "mentor's rating", "checks": "share right"}
DOTS_AN_INCH = 160


@dataclass(frozen=True)
class Labels:
    """The few words in a plot, and how wide it is (inches); by default as on the page."""

    weeks: str = "week of the program"
    people: str = "people"
    levels: str = "level, 1 to 5"
    own: str = NAMES["self"]
    mentor: str = NAMES["mentor"]
    width: float = WIDTH

    @property
    def by(self) -> Mapping[str, str]:
        """Whose rating it is."""
        return {"self": self.own, "mentor": self.mentor}


PAGE = Labels()


@dataclass(frozen=True)
class Plot:
    """A drawn figure, and what it says to those who don't see it."""

    figure: "Figure"
    alt: str

    def svg(self) -> str:
        """As an element of a page; the same figures give the same bytes."""
        return _svg(self.figure, self.alt)

    def png(self) -> bytes:
        """As a file."""
        out = BytesIO()
        self.figure.savefig(out, format="png", dpi=DOTS_AN_INCH, facecolor="#FFFFFF", metadata={"Software": None})
        return out.getvalue()


def active(weeks: Mapping[int, int], enrolled: int, words: Labels = PAGE) -> Plot | None:
    """How many answered something, week by week; None where there is nothing to draw."""
    if not weeks:
        return None
    from matplotlib.ticker import MaxNLocator

    figure = _figure(2.2, words.width)
    axes = figure.subplots()
    axes.bar(list(weeks), list(weeks.values()), color=COLOUR["checks"], width=0.7)
    axes.set_ylim(0, enrolled * 1.04)
    axes.set_xlim(0.4, max(weeks) + 0.6)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    _plain(axes, words.weeks, words.people)
    return Plot(figure, f"People who answered something, by week: {_said(weeks)}")


def changes(found: Sequence[Change], titles: Mapping[str, str], words: Labels = PAGE) -> Plot | None:
    """Ratings at the start and at the end, an area in a row, for those who gave both; None where there are none."""
    shown = [one for one in found if one.by != "checks" and one.start is not None and one.end is not None]
    if not shown:
        return None
    areas = list(dict.fromkeys(one.area_id for one in shown))
    figure = _figure(0.7 + 0.55 * len(areas), words.width)
    axes = figure.subplots()
    for one in shown:
        row = areas.index(one.area_id) + (0.14 if one.by == "mentor" else -0.14)
        _arrow(axes, one.start or 0.0, one.end or 0.0, row, COLOUR[one.by])
    for by in dict.fromkeys(one.by for one in shown):
        axes.plot([], [], color=COLOUR[by], linewidth=2, label=words.by[by])
    _areas(axes, [titles[area] for area in areas])
    axes.set_ylim(len(areas) - 0.5, -0.5)
    axes.set_xlim(0.8, 5.2)
    axes.set_xticks(range(1, 6))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False, fontsize=9)
    _plain(axes, words.levels, "")
    said = ", ".join(f"{titles[one.area_id]} ({NAMES[one.by]}) {one.start:.1f} to {one.end:.1f}" for one in shown)
    return Plot(figure, f"Levels from the start to the end: {said}")


def heat(found: Mapping[str, Mapping[int, float]], titles: Mapping[str, str], words: Labels = PAGE) -> Plot | None:
    """The share of right answers by area and week; empty cells are of fewer than five people, None if all are."""
    weeks = sorted({week for row in found.values() for week in row})
    if not weeks:
        return None
    areas = [area for area in found if found[area]]
    nothing = float("nan")
    cells = [[found[area].get(week, nothing) for week in range(1, weeks[-1] + 1)] for area in areas]
    figure = _figure(0.9 + 0.42 * len(areas), words.width)
    axes = figure.subplots()
    image = axes.imshow(
        cells, aspect="auto", cmap="cividis", vmin=0.3, vmax=1.0, extent=(0.5, weeks[-1] + 0.5, len(areas) - 0.5, -0.5)
    )
    _areas(axes, [titles[area] for area in areas])
    figure.colorbar(image, ax=axes, format=lambda share, _: f"{share:.0%}", shrink=0.9, pad=0.02)
    _plain(axes, words.weeks, "")
    return Plot(figure, "Share of right answers by area and week; the table beside it has the same numbers")


def _areas(axes: Any, titles: Sequence[str]) -> None:
    """A title in a row each; two «$» in one are no formula."""
    axes.set_yticks(range(len(titles)), [fill(title, LONGEST_LINE) for title in titles], parse_math=False)


def _arrow(axes: Any, start: float, end: float, row: float, colour: str) -> None:
    how = {"arrowstyle": "-|>", "color": colour, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, row), (start, row), arrowprops=how)
    axes.plot([start], [row], "o", color=colour, markersize=5)


def _figure(height: float, width: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes: Any, below: str, beside: str) -> None:
    axes.set_xlabel(below, color=SOFT, fontsize=9)
    axes.set_ylabel(beside, color=SOFT, fontsize=9)
    axes.tick_params(colors=INK, labelsize=9, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _svg(figure: "Figure", alt: str) -> str:
    """The picture as an SVG element with its words; the same figures give the same bytes."""
    import matplotlib as mpl

    out = StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "playercoach", "font.family": "sans-serif"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    _, _, drawn = out.getvalue().partition("<svg")
    words = alt.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return f'<svg role="img" aria-label="{words}"{drawn}'


def _said(weeks: Mapping[int, int]) -> str:
    return ", ".join(f"week {week}: {count}" for week, count in weeks.items())
