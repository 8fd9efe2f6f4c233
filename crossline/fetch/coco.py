"""A part of COCO on your disk: its annotations and its images."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from crossline.annotations.subset import Choice, ImageRules
from crossline.errors import InputError
from crossline.fetch.coco_source import (
    IMAGES_NAME,
    INSTANCES_NAME,
    CocoSource,
)
from crossline.fetch.coco_subset import coco_subset, without_images
from crossline.files import write_text
from crossline.image_files import image_size
from crossline.progress import progress
from crossline.run_folders import only_run_in


@dataclass(frozen=True)
class FetchedCoco:
    """What has been fetched.

    Attributes:
        instances: the JSON of what is there.
        images: how many are there.
        choice: of the source's images; what failed is in it.
        failed: why, for each image that could not be had, by file name.
    """

    instances: Path
    images: int
    choice: Choice
    failed: dict[str, str]


def fetch_coco(
    source: CocoSource,
    output: Path,
    rules: ImageRules,
    workers: int,
) -> FetchedCoco:
    """Fetches a part of COCO into ``OUTPUT/instances.json`` and ``images/``.

    Images that are there already are not fetched again. Those that cannot be
    had are left out of the JSON and told.

    Args:
        source: server or folder.
        output: folder.
        rules: which images; none is repeated.
        workers: images that are fetched at once.

    Raises:
        InputError: the annotations cannot be had, `coco_subset` refuses, or
            another run is fetching into `output`.
    """
    instances, folder = output / INSTANCES_NAME, output / IMAGES_NAME
    with only_run_in(output):
        document = source.instances()
        wanted, choice = coco_subset(document, source.name, rules)
        filenames = [image["file_name"] for image in wanted["images"]]
        failed = _fetch_images(source, filenames, folder, workers)
        write_text(instances, json.dumps(without_images(wanted, failed)))
    images = len(filenames) - len(failed)
    return FetchedCoco(instances, images, choice, failed)


def _fetch_images(
    source: CocoSource, filenames: Sequence[str], folder: Path, workers: int
) -> dict[str, str]:
    """Returns why, for each that failed, in the order of `filenames`."""
    failed = {}
    with ThreadPoolExecutor(workers) as pool:
        names = {
            pool.submit(_fetch_image, source, name, folder / name): name
            for name in filenames
        }
        try:
            for future in progress(
                as_completed(names), "fetching images", len(names), "image"
            ):
                try:
                    future.result()
                except InputError as error:
                    failed[names[future]] = str(error)
        except BaseException:
            # Else the pool would first fetch all the others.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {name: failed[name] for name in filenames if name in failed}


def _fetch_image(source: CocoSource, filename: str, target: Path) -> None:
    if target.exists():
        try:
            image_size(target)
        except InputError:
            pass  # Somebody else's half; ours are whole.
        else:
            return
    source.fetch_image(filename, target)
