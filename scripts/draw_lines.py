r"""Draw the lines and zones to count at with the mouse.

In: a video file, the index of a webcam, an RTSP or HTTP URL, or a picture.
Out: a YAML file for count_video.py. The first frame is shown on a local page;
Save on it writes the file, Ctrl-C here ends. What the file holds already can
be changed.

Example:
    python scripts/draw_lines.py street.mp4 --output street.yaml
"""

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossline.command_line import (
    done,
    new_parser,
    port,
    run_script,
    shown,
    stop_on_interrupt,
)

if TYPE_CHECKING:
    from crossline.count.scene import Scene

_POLL_S = 0.1


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument(
        "source", help="video file, webcam index, URL, or picture"
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("scene.yaml"),
        help="the YAML file to write, or to change",
    )
    parser.add_argument(
        "--page",
        type=port,
        default=8000,
        metavar="PORT",
        help="where to serve the page; 0 for any port that is free",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="of the page; 0.0.0.0 opens it to everybody in the network",
    )
    return parser


def run(source: str, output: Path, page: int, host: str) -> "Scene":
    from crossline.count.scene import Scene
    from crossline.count.scene_file import read_scene, write_scene
    from crossline.live.scene_page import scene_page
    from crossline.live.server import serving
    from crossline.video.reader import VideoReader

    with VideoReader(source) as reader:
        name, size = reader.name, (reader.width, reader.height)
        first = next(iter(reader)).image
    scene = read_scene(output, *size) if output.exists() else Scene()
    saved: list[Scene] = []
    following = (
        f"python scripts/count_video.py {shlex.quote(name)} "
        f"--scene {shown(output)}"
    )

    def save(drawn: Scene) -> str:
        write_scene(output, drawn, *size)
        saved.append(drawn)
        return f"Saved in {output}.\nCount with: {following}"

    app = scene_page(first, Path(name).name, scene, save)
    with serving(app, host, page) as url, stop_on_interrupt() as is_stopped:
        sys.stderr.write(f"Open {url} and draw; Ctrl-C ends.\n")
        while not is_stopped():
            time.sleep(_POLL_S)
    if not saved:
        raise KeyboardInterrupt("nothing was saved")
    _report(saved[-1], output, following)
    return saved[-1]


def _report(scene: "Scene", output: Path, following: str) -> None:
    lines, zones = len(scene.lines), len(scene.zones)
    done(f"Wrote {output}: lines {lines}, zones {zones}.", following)


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
