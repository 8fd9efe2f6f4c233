"""Frames that are sharp and unlike each other, and some that are not."""

import cv2
import numpy as np

from crossline.geometry import Image
from crossline.video.frame import Frame


def picture(number: int, width: int = 96, height: int = 64) -> Image:
    """A chessboard of random greys, another for each number."""
    generator = np.random.default_rng(number)
    board = generator.integers(0, 256, (8, 12), np.uint8)
    image = cv2.resize(board, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.stack([image] * 3, axis=2)


def blurred(number: int) -> Image:
    image = cv2.GaussianBlur(picture(number), (0, 0), 12)
    return np.asarray(image, np.uint8)


def frame(image: Image, number: int = 0, time_s: float = 0.0) -> Frame:
    return Frame(image, number, time_s)
