"""Text in frames, of a size that the frame asks for."""

import cv2

from crossline.geometry import Image

Color = tuple[int, int, int]
"""RGB, 0 to 255."""

Place = tuple[int, int, int, int]
"""xmin, ymin, xmax, ymax in whole pixels."""

WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)

_LEAST_PX = 11
"""Smaller letters do not survive H.264."""
_WEIGHT = 500
"""A little bolder than regular (400), since letters stand on pictures."""


class Lettering:
    """Measures and writes text.

    The font is OpenCV's own (since 5.0): smooth at small sizes, and with
    letters of most scripts.

    Args:
        width: of the frames, pixels.
        height: of the frames, pixels.

    Attributes:
        size: of the letters, pixels.
        margin: around text on a ground of its own, pixels.
        row: from one row of text to the next, pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._font = cv2.FontFace("sans")
        self.size = max(_LEAST_PX, round(4 + 0.018 * min(width, height)))
        self.margin = max(2, self.size // 5)
        self.row = round(1.3 * self.size)

    def width_of(self, text: str) -> int:
        """Returns how wide a text is, pixels."""
        _, _, width, _ = cv2.getTextSize(
            (1, 1), text, (0, 0), self._font, self.size, _WEIGHT
        )
        return int(width)

    def write(
        self, image: Image, text: str, left: int, top: int, color: Color
    ) -> None:
        """Writes a text into a row of `row` pixels that begins at `top`."""
        baseline = top + round(0.98 * self.size)
        cv2.putText(
            image,
            text,
            (left, baseline),
            color,
            self._font,
            self.size,
            _WEIGHT,
        )

    def place(
        self, text: str, left: float, top: float, width: int, height: int
    ) -> Place:
        """Returns where a tag goes, moved into the image where it must.

        Args:
            text: of the tag.
            left: where it should begin, pixels.
            top: likewise.
            width: of the image, pixels.
            height: of the image, pixels.
        """
        wide = self.width_of(text) + 2 * self.margin
        x = round(max(0, min(left, width - wide)))
        y = round(max(0, min(top, height - self.row)))
        return x, y, x + wide, y + self.row

    def tag(
        self, image: Image, text: str, place: Place, ground: Color
    ) -> None:
        """Writes a text on a ground into its place."""
        xmin, ymin, xmax, ymax = place
        image[ymin:ymax, xmin:xmax] = ground
        self.write(image, text, xmin + self.margin, ymin, readable_on(ground))


def readable_on(ground: Color) -> Color:
    """Returns black or white, whichever stands out (ITU-R BT.601 luma)."""
    red, green, blue = ground
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return BLACK if luma > 128 else WHITE


def overlap(first: Place, second: Place) -> bool:
    """Tells whether two places share a pixel."""
    return (
        first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    )
