"""detect_images, killed at any moment, leaves whole pictures."""

from collections.abc import Callable
from pathlib import Path

from crossline.video.images import read_image, write_image
from soak.killing import kill_often, measure
from soak.processes import Script
from soak.sizes import IMAGES
from tests.folders import contents
from tests.tiny_detector import scene


def test_killed_again_and_again_the_pictures_are_the_same(
    model: Path,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for number in range(IMAGES // 10):
        picture = scene(320, 240, red=(number % 50, 20, 200, 200))
        write_image(images / f"{number}.jpg", picture)

    def command(output: Path) -> Script:
        where = ("--model", model, "--output", output)
        return Script("detect_images", (images, *where))

    undisturbed = tmp_path / "undisturbed"
    moments = measure(command(undisturbed), undisturbed.exists)
    expected = contents(undisturbed)

    def check(output: Path) -> None:
        for picture in output.glob("[!.]*.jpg"):
            assert read_image(picture).shape == (240, 320, 3)

    def finish(output: Path) -> None:
        assert contents(output) == expected

    numbers = kill_often(
        command,
        tmp_path,
        moments,
        check=check,
        finish=finish,
        last_file="detections.json",
    )
    tell(f"{numbers}: the same files")
