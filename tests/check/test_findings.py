"""Each thing that is looked for: found where it is, and nowhere else."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from crossline.check.findings import KINDS
from crossline.errors import InputError
from tests.check.data_sets import (
    SOUND,
    checked,
    kinds_of,
    noise,
    write_image,
    write_lines,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Holds a.png, b.png and c.png of 100x80, d.png of 300x300."""
    for name in ("a", "b", "c"):
        write_image(tmp_path / f"{name}.png")
    write_image(tmp_path / "d.png", width=300, height=300)
    return tmp_path


def test_a_sound_data_set_has_no_findings(folder: Path) -> None:
    csv = write_lines(folder / "all.csv", *SOUND, "c.png,100,80,,,,,")
    _, found = checked(folder, csv)
    assert kinds_of(found) == {}


@pytest.mark.parametrize(
    ("kind", "lines", "detail"),
    [
        pytest.param(
            "box_outside",
            ["c.png,100,80,car,90,10,120,30"],
            "car at 90, 10, 120, 30, image 100x80",
            id="a box over the right edge",
        ),
        pytest.param(
            "box_outside",
            ["c.png,100,80,car,10,-3,20,30"],
            "car at 10, -3, 20, 30, image 100x80",
            id="a box over the top",
        ),
        pytest.param(
            "box_empty",
            ["c.png,100,80,car,10,10,10,30"],
            "car at 10, 10, 10, 30, image 100x80",
            id="a box without width",
        ),
        pytest.param(
            "box_inside_out",
            ["c.png,100,80,car,40,10,20,30"],
            "car at 40, 10, 20, 30, image 100x80",
            id="left and right exchanged",
        ),
        pytest.param(
            "box_without_edge",
            ["c.png,100,80,car,40,10,,30"],
            "car at 40, 10, ?, 30, image 100x80",
            id="an edge is missing",
        ),
        pytest.param(
            "bad_number",
            ["c.png,100,80,car,40,ten,60,30"],
            "ymin is 'ten', not a number",
            id="a word for a number",
        ),
        pytest.param(
            "box_without_class",
            ["c.png,100,80,,40,10,60,30"],
            "no class at 40, 10, 60, 30, image 100x80",
            id="no class",
        ),
        pytest.param(
            "no_filename",
            [",100,80,car,40,10,60,30"],
            "car at 40, 10, 60, 30, image 100x80",
            id="no file name",
        ),
        pytest.param(
            "empty_and_boxes",
            ["c.png,100,80,car,40,10,60,30", "c.png,100,80,,,,,"],
            "no class at ?, ?, ?, ?, image 100x80",
            id="empty and not",
        ),
        pytest.param(
            "box_doubled",
            ["c.png,100,80,car,40,10,60,30"] * 2,
            "car at 40, 10, 60, 30, image 100x80",
            id="the same box twice",
        ),
        pytest.param(
            "boxes_overlap",
            ["c.png,100,80,car,40,10,80,50", "c.png,100,80,car,40,10,80,51"],
            "car, IoU 0.98",
            id="nearly the same box twice",
        ),
        pytest.param(
            "two_classes",
            ["c.png,100,80,car,40,10,80,50", "c.png,100,80,bus,40,10,80,51"],
            "car and bus, IoU 0.98",
            id="one object of two classes",
        ),
        pytest.param(
            "box_tiny",
            ["d.png,300,300,car,40,10,44,18"],
            "car, 4.0 x 8.0 pixels of the model's 300 x 300",
            id="a box below 8 pixels",
        ),
        pytest.param(
            "size_differs",
            ["c.png,100,60,car,40,10,60,30"],
            "annotated 100x60, the image is 100x80",
            id="another size",
        ),
        pytest.param(
            "size_differs",
            ["c.png,120,80,car,40,10,118,30"],
            "annotated 120x80, the image is 100x80; its boxes do not fit",
            id="another size that its boxes need",
        ),
        pytest.param(
            "size_differs",
            ["c.png,50,40,car,40,10,49,30"],
            "annotated 50x40, the image is 100x80; perhaps scaled "
            "without its boxes",
            id="the image was enlarged",
        ),
        pytest.param(
            "two_sizes",
            ["c.png,100,80,car,40,10,60,30", "c.png,90,80,bus,4,10,60,30"],
            "annotated 100x80, the image is 100x80",
            id="rows of two sizes",
        ),
        pytest.param(
            "missing_image",
            ["nowhere.png,100,80,car,40,10,60,30"],
            "not in ",
            id="no such image",
        ),
    ],
)
def test_a_bad_row_is_found(
    kind: str, lines: list[str], detail: str, folder: Path
) -> None:
    csv = write_lines(folder / "all.csv", *SOUND, *lines)
    _, found = checked(folder, csv)
    assert kinds_of(found) == {kind: 1}
    (finding,) = (each for each in found if each.kind.name == kind)
    assert finding.detail.startswith(detail)
    assert finding.part == "all.csv"
    # Of two rows, the one that could go: the second.
    last = len(SOUND) + len(lines) - 1
    assert not finding.rows or finding.rows[-1] in (last, len(SOUND))


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"<html>404</html>", "of no known format", id="a page"),
        pytest.param(None, "cannot be read as an image", id="cut short"),
    ],
)
def test_a_damaged_image_is_found(
    data: bytes | None, detail: str, folder: Path
) -> None:
    whole = (folder / "c.png").read_bytes()
    (folder / "c.png").write_bytes(whole[:9000] if data is None else data)
    csv = write_lines(folder / "all.csv", *SOUND, "c.png,100,80,,,,,")
    _, found = checked(folder, csv)
    assert kinds_of(found) == {"unreadable_image": 1}
    assert detail in found[0].detail


@pytest.mark.parametrize(
    ("size", "kinds"),
    [
        pytest.param("80,100", {"exif_orientation": 1}, id="upright"),
        pytest.param(
            "100,80",
            {"exif_orientation": 1, "exif_turned": 1},
            id="as it lies",
        ),
    ],
)
def test_an_exif_rotation_is_found(
    size: str, kinds: dict[str, int], folder: Path
) -> None:
    write_image(folder / "c.png", orientation=6)
    line = f"c.png,{size},car,40,10,60,30"
    _, found = checked(folder, write_lines(folder / "all.csv", *SOUND, line))
    assert kinds_of(found) == kinds


@pytest.mark.parametrize(
    "level", [pytest.param(0, id="black"), pytest.param(200, id="grey")]
)
def test_a_picture_of_nothing_is_blurred(level: int, folder: Path) -> None:
    Pillow.fromarray(np.full((80, 100, 3), level, np.uint8)).save(
        folder / "c.png"
    )
    csv = write_lines(folder / "all.csv", *SOUND, "c.png,100,80,,,,,")
    _, found = checked(folder, csv)
    assert kinds_of(found) == {"image_blurred": 1}


def copies(folder: Path, how: str) -> None:
    if how == "same":
        (folder / "c.png").write_bytes((folder / "a.png").read_bytes())
    else:
        own = int.from_bytes(b"a.png")
        near = noise(own).astype(int) + 3
        Pillow.fromarray(near.clip(0, 255).astype(np.uint8)).save(
            folder / "c.png"
        )


@pytest.mark.parametrize(
    ("how", "kind", "detail"),
    [
        pytest.param(
            "same", "duplicate_image", "the same file as a.png", id="same"
        ),
        pytest.param("near", "near_duplicate", "looks like a.png", id="near"),
    ],
)
def test_a_duplicate_is_found(
    how: str, kind: str, detail: str, folder: Path
) -> None:
    copies(folder, how)
    csv = write_lines(
        folder / "all.csv", *SOUND, "c.png,100,80,car,12,20,31,49"
    )
    _, found = checked(folder, csv)
    assert kinds_of(found) == {kind: 1}
    (finding,) = (each for each in found if each.kind.name == kind)
    assert finding.filename == "c.png"
    assert finding.detail.startswith(detail)


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        pytest.param("same", "leaked_image", id="same"),
        pytest.param("near", "leaked_near_duplicate", id="near"),
    ],
)
@pytest.mark.parametrize("order", ["train first", "val first"])
def test_a_leak_is_told_of_the_training_part(
    how: str, kind: str, order: str, folder: Path
) -> None:
    copies(folder, how)
    train = write_lines(folder / "train.csv", *SOUND)
    val = write_lines(folder / "val.csv", "c.png,100,80,car,12,20,31,49")
    csvs = [train, val] if order == "train first" else [val, train]
    _, found = checked(folder, *csvs)
    assert kinds_of(found) == {kind: 1}
    (finding,) = (each for each in found if each.kind.name == kind)
    assert (finding.part, finding.filename) == ("train.csv", "a.png")
    assert (finding.other_part, finding.other_filename) == (
        "val.csv",
        "c.png",
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("c.png,100,80,car,60,40,80,70", id="elsewhere"),
        pytest.param("c.png,100,80,bus,10,20,30,50", id="another class"),
        pytest.param("c.png,100,80,,,,,", id="nothing"),
    ],
)
def test_other_objects_before_one_background_are_no_leak(
    line: str, folder: Path
) -> None:
    copies(folder, "near")
    train = write_lines(folder / "train.csv", *SOUND)
    _, found = checked(folder, train, write_lines(folder / "val.csv", line))
    assert kinds_of(found) == {"same_scene": 1}
    all_of_them = write_lines(folder / "all.csv", *SOUND, line)
    _, found = checked(folder, all_of_them)
    assert kinds_of(found) == {}


def test_an_image_that_both_parts_name_is_a_leak(folder: Path) -> None:
    train = write_lines(folder / "train.csv", *SOUND)
    val = write_lines(folder / "val.csv", SOUND[0])
    _, found = checked(folder, train, val)
    assert kinds_of(found) == {"leaked_image": 1}


def test_many_frames_of_one_picture_are_told_once_each(folder: Path) -> None:
    lines: list[str] = []
    for number in range(40):
        frame = noise(7).astype(int) + number % 5
        name = f"{number}.png"
        Pillow.fromarray(frame.clip(0, 255).astype(np.uint8)).save(
            folder / name
        )
        lines.append(f"{name},100,80,car,40,10,60,30")
    _, found = checked(folder, write_lines(folder / "all.csv", *lines))
    assert kinds_of(found) == {"near_duplicate": 4, "duplicate_image": 35}


def boxes_of(counts: dict[str, int]) -> list[str]:
    """Returns rows of d.png, apart from each other."""
    lines: list[str] = []
    for name, count in counts.items():
        for _ in range(count):
            place = len(lines)
            x, y = 20 * (place % 15), 12 * (place // 15)
            lines.append(f"d.png,300,300,{name},{x},{y},{x + 18},{y + 10}")
    return lines


@pytest.mark.parametrize(
    ("counts", "kind", "detail"),
    [
        pytest.param(
            {"traffic light": 30, "Traffic_Light": 2},
            "class_spelling",
            "'Traffic_Light' (2 boxes), mostly 'traffic light'",
            id="case and underscore",
        ),
        pytest.param(
            {"car": 25, "Car": 25},
            "class_spelling",
            "'Car' (25 boxes), mostly 'car'",
            id="as frequent: COCO's goes first",
        ),
        pytest.param(
            {"motorcycle": 40, "motorcyle": 3},
            "class_misspelt",
            "'motorcyle' (3 boxes): is it 'motorcycle' (40 boxes)?",
            id="a slip",
        ),
        pytest.param(
            {"trafic light": 25},
            "class_near_coco",
            "'trafic light' (25 boxes); COCO has 'traffic light'",
            id="nearly COCO's",
        ),
        pytest.param(
            {"car": 19}, "class_rare", "car: 19 boxes", id="few boxes"
        ),
    ],
)
def test_an_odd_class_is_found(
    counts: dict[str, int], kind: str, detail: str, folder: Path
) -> None:
    csv = write_lines(folder / "all.csv", *boxes_of(counts))
    _, found = checked(folder, csv)
    assert [each.detail for each in found if each.kind.name == kind] == [
        detail
    ]


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({"car": 40, "cat": 2}, id="COCO's own names"),
        pytest.param({"speed30": 40, "speed50": 2}, id="numbers"),
        pytest.param({"hamster": 40, "hammers": 20}, id="both frequent"),
    ],
)
def test_names_that_are_near_on_purpose_are_left_alone(
    counts: dict[str, int], folder: Path
) -> None:
    csv = write_lines(folder / "all.csv", *boxes_of(counts))
    _, found = checked(folder, csv)
    assert kinds_of(found) == {}


def test_a_class_that_is_not_trained_is_found(folder: Path) -> None:
    train = write_lines(folder / "train.csv", *SOUND)
    val = write_lines(folder / "val.csv", "c.png,100,80,dog,40,10,60,30")
    _, found = checked(folder, train, val)
    assert kinds_of(found) == {"class_not_trained": 1}


def test_no_image_at_all_is_a_wrong_folder(tmp_path: Path) -> None:
    csv = write_lines(tmp_path / "all.csv", *SOUND)
    with pytest.raises(InputError, match="none of the 2 annotated images"):
        checked(tmp_path, csv)


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) > 25
