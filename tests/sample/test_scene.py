"""Boxes and visibility are those of the pixels; light leaves them alone."""

from dataclasses import replace

import numpy as np
import pytest

from crossline.annotations.table import NO_CLASS
from crossline.sample.images import draw_images, label
from crossline.sample.light import DAY, LIGHTS, Light
from crossline.sample.objects import KINDS, Car, Look, random_look, sprite
from crossline.sample.places import HEIGHT, VIDEO_CAMERA, WIDTH
from crossline.sample.scene import Obstacle, Placed, Rendered, render
from crossline.sample.street import Street, draw_street

CLEAN = DAY._replace(noise=0.0)


def street(light: Light = CLEAN) -> Street:
    random = np.random.default_rng(1)
    return draw_street(
        (WIDTH, HEIGHT), VIDEO_CAMERA, light, random, has_park=True
    )


def placed(
    kind: str, x: float = 240.0, depth: float = 8.0, *, left: bool = False
) -> Placed:
    look = random_look(kind, np.random.default_rng(3))
    return Placed(look, 0, x, VIDEO_CAMERA.ground(depth), left)


def paint(
    *objects: Placed, behind: tuple[Obstacle, ...] = (), light: Light = CLEAN
) -> Rendered:
    random = np.random.default_rng(1)
    return render(street(light), objects, behind, light, random)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("faces_left", [False, True])
def test_a_sprite_fills_its_rectangle(kind: str, faces_left: bool) -> None:
    look = random_look(kind, np.random.default_rng(1))
    drawn = sprite(look, 0, 60.0, faces_left)
    covered = drawn.pixels[..., 3] > 0
    for edge in (covered[0], covered[-1], covered[:, 0], covered[:, -1]):
        assert edge.any()
    assert 0 < drawn.anchor < covered.shape[1]


def test_a_box_holds_its_object() -> None:
    """Two cars that differ in paint alone differ inside their box alone."""
    cars = [
        paint(replace(placed("car", x=200.4), look=Look(Car(0, color), 1.0)))
        for color in ((250, 20, 20), (20, 20, 250))
    ]
    box = cars[0].boxes[0]
    assert (box == cars[1].boxes[0]).all()
    differ = (cars[0].image != cars[1].image).any(axis=2)
    rows = np.flatnonzero(differ.any(axis=1))
    columns = np.flatnonzero(differ.any(axis=0))
    assert box[0] == pytest.approx(columns[0], abs=1)
    assert box[1] == pytest.approx(rows[0], abs=1)
    assert box[2] == pytest.approx(columns[-1] + 1, abs=1)
    assert box[3] == round(VIDEO_CAMERA.ground(8.0))


def test_an_object_moves_by_parts_of_a_pixel() -> None:
    first, second = (paint(placed("car", x=x)) for x in (200.0, 200.25))
    assert second.boxes[0, 0] - first.boxes[0, 0] == pytest.approx(0.25)
    assert (first.image != second.image).any()


def test_what_stands_in_front_hides() -> None:
    car = placed("car", depth=8.0)
    in_front = Obstacle("kiosk", 1, 240.0, VIDEO_CAMERA.ground(6.3))
    behind = Obstacle("kiosk", 1, 240.0, VIDEO_CAMERA.ground(14.0))
    assert paint(car).visibility == pytest.approx([1.0])
    assert paint(car, behind=(behind,)).visibility == pytest.approx([1.0])
    hidden = paint(car, behind=(in_front,))
    assert hidden.visibility[0] < 0.7
    assert (hidden.boxes == paint(car).boxes).all(), "boxes are whole objects"


def test_a_nearer_object_hides_a_farther_one() -> None:
    rendered = paint(placed("car", depth=8.0), placed("person", depth=9.0))
    assert rendered.visibility[0] == pytest.approx(1.0)
    assert rendered.visibility[1] < 0.6


def test_what_is_cut_by_the_frame_is_not_in_full_view() -> None:
    rendered = paint(placed("car", x=0.0))
    assert rendered.visibility[0] == pytest.approx(0.5, abs=0.1)
    assert rendered.boxes[0, 0] < 0


@pytest.mark.parametrize("light", LIGHTS, ids=range(len(LIGHTS)))
def test_light_does_not_move_anything(light: Light) -> None:
    shown = paint(placed("car"), light=light)
    plain = paint(placed("car"))
    assert (shown.boxes == plain.boxes).all()
    assert (shown.image != plain.image).any()


def test_lamps_shine_at_night() -> None:
    night = LIGHTS[-1]._replace(noise=0.0)
    lit = paint(placed("car"), light=night)
    unlit = paint(placed("car"), light=night._replace(is_dark=False))
    brighter = lit.image.astype(int) - unlit.image
    ymin, ymax = (round(edge) for edge in lit.boxes[0, [1, 3]])
    assert brighter.min() >= 0
    assert brighter[ymin:ymax].max() > 100


def test_rendering_leaves_the_street_as_it_is() -> None:
    empty = street()
    before = empty.image.copy(), empty.glow.copy()
    random = np.random.default_rng(1)
    render(empty, [placed("car")], [], LIGHTS[-1], random)
    assert (empty.image == before[0]).all()
    assert (empty.glow == before[1]).all()


@pytest.mark.parametrize(
    ("visibility", "box", "labelled"),
    [
        pytest.param(1.0, (10, 20, 50, 60), True, id="in full view"),
        pytest.param(0.16, (10, 20, 50, 60), True, id="hidden by 84 %"),
        pytest.param(0.14, (10, 20, 50, 60), False, id="hidden by 86 %"),
        pytest.param(0.5, (-36, 20, 4, 60), False, id="a sliver is inside"),
    ],
)
def test_labels_are_for_what_one_can_see(
    visibility: float, box: tuple[int, ...], labelled: bool
) -> None:
    rendered = Rendered(
        np.zeros((HEIGHT, WIDTH, 3), np.uint8),
        np.array([box], float),
        np.array([visibility]),
    )
    rows = label("a.jpg", [placed("car")], rendered)
    assert len(rows) == labelled


def test_boxes_are_cut_at_the_frame() -> None:
    rendered = Rendered(
        np.zeros((HEIGHT, WIDTH, 3), np.uint8),
        np.array([[-20.0, 300.0, 40.0, 380.0]]),
        np.array([0.6]),
    )
    (row,) = label("a.jpg", [placed("person")], rendered)
    assert row.class_name == "person"
    assert (row.xmin, row.ymin, row.xmax, row.ymax) == (0, 300, 40, HEIGHT)


def test_an_image_does_not_depend_on_how_many_there_are() -> None:
    few, more = (list(draw_images(count, seed=7)) for count in (2, 3))
    for (name, one), (same_name, other) in zip(few, more, strict=False):
        assert name == same_name
        assert (one.image == other.image).all()
        assert one.rows == other.rows


def test_images_are_varied() -> None:
    rows = [row for _, image in draw_images(36, seed=1) for row in image.rows]
    empty = [row for row in rows if row.class_name == NO_CLASS]
    assert 1 <= len(empty) <= 8
    for kind in KINDS:
        heights = [r.ymax - r.ymin for r in rows if r.class_name == kind]
        assert len(heights) > 25
        assert max(heights) > 3 * min(heights)
