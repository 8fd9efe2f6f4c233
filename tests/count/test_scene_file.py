"""A scene in YAML: read, written, refused with the line that is wrong."""

from pathlib import Path

import pytest

from crossline.count.lines import Line
from crossline.count.scene import Scene
from crossline.count.scene_file import read_scene, scene_of, scene_text
from crossline.count.zones import Zone
from crossline.errors import InputError

STREET = """\
lines:
  gate:
    points: [[0.5, 0], [0.5, 1]]
    directions: [in, out]
  kerb:
    points: [[0, 60], [200, 60]]
zones:
  yard:
    points: [[0.1, 0.2], [0.6, 0.2], [0.6, 0.9]]
"""
GATE = Line("gate", (100, 0), (100, 100), ("in", "out"))
KERB = Line("kerb", (0, 60), (200, 60), ("down", "up"))
YARD = Zone("yard", ((20, 20), (120, 20), (120, 90)))


def read(tmp_path: Path, text: str | bytes) -> Scene:
    path = tmp_path / "street.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_scene(path, 200, 100)


def test_reads_fractions_and_pixels(tmp_path: Path) -> None:
    assert read(tmp_path, STREET) == Scene((GATE, KERB), (YARD,))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    beyond = Line("beyond", (-5, 50), (205, 50), ("down", "up"))
    scene = Scene((GATE, KERB, beyond), (YARD,))
    assert read(tmp_path, scene_text(scene, 200, 100)) == scene


@pytest.mark.parametrize("word", ["on", "yes", "12", "ab: c", "größer", "#1"])
def test_any_word_may_be_a_name(word: str, tmp_path: Path) -> None:
    line = Line(word, (100, 0), (100, 100), (word + " in", word))
    text = scene_text(Scene((line,)), 200, 100)
    assert read(tmp_path, text) == Scene((line,))
    if word.isalnum():
        plain = f"lines: {{{word}: {{points: [[0.5, 0], [0.5, 1]]}}}}"
        assert read(tmp_path, plain).lines[0].name == word


def test_file_and_command_line_together(tmp_path: Path) -> None:
    read(tmp_path, STREET)
    path = tmp_path / "street.yaml"
    scene = scene_of(["mid=0,0.5,1,0.5"], [], path, 200, 100)
    assert [line.name for line in scene.lines] == ["mid", "gate", "kerb"]
    with pytest.raises(InputError, match="'gate': is given 2 times"):
        scene_of(["gate=0,0.5,1,0.5"], [], path, 200, 100)


def one_line(**values: str) -> str:
    given = {"points": "[[0, 0], [1, 1]]", **values}
    body = "".join(f"    {key}: {value}\n" for key, value in given.items())
    return f"# street\nlines:\n  gate:\n{body}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", ": is empty", id="empty"),
        pytest.param("# later\n", "neither lines nor zones", id="a comment"),
        pytest.param("lines:\nzones:\n", "neither lines", id="empty places"),
        pytest.param(
            "line: {}\n",
            "line 1: knows no 'line'; there may be lines and zones",
            id="a key of its own",
        ),
        pytest.param("a: [1\n", "line 2: is not YAML", id="no YAML"),
        pytest.param(b"\xff\xfe\x00", "is not YAML", id="no text"),
        pytest.param("[" * 5000, "is not YAML", id="too deep"),
        pytest.param("- a\n", "line 1: is no mapping of names", id="a list"),
        pytest.param(
            "lines:\n- points: 1\n", "line 2: is no mapping", id="nameless"
        ),
        pytest.param(
            "lines:\n  a: 5\n",
            r"line 2 \(a\): is '5'; it has points and directions",
            id="a number for a line",
        ),
        pytest.param(
            one_line(colour="red"),
            r"line 3 \(gate\): knows no 'colour'",
            id="a key too many",
        ),
        pytest.param(
            "lines:\n  a: {directions: [b, c]}\n",
            r"line 2 \(a\): has no points",
            id="no points",
        ),
        pytest.param(
            one_line(points="[0, 0, 1, 1]"),
            "points are pairs of numbers",
            id="points in a row",
        ),
        pytest.param(
            one_line(points="[[0, 0], [a, b]]"),
            "points are pairs of numbers",
            id="no numbers",
        ),
        pytest.param(
            one_line(points="[[0, 0], [.nan, 1]]"), "points", id="nan"
        ),
        pytest.param(
            one_line(points="[[0, 0], [1, 1], [0, 1]]"),
            "has 3 points; a line has 2",
            id="a line of three",
        ),
        pytest.param(
            one_line(points="[[3, 4], [3, 4]]"), "has no length", id="a point"
        ),
        pytest.param(
            one_line(points="[[300, 4], [300, 9]]"),
            "outside the frame of 200x100 pixels",
            id="outside",
        ),
        pytest.param(
            one_line(directions="in"), "has directions 'in'", id="one word"
        ),
        pytest.param(
            one_line(directions="[in]"), "has directions", id="one direction"
        ),
        pytest.param(
            one_line(directions="[in, in]"), "of one name, 'in'", id="alike"
        ),
        pytest.param(
            one_line() + "  gate:\n    points: [[0, 1], [1, 0]]\n",
            "line 5: name 'gate' is taken by line 3",
            id="a name twice",
        ),
        pytest.param(
            one_line() + "zones:\n  gate: {points: [[0, 0], [1, 0], [1, 1]]}",
            "line 6: name 'gate' is taken by line 3",
            id="a zone named as a line",
        ),
        pytest.param(
            "zones:\n  a: {points: [[0, 0], [1, 1], [1, 0], [0, 1]]}",
            r"line 2 \(a\): crosses itself; name its corners in the order",
            id="a zone that crosses itself",
        ),
    ],
)
def test_refuses(text: str | bytes, problem: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        read(tmp_path, text)
    assert "street.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)
