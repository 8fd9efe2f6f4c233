"""capture_images.py: by time, by key on a terminal, by a page's button."""

import http.client
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.capture_images import main
from tests.capture.pictures import blurred, picture
from tests.video.videos import write_video

PATIENCE_S = 20


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Ten seconds, a picture each; the second is blurred, the fourth old."""
    images = [picture(number) for number in range(10)]
    images[1], images[3] = blurred(1), picture(2)
    return write_video(tmp_path / "street.mp4", images, fps=1)


@pytest.fixture
def long_video(tmp_path: Path) -> Path:
    """A minute, each frame worth keeping."""
    images = [picture(number) for number in range(240)]
    return write_video(tmp_path / "long.mp4", images, fps=4)


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def start(*options: str, stdin: int = subprocess.DEVNULL) -> "Running":
    command = [sys.executable, "scripts/capture_images.py", *options]
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


Running = subprocess.Popen[str]


def test_by_interval(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "captured"
    options = ["--classes", "person", "--every", "1", "--output", str(output)]
    assert main([str(video), *options]) == 0
    assert capsys.readouterr().out == (
        "      8 person\n"
        "      1 left out: blurred\n"
        "      1 left out: near duplicate\n"
        f"Saved 8 images in {output}.\n"
    )
    names = sorted(path.name[-10:-4] for path in output.glob("person/*.jpg"))
    assert names == [f"{n:06d}" for n in (0, 2, 4, 5, 6, 7, 8, 9)]


def test_ends_at_its_target_and_a_second_run_goes_on(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--every", "1", "--output", str(tmp_path / "captured")]
    for target, saved in ((2, 2), (3, 1), (3, 0)):
        options = ["--target", f"delivery van={target}", *where]
        assert main([str(video), *options]) == 0
        out = capsys.readouterr().out
        assert f"{target:7d} delivery van of {target}\n" in out
        assert f"Saved {saved} images" in out


def test_by_key_on_a_terminal(long_video: Path, tmp_path: Path) -> None:
    typist, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    output = tmp_path / "captured"
    options = ["--classes", "person", "car", "--output", str(output)]
    running = start(str(long_video), *options, stdin=terminal)
    wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ICANON)
    os.write(typist, b"2")
    wait_until(lambda: list(output.glob("car/*.jpg")))
    os.write(typist, b"q")
    out, err = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 0
    assert "Keys: 1 person, 2 car, q ends\n" in err
    assert out.endswith(f"      1 car\nSaved 1 images in {output}.\n")
    assert termios.tcgetattr(terminal) == before
    os.close(typist)
    os.close(terminal)


def test_by_page_until_ctrl_c(long_video: Path, tmp_path: Path) -> None:
    output = tmp_path / "captured"
    where = ["--page", "0", "--output", str(output)]
    running = start(str(long_video), "--target", "person=5", *where)
    assert running.stderr
    match = re.fullmatch(
        r"Open http://127.0.0.1:(\d+)/\n", running.stderr.readline()
    )
    assert match
    connection = http.client.HTTPConnection("127.0.0.1", int(match[1]))
    connection.request(
        "POST",
        "/capture",
        json.dumps({"class": "person"}),
        {"Content-Type": "application/json"},
    )
    assert connection.getresponse().status == 202
    wait_until(lambda: list(output.glob("person/*.jpg")))
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 130
    assert out == f"      1 person of 5\nSaved 1 images in {output}.\n"
    assert err.endswith(
        ": interrupted; what was collected until then is saved\n"
    )


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        pytest.param("missing.mp4", "missing.mp4: no such file", id="none"),
        pytest.param(__file__, "cannot be read as a video", id="no video"),
    ],
)
def test_bad_input_is_a_line(
    source: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([source, "--classes", "person", "--every", "1"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert complaint in line


def test_without_a_terminal_it_says_what_to_do(
    video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(video), "--classes", "person"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(
        "standard input: is no terminal whose keys could be read; pass "
        "--every SECONDS or --page PORT"
    )


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="no class"),
        pytest.param(["--classes", "../x"], id="no folder's name"),
        pytest.param(["--target", "person"], id="no count"),
        pytest.param(["--target", "person=0"], id="nothing wanted"),
        pytest.param(
            ["--classes", "person", "car", "--every", "1"], id="two classes"
        ),
        pytest.param(["--classes", "person", "--every", "0"], id="no time"),
        pytest.param(["--classes", *"abcdefghij"], id="ten classes, 9 keys"),
        pytest.param(["--classes", "person", "--page", "70000"], id="port"),
    ],
)
def test_a_bad_command_line_ends_with_2(
    options: list[str], video: Path
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(video), *options])
    assert end.value.code == 2
