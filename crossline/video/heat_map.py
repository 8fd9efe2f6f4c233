"""Where the tracks went, drawn over a frame."""

import cv2
import numpy as np
import numpy.typing as npt

from crossline.geometry import Image
from crossline.video.text import BLACK, WHITE, Color, Lettering

_SPREAD = 0.008
"""Of the frame's shorter side: a path is about as wide as what went there."""
_BRIGHTEST = 0.995
"""Of the cells that were passed, this share lies below the hottest colour."""
_GROUND_SHARE = 0.45
"""Of the picture that shines through."""


def draw_heat(image: Image, tracks: npt.NDArray[np.int64], cell: int) -> Image:
    """Returns a darkened, grey picture with paths from blue to yellow.

    The colour grows with the square root of their number: a path that one in
    a hundred took can still be seen.

    Args:
        image: of the place.
        tracks: how many came through each cell, rows by columns.
        cell: its side, pixels.
    """
    height, width = image.shape[:2]
    heat = cv2.GaussianBlur(
        tracks.astype(np.float32),
        (0, 0),
        max(_SPREAD * min(width, height) / cell, 0.5),
    )
    highest = (
        float(np.quantile(heat[heat > 0], _BRIGHTEST)) if heat.any() else 1
    )
    level = np.sqrt(np.clip(heat / highest, 0, 1))
    level = cv2.resize(
        level,
        (tracks.shape[1] * cell, tracks.shape[0] * cell),
        interpolation=cv2.INTER_LINEAR,
    )[:height, :width]
    colors = _colored(level)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) * _GROUND_SHARE
    share = np.clip(3 * level, 0, 1)[..., None]
    mixed = grey[..., None] * (1 - share) + colors * share
    drawn: Image = np.rint(mixed).astype(np.uint8)
    _draw_scale(drawn)
    return drawn


def _colored(level: npt.NDArray[np.float32]) -> Image:
    shades = np.rint(255 * level).astype(np.uint8)
    colors = cv2.applyColorMap(shades, cv2.COLORMAP_PLASMA)
    return np.asarray(cv2.cvtColor(colors, cv2.COLOR_BGR2RGB), np.uint8)


def _draw_scale(image: Image) -> None:
    """Draws what the colours mean into the lower right corner."""
    height, width = image.shape[:2]
    lettering = Lettering(width, height)
    words = ("few", "many")
    size, row = lettering.size, lettering.row
    long = min(8 * size, width // 4)
    lengths = [lettering.width_of(word) for word in words]
    left = width - size - lengths[1] - size // 2 - long
    top = height - row - size // 2
    if left - size - lengths[0] < 0:
        return  # A picture of stamp size.
    ramp = np.tile(np.linspace(0, 1, long, dtype=np.float32), (size, 1))
    image[top : top + size, left : left + long] = _colored(ramp)
    for word, x in (
        (words[0], left - size // 2 - lengths[0]),
        (words[1], left + long + size // 2),
    ):
        _write(lettering, image, word, x, top, WHITE)


def _write(
    lettering: Lettering,
    image: Image,
    word: str,
    left: int,
    top: int,
    color: Color,
) -> None:
    lettering.write(image, word, left + 1, top + 1, BLACK)
    lettering.write(image, word, left, top, color)
