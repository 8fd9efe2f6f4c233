"""make_label_map.py: from a CSV, a JSON list or names to a pbtxt."""

import json
from pathlib import Path

import pytest

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.records.label_map import read_label_map
from scripts.make_label_map import main


def names_of(path: Path) -> list[str]:
    return list(read_label_map(path).names.values())


def test_from_a_csv(tmp_path: Path) -> None:
    rows = [
        Annotation("a.jpg", 9, 9, name, 0, 1, 1, 5, 5)
        for name in ("motorcycle", "car", "motorcycle")
    ]
    rows.append(Annotation("none.jpg", 9, 9))
    write_csv(table_of(rows), tmp_path / "train.csv")
    assert main([str(tmp_path / "train.csv"), "--output", str(tmp_path)]) == 0
    assert names_of(tmp_path / "train.pbtxt") == ["car", "motorcycle"]


def test_from_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "label_maps"
    options = ["--name", "two", "--output", str(output)]
    assert main(["person", "traffic light", *options]) == 0
    assert names_of(output / "two.pbtxt") == ["person", "traffic light"]
    assert capsys.readouterr().out == (
        "  1 person\n"
        "  2 traffic light\n"
        f"Wrote {output}/two.pbtxt.\n"
        "Next: python scripts/csv_to_tfrecord.py TRAIN.csv --images IMAGES "
        f"--label-map {output}/two.pbtxt --output records/two\n"
    )


@pytest.mark.parametrize(
    ("items", "names", "is_renumbered"),
    [
        pytest.param(
            [("person", 2), ("car", 1)], ["car", "person"], False, id="by id"
        ),
        pytest.param([("person", "1")], ["person"], False, id="id as text"),
        pytest.param(
            [("truck", 8), ("person", 1), ("car", 3)],
            ["person", "car", "truck"],
            True,
            id="gaps are closed, and it says so",
        ),
    ],
)
def test_from_json(
    items: list[tuple[str, object]],
    names: list[str],
    is_renumbered: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "classes.json"
    source.write_text(
        json.dumps([{"name": name, "id": id_} for name, id_ in items])
    )
    assert main([str(source), "--output", str(tmp_path)]) == 0
    assert names_of(tmp_path / "classes.pbtxt") == names
    assert ("renumbered" in capsys.readouterr().out) is is_renumbered


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("[{", "line 1 column 3: is not JSON", id="no JSON"),
        pytest.param("[]", "names no class", id="no class"),
        pytest.param('{"id": 1}', "it is a dict", id="no list"),
        pytest.param('["car"]', "an item is 'car'", id="bare name"),
        pytest.param('[{"name": "car"}]', "an item is {'name'", id="no id"),
        pytest.param(
            '[{"name": null, "id": 1}]', "an item is {", id="name is null"
        ),
        pytest.param(
            '[{"name": "car", "id": 1.5}]', "an item is {", id="id is 1.5"
        ),
        pytest.param(
            '[{"name": "car", "id": 0}]', "id 0 of 'car' is below 1", id="id 0"
        ),
        pytest.param(
            '[{"name": "car", "id": 1}, {"name": "bus", "id": 1}]',
            "id 1 is there twice",
            id="id twice",
        ),
        pytest.param(
            '[{"name": "car", "id": 1}, {"name": "car ", "id": 2}]',
            "class 'car' is there twice",
            id="name twice",
        ),
        pytest.param(
            '[{"name": " ", "id": 1}]', "id 1 has no name", id="blank name"
        ),
    ],
)
def test_bad_json_ends_with_one_line(
    text: str,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "classes.json"
    source.write_text(text)
    assert main([str(source), "--output", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source}" in line
    assert complaint in line
    assert not list(tmp_path.glob("*.pbtxt"))


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        pytest.param(["no.csv"], "no.csv: no such file", id="missing"),
        pytest.param(["car", "car"], "'car' is there twice", id="name twice"),
        pytest.param(
            ["train.csv", "val.csv"],
            "train.csv: is one of 2 sources; give one file",
            id="two files",
        ),
    ],
)
def test_bad_sources_end_with_one_line(
    source: list[str],
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*source, "--output", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert complaint in line


def test_bad_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([])
    assert leaving.value.code == 2
    assert "source" in capsys.readouterr().err
