"""detect_images, killed at any moment, leaves whole pictures."""

import random
from collections.abc import Callable
from pathlib import Path

from crossline.video.images import read_image, write_image
from soak.folders import contents
from soak.processes import Script, kill_until_done, measure
from soak.sizes import IMAGES, KILLS
from tests.tiny_detector import scene


def test_killed_again_and_again_the_pictures_are_the_same(
    model: Path,
    tmp_path: Path,
    generator: random.Random,
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
    moments.generator = generator
    expected = contents(undisturbed)
    killed, finished = 0, 0
    while killed < KILLS:
        output = tmp_path / str(finished)

        def check(output: Path = output) -> None:
            for picture in output.glob("[!.]*.jpg"):
                assert read_image(picture).shape == (240, 320, 3)

        killed += kill_until_done(
            command(output),
            moments,
            KILLS - killed,
            check,
            is_done=(output / "detections.json").exists,
        )
        assert contents(output) == expected
        finished += 1
    tell(f"{killed} kills, {finished} times finished: the same files")
