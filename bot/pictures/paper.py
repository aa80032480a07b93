"""The paper that pictures are drawn on: as wide as a phone, in colours and a font that look the same everywhere."""

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.font_manager import FontProperties

# In inches. A thousand pixels are as wide as a phone, so that eleven points here are eleven points to the eye.
WIDTH, DOTS_AN_INCH = 5.0, 200
COLOURS = 256  # as many as nobody misses, for a third of the bytes; far fewer would lose the mentor's when it is rare
# Okabe and Ito's colours, which the colour-blind tell apart as well; and each thing has a shape of its own.
BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
PAPER, INK, SOFT, FAINT = "#FFFFFF", "#1A1A1A", "#5A5A5A", "#E2E2E2"


def png(canvas: "FigureCanvasAgg") -> bytes:
    """A drawn canvas as the bytes of a file; the same canvas gives the same bytes."""
    from PIL import Image

    pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    picture = Image.frombuffer("RGBA", canvas.get_width_height(), pixels).convert("RGB").quantize(COLOURS)
    written = BytesIO()
    picture.save(written, format="png", optimize=True)
    return written.getvalue()


def drawable(title: str, size: float) -> str:
    """A title on one line, without what the font has no sign for, as emoji."""
    from matplotlib.font_manager import get_font

    signs = get_font(str(font(size).get_file())).get_charmap()
    return " ".join("".join(one for one in " ".join(title.split()) if ord(one) in signs).split())


@cache
def font(size: float, *, bold: bool = False) -> "FontProperties":
    """A font that comes with the library, so that every machine draws the same."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=f"{get_data_path()}/fonts/ttf/{name}", size=size)
