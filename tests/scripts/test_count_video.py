"""A red block crosses the middle; green ones do not."""

import csv
import json
import os
import signal
import urllib.request
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from crossline.count.lines import Crossing
from crossline.detect.tflite import TFLiteDetector
from crossline.geometry import box_centers
from crossline.track.mot_challenge import read_tracks
from crossline.video.images import read_image
from crossline.video.presets import PRESETS, Preset
from scripts.count_video import main
from tests.tiny_detector import scene
from tests.video.videos import write_video

WIDTH, HEIGHT = 96, 64
LINE = "gate=0.5,0,0.5,1"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 frames, 10 a second; the block's centre is at 13 + 3 k."""
    images = [
        scene(
            WIDTH,
            HEIGHT,
            red=(6 + 3 * k, 20, 20 + 3 * k, 44),
            green=(6, 50, 20, 62),
        )
        for k in range(24)
    ]
    return write_video(
        tmp_path_factory.mktemp("clip") / "clip.mp4", images, fps=10
    )


def events(folder: Path) -> list[dict[str, str]]:
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def summary(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return loaded


def frames(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as container:
        return [
            frame.to_ndarray(format="rgb24")
            for frame in container.decode(video=0)
        ]


@pytest.mark.parametrize("model", ["tiny_fp32", "tiny_int8", "tiny_export"])
def test_counts_alike_with_every_model(
    model: str,
    clip: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = request.getfixturevalue(model)
    output = tmp_path / "out"
    command = [str(clip), "--model", str(path), "--output", str(output)]
    assert main([*command, "--line", LINE]) == 0

    (event,) = events(output)
    assert (event["class"], event["line"]) == ("red", "gate")
    assert event["direction"] == "right"
    assert event["track_id"] == "1"
    # The centre reaches 48 with frame 11.67, the band's end soon after.
    assert 12 <= int(event["frame"]) <= 14
    assert float(event["time_s"]) == int(event["frame"]) / 10
    assert float(event["x"]) == 48
    assert float(event["y"]) == pytest.approx(32, abs=2)

    told = summary(output)
    assert told["totals"] == {"gate": {"right": {"red": 1}, "left": {}}}
    assert told["lines"] == {"gate": [48, 0, 48, 64]}
    assert (told["frames"], told["fps"]) == (24, 10)
    assert told["duration_s"] == 2.4
    assert (told["source"], told["model"]) == (str(clip), str(path))
    assert not told["is_truncated"]
    assert not told["is_interrupted"]

    assert len(frames(output / "annotated.mp4")) == 24
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["gate right: 1 red", "gate left: 0"]
    assert said[2].startswith(f"Wrote {output}: 24 frames at ")


def run(clip: Path, model: Path, output: Path, *options: str) -> int:
    arguments = [str(clip), "--model", str(model), "--output", str(output)]
    return main([*arguments, *options])


def test_counts_between_detections(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    options = ["--line", LINE, "--detect-every", "3"]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    told = summary(tmp_path)
    assert told["totals"]["gate"]["right"] == {"red": 1}
    assert told["detections"] == -(-told["frames"] // 3)


def test_how_often_to_detect_may_be_left_to_what_it_costs(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    options = ["--line", LINE, "--detect-every", "auto", "--no-video"]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    told = summary(tmp_path)
    assert told["totals"]["gate"]["right"] == {"red": 1}
    assert told["detect_every"] == "auto"
    assert told["detections"] <= told["frames"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param([], (0.5, {}, [1, 1], 1), id="fast, if nothing is said"),
        pytest.param(
            ["--preset", "accurate"],
            (0.3, {"red": 0.4}, [2, 1], 2),
            id="all of a preset",
        ),
        pytest.param(
            ["--preset", "accurate", "--min-score", "0.9", "--tiles", "1x1"],
            (0.9, {}, [1, 1], 2),
            id="what is said goes first",
        ),
    ],
)
def test_presets(
    options: list[str],
    told: tuple[float, dict[str, float], list[int], int],
    clip: Path,
    tiny_int8: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PRESETS, "fast", Preset(0.5, {}, (1, 1), 1))
    monkeypatch.setitem(
        PRESETS, "accurate", Preset(0.3, {"red": 0.4}, (2, 1), 2)
    )
    options = [*options, "--line", LINE, "--no-video"]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    names = "min_score", "class_scores", "tiles", "detect_every"
    assert tuple(summary(tmp_path)[name] for name in names) == told
    assert summary(tmp_path)["totals"]["gate"]["right"] == {"red": 1}


def test_tracks_as_evaluate_tracking_takes_them(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    assert run(clip, tiny_int8, tmp_path, "--tracks", "--no-video") == 0
    tracks = read_tracks(tmp_path / "tracks.txt")
    # Each is reported from its third detection on.
    red = tracks[tracks.class_ids == 1]
    assert red.frames.tolist() == [*range(2, 24)]
    assert set(red.track_ids) == {1}
    centers = box_centers(red.boxes)[:, 0]
    np.testing.assert_allclose(centers, 13 + 3 * red.frames, atol=3)
    assert not (tmp_path / "events.csv").exists()


def test_several_lines_in_pixels_with_named_directions(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    one, two = "one=40,0,40,64:in/out", "two=60,0,60,64"
    assert run(clip, tiny_int8, tmp_path, "--line", one, "--line", two) == 0
    assert [(e["line"], e["direction"]) for e in events(tmp_path)] == [
        ("one", "in"),
        ("two", "right"),
    ]


def test_only_the_classes_asked_for(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    options = ["--classes", "green", "--line", LINE]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    assert events(tmp_path) == []


def test_without_a_line_boxes_alone(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    assert run(clip, tiny_int8, tmp_path) == 0
    assert not (tmp_path / "events.csv").exists()
    assert summary(tmp_path)["totals"] is None
    last = frames(tmp_path / "annotated.mp4")[-1]
    # Frame 23: the block ends at 89, its tag lies above it.
    assert last[8:18, 60:90].max() > 200
    assert last[:6].max() < 60


def test_without_video(clip: Path, tiny_int8: Path, tmp_path: Path) -> None:
    options = ["--no-video", "--line", LINE]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "counts.png",
        "counts_per_minute.csv",
        "events.csv",
        "paths.png",
        "summary.json",
    }


def test_a_part_of_the_video(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    assert run(clip, tiny_int8, tmp_path, "--max-frames", "7") == 0
    assert summary(tmp_path)["frames"] == 7
    assert not summary(tmp_path)["is_truncated"]
    assert len(frames(tmp_path / "annotated.mp4")) == 7


def test_event_columns_are_those_of_a_crossing(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    assert run(clip, tiny_int8, tmp_path, "--line", LINE) == 0
    header = (tmp_path / "events.csv").read_text().splitlines()[0]
    fields = [*Crossing.__dataclass_fields__]
    assert header.split(",") == [
        "class" if name == "class_id" else name for name in fields
    ]


def test_a_truncated_video_is_counted_as_far_as_it_goes(
    tiny_int8: Path, shared_videos: Path, tmp_path: Path
) -> None:
    clip = shared_videos / "truncated.mp4"
    assert run(clip, tiny_int8, tmp_path, "--no-video", "--line", LINE) == 0
    assert summary(tmp_path)["frames"] == 459
    assert summary(tmp_path)["is_truncated"]


def test_ctrl_c_ends_in_order(
    clip: Path,
    tiny_int8: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    frame = scene(WIDTH, HEIGHT, red=(30, 20, 44, 44))
    write_video(tmp_path / "long.mp4", [frame] * 2000, fps=10)
    detect, seen = TFLiteDetector.detect, []

    def press_ctrl_c(self: TFLiteDetector, image: Any) -> Any:
        seen.append(1)
        if len(seen) == 50:
            os.kill(os.getpid(), signal.SIGINT)
        return detect(self, image)

    monkeypatch.setattr(TFLiteDetector, "detect", press_ctrl_c)
    former = signal.getsignal(signal.SIGINT)
    output = tmp_path / "out"
    status = run(tmp_path / "long.mp4", tiny_int8, output, "--line", LINE)

    assert status == 130
    assert "interrupted; what was seen until then is written" in (
        capsys.readouterr().err
    )
    assert signal.getsignal(signal.SIGINT) is former
    told = summary(output)
    assert told["is_interrupted"]
    assert not told["is_truncated"]
    assert 40 <= told["frames"] < 2000
    assert len(frames(output / "annotated.mp4")) == told["frames"]


def test_what_is_blurred_is_in_no_picture(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    """A red block that nobody looks for loses its edges."""
    sharpness: dict[str, list[int]] = {}
    for name in ("green", "red"):
        video, count = tmp_path / f"{name}-video", tmp_path / name
        options = ["--classes", "green", "--blur", name]
        assert run(clip, tiny_int8, video, *options) == 0
        assert run(clip, tiny_int8, count, *options, "--line", LINE) == 0
        sharpness[name] = [
            int(np.ptp(np.diff(picture[26:38, 2:30, 0].astype(int))))
            for picture in (
                frames(video / "annotated.mp4")[0],
                read_image(count / "paths.png"),
            )
        ]
    for sharp, soft in zip(*sharpness.values(), strict=True):
        assert soft < sharp / 2


def test_an_unknown_class_cannot_be_blurred(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    assert run(clip, tiny_int8, tmp_path, "--blur", "rad") == 1


def test_the_live_view_is_a_local_page(
    clip: Path,
    tiny_int8: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pages: list[str] = []
    detect = TFLiteDetector.detect

    def look(self: TFLiteDetector, image: Any) -> Any:
        if not pages and image.size > 3:  # Not while it is opened.
            url = capsys.readouterr().err.split()[-1]
            with urllib.request.urlopen(url) as page:
                pages.append(page.read().decode())
            with urllib.request.urlopen(f"{url}live") as live:
                pages.append(live.headers["Content-Type"])
        return detect(self, image)

    monkeypatch.setattr(TFLiteDetector, "detect", look)
    options = ["--show", "0", "--no-video", "--threads", "1"]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    assert '<img src="/live" alt="' in pages[0]
    assert pages[1].startswith("multipart/x-mixed-replace")
    assert summary(tmp_path)["frames"] == 24


def test_a_run_is_never_overwritten(
    clip: Path,
    tiny_int8: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    command = [str(clip), "--model", str(tiny_int8), "--max-frames", "2"]
    assert main(command) == 0
    assert main(command) == 0
    runs = Path("runs") / "count"
    assert sorted(path.name for path in runs.iterdir()) == ["clip", "clip-2"]
    capsys.readouterr()
    assert main([*command, "--output", str(runs / "clip")]) == 1
    assert capsys.readouterr().err.endswith(
        ": runs/count/clip/summary.json: an earlier run wrote this; "
        "name another --output, or remove the folder\n"
    )


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="no source"),
        pytest.param(["a.mp4", "--model", "m", "--line", "x"], id="no line"),
        pytest.param(
            ["a.mp4", "--model", "m", "--line", "a=1,1,1,1"], id="a point"
        ),
        pytest.param(["a.mp4", "--model", "m", "--no-video"], id="no output"),
        pytest.param(
            ["a.mp4", "--model", "m", "--detect-every", "0"], id="never"
        ),
        pytest.param(
            ["a.mp4", "--model", "m", "--detect-every", "car"], id="no number"
        ),
        pytest.param(
            ["a.mp4", "--model", "m", "--min-score", "50"], id="per cent"
        ),
        pytest.param(["a.mp4", "--preset", "best"], id="no such preset"),
    ],
)
def test_a_bad_command_line_is_status_2(options: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(options)
    assert left.value.code == 2


def test_ntsc_times_do_not_drift(tiny_int8: Path, tmp_path: Path) -> None:
    ntsc = Fraction(30000, 1001)
    images = [scene(WIDTH, HEIGHT)] * 60
    clip = write_video(tmp_path / "ntsc.mp4", images, fps=ntsc)
    assert run(clip, tiny_int8, tmp_path / "out") == 0
    assert summary(tmp_path / "out")["fps"] == 29.97
    assert summary(tmp_path / "out")["duration_s"] == 2.002
    with av.open(str(tmp_path / "out" / "annotated.mp4")) as container:
        assert container.streams.video[0].average_rate == ntsc


def test_a_scene_of_yaml_and_a_zone(
    clip: Path, tiny_int8: Path, tmp_path: Path
) -> None:
    path = tmp_path / "street.yaml"
    path.write_text(
        "lines:\n  gate:\n    points: [[0.5, 0], [0.5, 1]]\n"
        "    directions: [in, out]\n"
    )
    zone = "yard=30,0,60,0,60,64,30,64"
    options = ["--no-video", "--scene", str(path), "--zone", zone]
    output = tmp_path / "out"
    assert run(clip, tiny_int8, output, *options) == 0
    assert [(e["line"], e["direction"]) for e in events(output)] == [
        ("yard", "in"),
        ("gate", "in"),
        ("yard", "out"),
    ]
    told = summary(output)
    assert told["totals"]["yard"] == {"in": {"red": 1}, "out": {"red": 1}}
    entry, _, exit_ = rows(output / "events.csv")[1:]
    assert rows(output / "occupancy.csv") == [
        ["time_s", "frame", "zone", "red", "green"],
        ["0.000", "0", "yard", "0", "0"],
        [*entry[:2], "yard", "1", "0"],
        [*exit_[:2], "yard", "0", "0"],
    ]
    yard = told["zones"]["yard"]
    assert yard["corners"] == [[30, 0], [60, 0], [60, 64], [30, 64]]
    assert (yard["inside"], yard["most_inside"]) == ({}, 1)
    # 30 pixels at 30 a second.
    stay = yard["dwell"]["red"]
    assert stay["visits"] == 1
    assert stay["mean_s"] == pytest.approx(1, abs=0.2)


def test_once(tiny_int8: Path, tmp_path: Path) -> None:
    """A block walks to and fro, three times through the gate."""
    xs = [*range(26, 56), *range(56, 26, -1), *range(26, 56)]
    images = [scene(WIDTH, HEIGHT, red=(x, 20, x + 14, 44)) for x in xs]
    to_and_fro = write_video(tmp_path / "a.mp4", images, fps=10)
    for options, expected in (
        ([], {"right": {"red": 2}, "left": {"red": 1}}),
        (["--once"], {"right": {"red": 1}, "left": {"red": 1}}),
    ):
        output = tmp_path / f"out{len(options)}"
        options = [*options, "--line", LINE, "--no-video"]
        assert run(to_and_fro, tiny_int8, output, *options) == 0
        assert summary(output)["totals"]["gate"] == expected
        assert summary(output)["once"] is ("--once" in options)


def test_without_matplotlib_there_is_no_plot(
    clip: Path,
    tiny_int8: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    options = ["--no-video", "--line", LINE]
    assert run(clip, tiny_int8, tmp_path, *options) == 0
    assert not (tmp_path / "counts.png").exists()
    assert (tmp_path / "paths.png").exists()
    assert "counts.png is left out" in capsys.readouterr().err
