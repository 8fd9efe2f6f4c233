"""What is drawn stands where it should, at a size that can be read."""

from collections import Counter

import numpy as np
import pytest

from crossline.count.lines import Line
from crossline.geometry import Detections, Image
from crossline.track.tracker import Track
from crossline.video.draw import Painter, Trails, class_color
from crossline.video.panel import Row, totals_table
from crossline.video.text import BLACK, WHITE, Lettering, overlap, readable_on

NAMES = {1: "person", 2: "bicycle", 3: "car"}


def blank(width: int = 320, height: int = 240) -> Image:
    return np.full((height, width, 3), 90, np.uint8)


def painter(image: Image) -> Painter:
    return Painter(NAMES, image.shape[1], image.shape[0])


def track(
    track_id: int = 1,
    box: tuple[float, float, float, float] = (100, 100, 140, 180),
    class_id: int = 1,
    is_seen: bool = True,
) -> Track:
    edges = np.array(box, np.float32)
    return Track(track_id, edges, class_id, 0.9, is_seen)


def drawn_track(**values: object) -> Image:
    image, trails = blank(), Trails()
    tracks = [track(**values)]  # type: ignore[arg-type]
    trails.update(tracks, 0)
    painter(image).tracks(image, tracks, trails)
    return image


def is_color(image: Image, color: tuple[int, int, int]) -> Image:
    return np.asarray((image == color).all(axis=-1))


def extent(mask: Image) -> tuple[int, int, int, int]:
    ys, xs = np.nonzero(mask)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def test_a_box_ends_at_its_edges() -> None:
    image = blank()
    found = Detections.of([[100, 100, 140, 180]], [0.9], [1])
    painter(image).detections(image, found)
    below_tag = image[100:]
    assert extent(is_color(below_tag, class_color(1))) == (100, 0, 140, 80)
    assert (image[110:170, 110:130] == 90).all()


def test_a_tag_stands_above_its_box() -> None:
    image = drawn_track()
    ground = is_color(image[:100], class_color(1))
    left, top, right, bottom = extent(ground)
    assert (left, bottom) == (100, 100)
    assert top == 100 - Lettering(320, 240).row
    assert 60 < right - left < 100  # "1 person 90%"


@pytest.mark.parametrize(
    ("left", "top", "place"),
    [
        pytest.param(100, 50, (100, 50), id="free"),
        pytest.param(-50, 50, (0, 50), id="left of it"),
        pytest.param(100, -9, (100, 0), id="above it"),
        pytest.param(310, 50, (320, 50), id="right of it"),
        pytest.param(100, 300, (100, 240), id="below it"),
    ],
)
def test_tags_move_into_the_image(
    left: float, top: float, place: tuple[int, int]
) -> None:
    lettering = Lettering(320, 240)
    width = lettering.width_of("1 person") + 2 * lettering.margin
    x = min(place[0], 320 - width)
    y = min(place[1], 240 - lettering.row)
    assert lettering.place("1 person", left, top, 320, 240) == (
        x,
        y,
        x + width,
        y + lettering.row,
    )


def test_what_is_outside_is_not_drawn() -> None:
    assert (drawn_track(box=(-90, 10, -40, 60)) == 90).all()


def test_any_image_takes_it() -> None:
    for size in ((1, 1), (7, 300), (300, 7)):
        image = blank(*size)
        found = Detections.of([[0, 0, 9, 9]], [0.9], [1])
        painter(image).detections(image, found)
        totals = {"a": {"up": Counter({1: 2}), "down": Counter[int]()}}
        painter(image).totals(image, totals)


def test_an_unseen_track_is_thin_and_tells_no_confidence() -> None:
    color = class_color(1)
    image, unseen = blank(1920, 1080), blank(1920, 1080)
    trails = Trails()
    for picture, is_seen in ((image, True), (unseen, False)):
        tracks = [track(box=(100, 100, 400, 400), is_seen=is_seen)]
        trails.update(tracks, 0)
        painter(picture).tracks(picture, tracks, trails)
    assert is_color(unseen[200], color).sum() == 2
    assert is_color(image[200], color).sum() > 4
    assert (
        is_color(unseen[:100], color).sum()
        < is_color(image[:100], color).sum()
    )


def test_crowded_tags_become_short() -> None:
    alone, crowded = blank(), blank()
    first, second = (
        track(1, (100, 100, 120, 140)),
        track(2, (110, 100, 130, 140), class_id=2),
    )
    trails = Trails()
    trails.update([first, second], 0)
    painter(alone).tracks(alone, [second], trails)
    painter(crowded).tracks(crowded, [first, second], trails)
    color = class_color(2)
    assert (
        is_color(crowded[:98], color).sum() < is_color(alone[:98], color).sum()
    )
    # The first is as it would be without the other.
    assert is_color(crowded[:98], class_color(1)).sum() > 300


@pytest.mark.parametrize(
    ("width", "height", "pixels"),
    [
        pytest.param(160, 120, 11, id="never below 11"),
        pytest.param(320, 240, 11, id="small"),
        pytest.param(768, 576, 14, id="PAL"),
        pytest.param(1920, 1080, 23, id="full HD"),
        pytest.param(1080, 1920, 23, id="full HD upright"),
        pytest.param(3840, 2160, 43, id="4K"),
    ],
)
def test_letters_grow_with_the_frame(
    width: int, height: int, pixels: int
) -> None:
    assert Lettering(width, height).size == pixels


def test_letters_are_written() -> None:
    image = blank()
    Lettering(320, 240).write(image, "Fußgänger 行人", 10, 10, WHITE)
    assert is_color(image, WHITE).sum() > 50
    left, top, right, bottom = extent((image != 90).any(axis=2))
    assert left >= 10
    assert right <= 10 + Lettering(320, 240).width_of("Fußgänger 行人") + 1
    assert top >= 10
    assert bottom <= 10 + Lettering(320, 240).row


@pytest.mark.parametrize(
    ("ground", "letters"),
    [((255, 255, 0), BLACK), ((0, 0, 255), WHITE), (WHITE, BLACK)],
)
def test_letters_stand_out(
    ground: tuple[int, int, int], letters: tuple[int, int, int]
) -> None:
    assert readable_on(ground) == letters


def test_neighbouring_classes_differ_in_colour() -> None:
    for class_id in range(1, 90):
        here, there = class_color(class_id), class_color(class_id + 1)
        assert np.abs(np.subtract(here, there)).sum() > 150


def test_a_line_lights_up_when_it_is_crossed() -> None:
    line = Line("gate", (160, 0), (160, 240), ("right", "left"))
    calm, lit = blank(), blank()
    painter(calm).lines(calm, [line], [])
    painter(lit).lines(lit, [line], ["gate"])
    assert (calm[100, 160] > 200).all()
    assert lit[100, 160, 2] < 100 < lit[100, 160, 0]


def test_no_line_strikes_out_the_name_of_another() -> None:
    upright = Line("gate", (160, 0), (160, 240), ("right", "left"))
    level = Line("kerb", (0, 120), (320, 120), ("down", "up"))
    one_way, other_way = blank(), blank()
    painter(one_way).lines(one_way, [upright, level], [])
    painter(other_way).lines(other_way, [level, upright], [])
    right_of_arrows = slice(180, None)
    assert (one_way[:, right_of_arrows] == other_way[:, right_of_arrows]).all()


def test_trails_follow_live_tracks_for_some_seconds() -> None:
    trails = Trails(seconds=1)
    for step in range(5):
        box = (10.0 * step, 0, 10.0 * step + 10, 10)
        trails.update([track(7, box)], step / 2)
    assert trails.of(track(7)) == [(25, 5), (35, 5), (45, 5)]
    trails.update([], 3)
    trails.update([track(7, (0, 0, 10, 10))], 3.5)
    assert trails.of(track(7)) == [(5, 5)]


def test_the_panel_has_a_row_per_class_and_their_sum() -> None:
    totals = {
        "gate": {"right": Counter({3: 2, 1: 5}), "left": Counter({1: 1})},
        "path": {"down": Counter[int](), "up": Counter[int]()},
    }
    assert totals_table(totals, NAMES) == [
        Row("line", ("gate", "right", "left")),
        Row("class", ("person", "5", "1"), 1),
        Row("class", ("car", "2", "0"), 3),
        Row("sum", ("all", "7", "1")),
        Row("line", ("path", "down", "up")),
        Row("sum", ("all", "0", "0")),
    ]


def test_a_high_panel_leaves_the_classes_out() -> None:
    totals = {
        name: {"right": Counter(NAMES.keys()), "left": Counter[int]()}
        for name in ("one", "two")
    }
    small, large = blank(320, 240), blank(320, 960)
    for image in (small, large):
        painter(image).totals(image, totals)
    row = Lettering(320, 240).row

    def height(image: Image) -> int:
        return extent((image != 90).any(axis=2))[3]

    assert height(small) // row == 4
    assert height(large) // row == 10


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ((0, 0, 10, 10), True),
        ((9, 9, 20, 20), True),
        ((10, 0, 20, 10), False),
        ((0, 10, 10, 20), False),
    ],
)
def test_overlap(second: tuple[int, int, int, int], expected: bool) -> None:
    assert overlap((0, 0, 10, 10), second) == expected
