"""Near duplicates and blur, from the picture alone."""

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossline.geometry import Image
from crossline.similarity import (
    difference_hash,
    hash_distance,
    near_pairs,
    sharpness,
)


def scene(seed: int = 1, height: int = 240, width: int = 320) -> Image:
    """Returns a picture of large shapes, as photographs have them."""
    noise = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), np.uint8)
    return np.asarray(
        cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC),
        np.uint8,
    )


def grain(image: Image) -> Image:
    noise = np.random.default_rng(0).normal(0, 12, image.shape)
    return (image + noise).clip(0, 255).astype(np.uint8)


def recompressed(image: Image) -> Image:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def test_the_hash_says_where_it_gets_brighter() -> None:
    rows = np.tile(np.arange(9, dtype=np.uint8) * 20, (8, 1))
    rows[4:] = rows[4:, ::-1]
    image = np.repeat(rows[..., None], 3, axis=2)
    assert difference_hash(image) == 0xFFFFFFFF00000000


@pytest.mark.parametrize(
    "alike",
    [
        pytest.param(scene()[::2, ::2], id="half the size"),
        pytest.param(scene() // 4 * 3 + 40, id="less contrast"),
        pytest.param(recompressed(scene()), id="recompressed"),
        pytest.param(grain(scene()), id="noise"),
    ],
)
def test_the_same_picture_has_a_near_hash(alike: Image) -> None:
    assert hash_distance(difference_hash(scene()), difference_hash(alike)) <= 4


def test_other_pictures_have_other_hashes() -> None:
    hashes = [difference_hash(scene(seed)) for seed in range(30)]
    pairs = itertools.combinations(hashes, 2)
    assert min(hash_distance(*pair) for pair in pairs) > 8


def test_one_pixel_has_a_hash() -> None:
    assert difference_hash(np.zeros((1, 1, 3), np.uint8)) == 0
    assert sharpness(np.zeros((1, 1, 3), np.uint8)) == 0


def test_blur_takes_sharpness() -> None:
    sharp = grain(scene())
    blurred = [cv2.GaussianBlur(sharp, (0, 0), sigma) for sigma in (1, 2, 4)]
    measures = [sharpness(np.asarray(image)) for image in (sharp, *blurred)]
    assert measures == sorted(measures, reverse=True)
    assert measures[0] > 100 > 10 > measures[-1]


def test_sharpness_is_of_the_picture_not_of_its_pixels() -> None:
    large = grain(scene(height=960, width=1280))
    half = cv2.resize(
        large, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA
    )
    assert sharpness(large) == pytest.approx(
        sharpness(np.asarray(half, np.uint8)), rel=0.3
    )


@given(
    seeds=st.lists(st.integers(0, 2**64 - 1), max_size=12),
    flips=st.lists(st.sets(st.integers(0, 63), max_size=9), max_size=12),
    distance=st.integers(0, 9),
)
def test_near_pairs_are_those_of_comparing_all(
    seeds: list[int], flips: list[set[int]], distance: int
) -> None:
    masks = [sum(1 << bit for bit in bits) for bits in flips]
    hashes = seeds + [
        seed ^ mask for seed, mask in zip(seeds, masks, strict=False)
    ]
    expected = [
        [first, second]
        for first, second in itertools.combinations(range(len(hashes)), 2)
        if hash_distance(hashes[first], hashes[second]) <= distance
    ]
    found = near_pairs(np.array(hashes, np.uint64), distance)
    assert found.tolist() == expected
