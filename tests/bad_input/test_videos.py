"""Videos and cameras that fail, at the start or on the way."""

import functools
import http.server
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from tests.bad_input.conftest import Given, Lay, Refuses, Run
from tests.video.videos import grey_frames, noise_frames, write_video

COUNT = "count_video {} --model tiny.tflite --output out --no-video"
LINE = "--line gate=0.5,0,0.5,1"

pytestmark = pytest.mark.usefixtures("model")


def summary() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path("out/summary.json").read_text())
    return loaded


@pytest.mark.parametrize(
    ("given", "source", "line"),
    [
        pytest.param({}, "a.mp4", "a.mp4: no such file", id="missing"),
        pytest.param({"a.mp4": ""}, "a.mp4", "a.mp4: is empty", id="empty"),
        pytest.param({"a/": ""}, "a", "a: holds no image (...)", id="folder"),
        pytest.param(
            {"a.mp4": "x" * 999},
            "a.mp4",
            "a.mp4: cannot be read as a video (Invalid data found when "
            "processing input)",
            id="text",
        ),
        pytest.param(
            {},
            "88",
            "webcam 88: cannot be opened (No such file or directory); "
            "`ls /dev/video*` lists the cameras",
            id="no such webcam",
        ),
        pytest.param(
            {},
            "rtsp://me:secret@127.0.0.1:9/live",
            "rtsp://127.0.0.1:9/live: cannot be read as a video (Connection "
            "refused)",
            id="camera that refuses",
        ),
        pytest.param(
            {},
            "http://127.0.0.1:9/a.mp4",
            "http://127.0.0.1:9/a.mp4: cannot be read as a video (Connection "
            "refused)",
            id="server that refuses",
        ),
        pytest.param(
            {},
            "gopher://example.org/a.mp4",
            "gopher://example.org/a.mp4: cannot be read as a video (...)",
            id="unknown protocol",
        ),
    ],
)
def test_sources(
    given: Given, source: str, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay(given)
    refuses(f"{COUNT.format(source)} {LINE}", line)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param("a.mp4", "holds no video", id="MP4"),
        pytest.param(
            "a.mkv",
            "cannot be read as a video (End of file)",
            id="Matroska",
        ),
        pytest.param(
            "a.avi", "not one frame of its video can be decoded", id="AVI"
        ),
    ],
)
def test_no_frames(name: str, line: str, refuses: Refuses) -> None:
    """A header alone: of a recorder that was switched off at once."""
    with av.open(name, "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.start_encoding()
    refuses(f"{COUNT.format(name)} {LINE}", f"{name}: {line}")


def test_without_its_index(folder: Path, refuses: Refuses) -> None:
    path = write_video(folder / "a.mp4", noise_frames(9))
    path.write_bytes(path.read_bytes()[:-5000])
    refuses(
        f"{COUNT.format('a.mp4')} {LINE}",
        "a.mp4: cannot be read as a video (Invalid data found when "
        "processing input)",
    )


def test_an_unknown_codec(folder: Path, refuses: Refuses) -> None:
    path = write_video(folder / "a.mp4", grey_frames(9))
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzz1"))
    refuses(
        f"{COUNT.format('a.mp4')} {LINE}",
        "a.mp4: its video is of a codec that FFmpeg does not know; convert "
        "it to H.264",
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            "a=500,0,500,9",
            "line 'a=500,0,500,9': lies outside the frame of 64x48 pixels",
            id="outside the frame",
        ),
        pytest.param(
            f"gate=0,0,1,1 {LINE}",
            "name 'gate': is given 2 times; give each line and zone a name "
            "of its own",
            id="name twice",
        ),
    ],
)
def test_lines(text: str, line: str, folder: Path, refuses: Refuses) -> None:
    write_video(folder / "a.mp4", grey_frames(2))
    refuses(f"{COUNT.format('a.mp4')} --line {text}", line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("a=5,5,5,5", id="no length"),
        pytest.param("a=nan,0,5,5", id="nan"),
        pytest.param("a=1,2,3", id="three numbers"),
        pytest.param("=1,2,3,4", id="no name"),
    ],
)
def test_no_lines(line: str, run: Run) -> None:
    with pytest.raises(SystemExit) as left:
        run(f"{COUNT.format('a.mp4')} --line {line}")
    assert left.value.code == 2


def test_cut_short(folder: Path, run: Run) -> None:
    """What is there is counted; what is not is told."""
    path = write_video(
        folder / "a.mp4",
        noise_frames(20),
        container_options={"movflags": "faststart"},
    )
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    ended = run(f"{COUNT.format('a.mp4')} {LINE}")
    frames = summary()["frames"]
    assert 5 < frames < 15
    assert summary()["is_truncated"]
    assert ended.status == 0
    assert ended.complained == (
        f"a.mp4: {frames} frames read, {20 - frames} more promised, 1 packets "
        "damaged\n"
    )


@pytest.mark.parametrize("fps", [90_000, 5_000])
def test_no_frame_rate(fps: int, folder: Path, run: Run) -> None:
    """A frame rate that cannot be one is taken for 25, which is told."""
    write_video(folder / "a.mp4", grey_frames(5), fps=fps)
    ended = run(f"{COUNT.format('a.mp4')} {LINE}")
    assert ended.status == 0
    assert ended.complained == f"a.mp4: frame rate is {fps}; taken for 25\n"
    assert (summary()["fps"], summary()["duration_s"]) == (25, 0.2)


class _Dying(http.server.SimpleHTTPRequestHandler):
    """A camera that promises a stream without end, and goes away."""

    def do_GET(self) -> None:
        data = Path(self.directory, "a.ts").read_bytes()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def camera(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Dying, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/live.ts"
        server.shutdown()


def test_a_camera_that_goes_away_is_connected_again(
    folder: Path, camera: str, run: Run
) -> None:
    write_video(folder / "a.ts", noise_frames(50))
    ended = run(f"{COUNT.format(camera)} {LINE} --max-frames 60")
    assert ended.status == 0
    assert ended.complained.startswith(
        f"{camera}: broke off (Input/output error), and is back after "
    )
    assert not summary()["is_truncated"]
    assert summary()["frames"] == 60


def test_a_camera_that_falls_silent_is_waited_for(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until somebody presses Ctrl-C."""
    monkeypatch.setattr("crossline.video.connection.TIMEOUT_S", 0.5)
    write_video(folder / "a.ts", noise_frames(50))
    data = (folder / "a.ts").read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + data)
            server.accept()  # It has come again.
            os.kill(os.getpid(), signal.SIGINT)
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/live.ts"
        ended = run(f"{COUNT.format(url)} {LINE}")
    assert ended.status == 130
    assert "interrupted; what was seen" in ended.complained
    assert not summary()["is_truncated"]
    assert summary()["frames"] + summary()["dropped"] > 40
