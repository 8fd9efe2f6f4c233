"""A camera on the network that hangs up: motion JPEG, or MPEG-TS, by HTTP."""

import contextlib
import http.server
import io
import itertools
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import cv2

from crossline.geometry import Image


@contextlib.contextmanager
def camera(
    parts: Iterable[Sequence[bytes]], content_type: str, every_s: float
) -> Iterator[str]:
    """Serves one part a connection, chunk by chunk, and then hangs up.

    When all parts are through, connections are refused with 503.

    Args:
        parts: chunks of bytes, each sent at once.
        content_type: of all.
        every_s: from one chunk to the next.

    Yields:
        The URL.
    """
    waiting = iter(parts)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            part = next(waiting, None)
            if part is None:
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            with contextlib.suppress(OSError):
                for chunk in part:
                    self.wfile.write(chunk)
                    time.sleep(every_s)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/live"
        server.shutdown()


MOTION_JPEG = "multipart/x-mixed-replace; boundary=frame"


def motion_jpeg(images: Sequence[Image]) -> list[bytes]:
    """Returns a chunk per picture."""
    chunks = []
    for image in images:
        _, encoded = cv2.imencode(
            ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        )
        data = encoded.tobytes()
        head = f"Content-Type: image/jpeg\r\nContent-Length: {len(data)}"
        chunks.append(
            b"--frame\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        )
    return chunks


TRANSPORT_STREAM = "video/mp2t"


def transport_stream(images: Sequence[Image], first: int = 0) -> list[bytes]:
    """Returns a chunk per frame, 25 a second, each a key frame.

    Args:
        images: of the frames.
        first: number of the first by the camera's clock.
    """
    file = io.BytesIO()
    ends = [0]
    height, width = images[0].shape[:2]
    with av.open(file, "w", format="mpegts") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 25)
        stream.codec_context.gop_size = 1
        # From 1: a stream that decodes before 0 would be moved as a whole.
        for number, image in enumerate(images, first + 1):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number
            frame.time_base = Fraction(1, 25)
            container.mux(stream.encode(frame))
            ends.append(file.tell())
        container.mux(stream.encode(None))
    data = file.getvalue()
    return [
        data[start:end]
        for start, end in itertools.pairwise([*ends[:-1], len(data)])
    ]
