"""What is repaired, what is not, and that it then passes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossline.annotations.table import check_table, read_csv, write_csv
from crossline.check.check import check, read_facts
from crossline.check.findings import Severity
from crossline.check.parts import Part, read_parts
from crossline.check.repair import repair
from tests.check.data_sets import SOUND, kinds_of, write_image, write_lines

UNREPAIRED = {"size_differs", "leaked_near_duplicate"}
"""Errors about which somebody has to think."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        write_image(tmp_path / f"{name}.png")
    return tmp_path


def repaired(
    folder: Path, *csvs: Path
) -> tuple[Sequence[Part], list[tuple[int, str]]]:
    parts = read_parts(csvs, folder)
    mended, actions = repair(parts, read_facts(parts, workers=1))
    return mended, [(action.line, action.done) for action in actions]


def lines_of(part: Part, path: Path) -> list[str]:
    """Returns the CSV's lines without the columns that nobody gave."""
    write_csv(part.table, path)
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    return [",".join([*row[:4], *row[5:9]]) for row in rows]


@pytest.mark.parametrize(
    ("bad", "good", "done"),
    [
        pytest.param(
            ["c.png,100,80,car,90,-10,120,30"],
            ["c.png,100,80,car,90,0,100,30"],
            ["corrected: box clipped to its image"],
            id="clipped",
        ),
        pytest.param(
            ["c.png,100,80,car,60,30,40,10"],
            ["c.png,100,80,car,40,10,60,30"],
            ["corrected: edges exchanged"],
            id="turned outside in",
        ),
        pytest.param(
            ["c.png,100,80,car,120,30,90,10"],
            ["c.png,100,80,car,90,10,100,30"],
            ["corrected: box clipped to its image"],
            id="turned and clipped",
        ),
        pytest.param(
            ["c.png,100,80,car,40,10,40,30", "c.png,100,80,car,1,2,30,40"],
            ["c.png,100,80,car,1,2,30,40"],
            ["dropped: a box without area in the image"],
            id="an empty box dropped",
        ),
        pytest.param(
            ["c.png,100,80,car,140,10,160,30"],
            [],
            ["dropped: a box without area in the image"],
            id="an image that loses its last box is left out",
        ),
        pytest.param(
            ["c.png,100,80,car,1,x,30,40", "c.png,100,80,car,1,2,30,40"],
            ["c.png,100,80,car,1,2,30,40"],
            [
                "emptied: a cell that holds no number (ymin)",
                "dropped: a box without all its edges",
            ],
            id="a box without a number dropped",
        ),
        pytest.param(
            ["c.png,100,80,,1,2,30,40"],
            [],
            ["dropped: a box without a class"],
            id="a box without a class dropped",
        ),
        pytest.param(
            [",100,80,car,1,2,30,40"],
            [],
            ["dropped: names no image"],
            id="a row without a name dropped",
        ),
        pytest.param(
            ["c.png,100,80,car,1,2,30,40", "c.png,100,80,,,,,"],
            ["c.png,100,80,car,1,2,30,40"],
            ["dropped: says that an image with boxes has none"],
            id="a contradiction dropped",
        ),
        pytest.param(
            ["c.png,100,80,car,1,2,1,40", "c.png,100,80,,,,,"],
            [],
            [
                "dropped: a box without area in the image",
                "dropped: says that an image with boxes has none",
            ],
            id="an image with a lost box does not become a negative",
        ),
        pytest.param(
            ["c.png,100,80,car,1,2,30,40"] * 3,
            ["c.png,100,80,car,1,2,30,40"],
            ["dropped: a box that is there twice"] * 2,
            id="doubles dropped",
        ),
        pytest.param(
            ["c.png,100,80,car,-9,2,30,40", "c.png,100,80,car,0,2,30,40"],
            ["c.png,100,80,car,0,2,30,40"],
            [
                "corrected: box clipped to its image",
                "dropped: a box that is there twice",
            ],
            id="doubles once clipped",
        ),
        pytest.param(
            ["c.png,0,0,car,1,2,30,40"],
            ["c.png,100,80,car,1,2,30,40"],
            ["corrected: the image's size"],
            id="no size",
        ),
        pytest.param(
            ["c.png,80,100,car,1,2,90,40"],
            ["c.png,100,80,car,1,2,90,40"],
            ["corrected: the image's size"],
            id="width and height exchanged",
        ),
        pytest.param(
            ["c.png,50,40,car,1,2,30,40"],
            ["c.png,50,40,car,1,2,30,40"],
            [],
            id="a scaled image is left to somebody who looks",
        ),
        pytest.param(
            ["c.png,100,80,Bus,1,2,30,40"],
            ["c.png,100,80,bus,1,2,30,40"],
            ["renamed: 'Bus' to 'bus'"],
            id="a spelling",
        ),
        pytest.param(
            ["c.png,100,80,buss,1,2,30,40"],
            ["c.png,100,80,buss,1,2,30,40"],
            [],
            id="a slip is left to somebody who knows",
        ),
        pytest.param(
            ["gone.png,100,80,car,1,2,30,40"],
            [],
            ["dropped: the image is missing"],
            id="a missing image dropped",
        ),
    ],
)
def test_what_is_done_is_done_and_told(
    bad: list[str], good: list[str], done: list[str], folder: Path
) -> None:
    csv = write_lines(folder / "all.csv", *SOUND, *bad)
    before = csv.read_bytes()
    (part,), actions = repaired(folder, csv)
    assert lines_of(part, folder / "new.csv") == [*SOUND, *good]
    assert sorted(what for _, what in actions) == sorted(done)
    assert {line for line, _ in actions} <= set(range(4, 4 + len(bad)))
    assert csv.read_bytes() == before


def test_an_undecodable_image_is_dropped(folder: Path) -> None:
    (folder / "c.png").write_bytes(b"no image")
    csv = write_lines(folder / "all.csv", *SOUND, "c.png,100,80,,,,,")
    (part,), actions = repaired(folder, csv)
    assert lines_of(part, folder / "new.csv") == list(SOUND)
    assert actions == [(4, "dropped: the image cannot be decoded")]


def test_a_leak_stays_where_it_judges(folder: Path) -> None:
    (folder / "c.png").write_bytes((folder / "a.png").read_bytes())
    train = write_lines(folder / "train.csv", *SOUND)
    val = write_lines(folder / "val.csv", "c.png,100,80,car,10,20,30,50")
    test = write_lines(folder / "test.csv", SOUND[1])
    parts, actions = repaired(folder, test, train, val)
    kept = {part.name: part.filenames() for part in parts}
    assert kept == {
        "train.csv": [],
        "val.csv": ["c.png"],
        "test.csv": ["b.png"],
    }
    assert actions == [
        (2, "dropped: a later part has the image too"),
        (3, "dropped: a later part has the image too"),
    ]


names = st.sampled_from(["a.png", "b.png", "gone.png", "broken.png", ""])
classes = st.sampled_from(["car", "Car", "traffic-light", "traffic light", ""])
sizes = st.sampled_from(
    ["100,80", "80,100", "0,0", "50,40", "wide,80", "90,80"]
)
edges = st.sampled_from(
    ["", "x", "-5", "0", "10", "33.3", "79", "100.4", "250"]
)
rows = st.builds(
    lambda name, size, class_name, box: ",".join(
        [name, size, class_name, *box]
    ),
    names,
    sizes,
    classes,
    st.lists(edges, min_size=4, max_size=4),
)


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wild")
    write_image(folder / "a.png")
    write_image(folder / "b.png", orientation=6)
    (folder / "broken.png").write_bytes(b"no image")
    return folder


@settings(max_examples=60)
@given(parts=st.lists(st.lists(rows, max_size=8), min_size=1, max_size=2))
def test_what_is_repaired_passes(parts: list[list[str]], wild: Path) -> None:
    csvs = [
        write_lines(wild / f"{part}.csv", SOUND[0], *lines)
        for part, lines in zip(("train", "val"), parts, strict=False)
    ]
    read = read_parts(csvs, wild)
    facts = read_facts(read, workers=1)
    mended, _ = repair(read, facts)
    errors = [
        finding
        for finding in check(mended, facts, 300)
        if finding.kind.severity == Severity.ERROR
    ]
    assert kinds_of(errors).keys() <= UNREPAIRED
    for part in mended:
        check_table(part.table, part.path)
        write_csv(part.table, wild / "new.csv")
        assert len(read_csv(wild / "new.csv")) == len(part.table)
