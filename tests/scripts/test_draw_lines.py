"""draw_lines.py shows a frame, and saves what is drawn on it."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from crossline.count.scene_file import read_scene
from scripts.draw_lines import main
from tests.video.videos import grey_frames, write_video

GATE = {"name": "gate", "points": [[8, 0], [8, 48]], "directions": ["a", "b"]}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_video(tmp_path / "a.mp4", grey_frames(3))


def drawn(clip: Path, output: Path, scene: object) -> tuple[int, str, str]:
    """Starts the script, saves a scene if there is one, presses Ctrl-C."""
    arguments = [str(clip), "--output", str(output), "--page", "0"]
    with subprocess.Popen(
        [sys.executable, "scripts/draw_lines.py", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As a shell starts it, even where these tests run in the background.
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.default_int_handler
        ),
    ) as script:
        assert script.stderr
        told = script.stderr.readline()
        url = told.split()[1]
        if scene is not None:
            request = urllib.request.Request(
                f"{url}scene",
                json.dumps(scene).encode(),
                {"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.status == 200
        script.send_signal(signal.SIGINT)
        said, complained = script.communicate(timeout=60)
    return script.returncode, said, complained


def test_saves_what_is_drawn_and_tells_the_next_command(
    clip: Path, tmp_path: Path
) -> None:
    output = tmp_path / "street.yaml"
    status, said, complained = drawn(clip, output, {"lines": [GATE]})
    assert (status, complained) == (0, "")
    assert said.splitlines() == [
        f"Wrote {output}: lines 1, zones 0.",
        f"Next: python scripts/count_video.py {clip} --scene {output}",
    ]
    (gate,) = read_scene(output, 64, 48).lines
    assert (gate.name, gate.directions) == ("gate", ("a", "b"))


def test_without_saving_nothing_is_written(clip: Path, tmp_path: Path) -> None:
    output = tmp_path / "street.yaml"
    status, _, complained = drawn(clip, output, None)
    assert status == 130
    assert "interrupted; nothing was saved" in complained
    assert not output.exists()


def test_a_file_that_is_no_scene_is_refused(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "street.yaml"
    output.write_text("lines: 5\n")
    assert main([str(clip), "--output", str(output)]) == 1
    assert "street.yaml line 1: is no mapping" in capsys.readouterr().err
    assert output.read_text() == "lines: 5\n"


def test_a_bad_port_is_a_bad_command_line() -> None:
    with pytest.raises(SystemExit) as left:
        main(["a.mp4", "--page", "70000"])
    assert left.value.code == 2
