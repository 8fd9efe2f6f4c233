"""A tiny demo is judged; its parts are missing one by one."""

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from scripts.summarize_demo import main
from tests.demo.folders import Demo, write_count, write_demo


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with contextlib.chdir(folder):
        write_demo(Path())
    return folder


@pytest.fixture
def demo(
    made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Demo:
    """Its paths are relative, as they are where one types the commands."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Demo(Path("data"), Path("run"), Path("exported"))


def judge(demo: Demo) -> int:
    return main(["--data", str(demo.data), "--run", str(demo.run)])


def summary(demo: Demo) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        (demo.run / "summary.json").read_text()
    )
    return loaded


def report(demo: Demo) -> html.HtmlElement:
    text = (demo.run / "report.html").read_text(encoding="utf-8")
    return html.fromstring(text)


def test_a_demo_that_keeps_its_promises(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(demo) == 0
    told = summary(demo)
    assert told["holds"]
    assert told["seconds"] == 270.5
    assert [stage["name"] for stage in told["stages"]] == [
        "make_sample",
        "train",
    ]
    assert told["models"]["int8"]["AP50"] == pytest.approx(1)
    assert told["models"]["int8"]["bytes"] == 8
    assert told["models"]["saved_model"]["bytes"] == 32
    assert told["counts"] == [
        {
            "line": "gate",
            "class": "red",
            "direction": direction,
            "counted": count,
            "true": count,
            "equal": True,
        }
        for direction, count in (("right", 1), ("left", 0))
    ]
    assert told["missed"] == told["invented"] == []
    assert told["footage"] is None
    assert set(told["versions"]) >= {"python", "tensorflow"}
    said = capsys.readouterr().out
    assert "holds   counts equal to the truth: 2 of 2; promised: all" in said
    assert "fails" not in said


def test_the_report_shows_it(demo: Demo) -> None:
    judge(demo)
    page = report(demo)
    assert not page.xpath("//*[@class='bad']")
    captions = page.xpath("//figcaption/text()")
    assert "a.png: 1 of 1 found, 0 made up" in captions
    assert any(each.endswith("red crosses gate (right)") for each in captions)
    (commands,) = page.xpath("//h2[.='How it was made']/..//pre/text()")
    assert commands.splitlines()[1] == (
        "python scripts/train.py --output 'a run'"
    )


def test_footage_that_was_not_to_be_had_is_said(demo: Demo) -> None:
    judge(demo)
    (section,) = report(demo).xpath("//h2[.='Real footage']/..")
    assert "holds no count" in section.text_content()
    assert "--classes person" in section.text_content()


def test_footage_is_shown_with_its_counts(demo: Demo) -> None:
    write_count(demo, demo.run / "people", "walk=0.5,0,0.5,1")
    assert judge(demo) == 0
    assert summary(demo)["footage"]["totals"] == {
        "walk": {"right": {"red": 1}, "left": {}}
    }
    (section,) = report(demo).xpath("//h2[.='Real footage']/..")
    assert len(section.xpath(".//img")) == 1
    assert "no truth comes with it" in section.text_content()


def test_a_wrong_count_and_a_bad_int8_end_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = write_demo(tmp_path, true_crossings=2, boxes_found=1)
    assert judge(demo) == 1
    output = capsys.readouterr()
    assert output.err.count("\n") == 1
    assert (
        "report.html: the demo failed; counts equal to the truth: 1 of 2, "
        "promised: all; AP50 of int8: "
    ) in output.err
    assert "fails   counts equal to the truth: 1 of 2" in output.out
    assert not summary(demo)["holds"]
    assert [each["frame"] for each in summary(demo)["missed"]] == [12]
    page = report(demo)
    assert page.xpath("//td/span[@class='bad']/text()").count("missed") == 1
    assert "b.png: 0 of 1 found, 0 made up" in page.xpath(
        "//figcaption/text()"
    )


@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ("data/street_truth.json", "draw the sample with make_sample.py"),
        ("data/street_crossings.csv", "no such file"),
        ("data/val.csv", "no such file"),
        ("run/stages.tsv", "run_demo.sh writes it"),
        ("run/evaluation.json", "evaluate the export folder"),
        ("run/model_int8.detections.json", "no such file"),
        ("run/train", "train.py writes it"),
        ("run/street/summary.json", "count with count_video.py"),
        ("run/street/annotated.mp4", "no such file"),
        ("exported/metadata.json", "no such file"),
    ],
)
def test_what_is_missing_is_named(
    missing: str,
    problem: str,
    demo: Demo,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = Path(missing)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert judge(demo) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(path) in error
    assert problem in error
    assert not (demo.run / "summary.json").exists()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("run/evaluation.json", '{"models": []}', "no evaluation of two"),
        ("run/street/summary.json", '{"lines": {}}', "no summary of a count"),
        ("data/street_truth.json", "[]", "is no truth of a sample"),
        ("run/stages.tsv", "train 5", "is not a stage"),
        ("run/street/events.csv", "a,b\n1,2\n", "is no list of crossings"),
    ],
)
def test_what_is_something_else_is_named(
    name: str,
    text: str,
    problem: str,
    demo: Demo,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(name).write_text(text)
    assert judge(demo) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert problem in error


def test_a_count_by_another_model_is_refused(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    path = demo.run / "street" / "summary.json"
    path.write_text(path.read_text().replace("model_int8", "model_fp32"))
    assert judge(demo) == 1
    assert "count and evaluate with the same" in capsys.readouterr().err


def test_bad_command_line() -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--data"])
    assert exit_.value.code == 2
