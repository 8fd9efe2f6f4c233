"""Two files of tracks in, scores and counts out."""

import json
from pathlib import Path

import pytest

from scripts.evaluate_tracking import main

FRAMES = 10
LINE = "gate=50,0,50,100"


def rows(
    track_id: int, left: int, step: int, y: int, *, tail: str = "1,3,1"
) -> list[str]:
    """A box of 20 x 20 on a straight way."""
    return [
        f"{frame + 1},{track_id},{left + step * frame},{y},20,20,{tail}"
        for frame in range(FRAMES)
    ]


TRUTH = rows(1, 0, 10, 10) + rows(2, 80, -10, 60)


def judge(
    tmp_path: Path, truth: list[str], result: list[str], *options: str
) -> dict[str, object]:
    for name, lines in (("truth", truth), ("result", result)):
        (tmp_path / f"{name}.txt").write_text("\n".join(lines))
    files = [str(tmp_path / f"{name}.txt") for name in ("truth", "result")]
    assert main([*files, *options]) == 0
    scores: dict[str, object] = json.loads(
        (tmp_path / "result.json").read_text()
    )
    return scores


def test_the_truth_itself_is_perfect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = judge(tmp_path, TRUTH, TRUTH, "--line", LINE)
    assert found["scores"] == {
        "mota": 1,
        "idf1": 1,
        "hota": pytest.approx(1),
        "id_switches": 0,
        "true_boxes": 20,
        "boxes": 20,
        "true_ids": 2,
        "ids": 2,
    }
    assert found["lines"] == [
        {
            "line": "gate",
            "class_id": 3,
            "direction": direction,
            "true": 1,
            "counted": 1,
        }
        for direction in ("right", "left")
    ]
    assert "off by 0 of 2 in all" in capsys.readouterr().out


def test_a_track_that_breaks_and_a_false_one(tmp_path: Path) -> None:
    # Of 20 true boxes one is missed, two are false, one id changes: 1 - 4/20.
    # The better half is right: 10 + 5 of 2 * 15 + 4 missed or false + ...
    broken = [row.replace(",1,", ",9,", 1) for row in TRUTH[5:10]]
    result = TRUTH[:4] + broken + TRUTH[10:]
    result += ["1,5,500,500,20,20,1,3,1", "2,5,500,500,20,20,1,3,1"]
    scores = judge(tmp_path, TRUTH, result)["scores"]
    assert isinstance(scores, dict)
    assert scores["mota"] == pytest.approx(0.8)
    assert scores["id_switches"] == 1
    # 15 boxes have their object's best id, of 20 true and 21 reported.
    assert scores["idf1"] == pytest.approx(15 / (0.5 * (20 + 21)))


def test_a_gap_on_the_line_is_bridged_and_a_missed_track_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = TRUTH[:3] + TRUTH[6:10]
    found = judge(tmp_path, TRUTH, result, "--line", LINE)
    lines = found["lines"]
    assert isinstance(lines, list)
    assert [(row["true"], row["counted"]) for row in lines] == [(1, 1), (1, 0)]
    out = capsys.readouterr().out
    assert "-100.0%" in out
    assert "off by 1 of 2 in all" in out


def test_boxes_on_what_is_not_to_be_judged_cost_nothing(
    tmp_path: Path,
) -> None:
    truth = rows(1, 0, 10, 10) + rows(2, 80, -10, 60, tail="0,3,1")
    for result in (TRUTH, TRUTH[:10]):
        found = judge(tmp_path, truth, result)
        assert found["ignored"] == 10
        scores = found["scores"]
        assert isinstance(scores, dict)
        assert (scores["mota"], scores["true_boxes"]) == (1, 10)


def test_nothing_to_judge_is_not_available(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = rows(1, 0, 10, 10, tail="0,3,1")
    line = ("--line", "far=5000,0,5000,100")
    scores = judge(tmp_path, truth, TRUTH, *line)["scores"]
    assert isinstance(scores, dict)
    assert scores["mota"] is None
    out = capsys.readouterr().out
    assert "n/a" in out
    assert "nan" not in out


def test_no_tracks_at_all_miss_everything(tmp_path: Path) -> None:
    scores = judge(tmp_path, TRUTH, [])["scores"]
    assert isinstance(scores, dict)
    assert (scores["mota"], scores["idf1"], scores["hota"]) == (0, 0, 0)


def test_without_classes_in_both_files_none_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = rows(1, 0, 10, 10, tail="1,-1,-1,-1")
    found = judge(tmp_path, TRUTH, result, "--line", LINE)
    lines = found["lines"]
    assert isinstance(lines, list)
    assert [row["class_id"] for row in lines] == [0, 0]
    assert "any" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("gate", "is not NAME=", id="no line"),
        pytest.param("gate=5,5,5,5", "has no length", id="a point"),
        pytest.param("gate=0.5,0,0.5,1", "give pixels", id="fractions"),
    ],
)
def test_bad_lines_are_a_bad_command_line(
    line: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as error:
        main(["truth.txt", "result.txt", "--line", line])
    assert error.value.code == 2
    assert says in capsys.readouterr().err
