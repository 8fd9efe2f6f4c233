"""Lines and zones that are none, on the command line and in YAML."""

from pathlib import Path

import pytest

from tests.bad_input.conftest import Lay, Refuses, Run
from tests.video.videos import grey_frames, write_video

COUNT = "count_video a.mp4 --model tiny.tflite --output out --no-video"
ZONE = "zones:\n  yard:\n    points: "

pytestmark = pytest.mark.usefixtures("model")


@pytest.fixture(autouse=True)
def _video(folder: Path) -> None:
    write_video(folder / "a.mp4", grey_frames(2))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("{}", "holds neither lines nor zones", id="nothing"),
        pytest.param("lines: [", "line 1: is not YAML (...)", id="no YAML"),
        pytest.param(b"\xff\xd8\xff\xe0", "is not YAML (...)", id="a picture"),
        pytest.param("gate: 0.5", "line 1: knows no 'gate'; ...", id="key"),
        pytest.param(
            "lines:\n  gate:\n    points: [[5, 5], [5, 5]]\n",
            "line 2 (gate): has no length; name two different points",
            id="a line of no length",
        ),
        pytest.param(
            "lines:\n  gate:\n    points: [[65, 0], [65, 48]]\n",
            "line 2 (gate): lies outside the frame of 64x48 pixels",
            id="a line outside the frame",
        ),
        pytest.param(
            "lines:\n  gate:\n    points: [[.nan, 0], [65, 48]]\n",
            "line 2 (gate): has points ...; points are pairs of numbers",
            id="nan",
        ),
        pytest.param(
            "lines:\n  a: {points: [[0, 0], [1, 1]]}\n"
            "  a: {points: [[0, 1], [1, 0]]}\n",
            "line 3: name 'a' is taken by line 2; give each line and zone a "
            "name of its own",
            id="two lines of one name",
        ),
        pytest.param(
            ZONE + "[[0, 0], [1, 1], [1, 0], [0, 1]]\n",
            "line 2 (yard): crosses itself; name its corners in the order of "
            "its edge",
            id="a zone that crosses itself",
        ),
        pytest.param(
            ZONE + "[[0, 0], [0.5, 0.5], [1, 1]]\n",
            "line 2 (yard): has no area: its points lie on one straight line",
            id="a flat zone",
        ),
        pytest.param(
            ZONE + "[[0, 0], [1, 1]]\n",
            "line 2 (yard): has 2 different points; a zone has 3 or more",
            id="a zone of two points",
        ),
    ],
)
def test_yaml(
    text: str | bytes, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"street.yaml": text})
    place = "" if line.startswith("line") else ":"
    refuses(f"{COUNT} --scene street.yaml", f"street.yaml{place} {line}")


def test_no_yaml(refuses: Refuses) -> None:
    refuses(f"{COUNT} --scene street.yaml", "street.yaml: no such file")


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        pytest.param(
            "yard=70,0,90,0,90,9",
            "zone 'yard=70,0,90,0,90,9': lies outside the frame of 64x48 "
            "pixels",
            id="outside the frame",
        ),
        pytest.param(
            "gate=0,0,1,0,1,1 --line gate=0,0,1,1",
            "name 'gate': is given 2 times; give each line and zone a name "
            "of its own",
            id="named as a line",
        ),
    ],
)
def test_zones(zone: str, line: str, refuses: Refuses) -> None:
    refuses(f"{COUNT} --zone {zone}", line)


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param("yard=0,0,9,9,9,0,0,9", id="crosses itself"),
        pytest.param("yard=0,0,5,5,9,9", id="flat"),
        pytest.param("yard=0,0,9,9", id="two points"),
        pytest.param("yard=0,0,9,9,9", id="half a point"),
        pytest.param("yard=0,0,9,9,inf,0", id="infinite"),
        pytest.param("0,0,9,9,9,0", id="no name"),
    ],
)
def test_no_zones(zone: str, run: Run) -> None:
    with pytest.raises(SystemExit) as left:
        run(f"{COUNT} --zone {zone}")
    assert left.value.code == 2
