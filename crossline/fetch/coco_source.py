"""Where COCO comes from: its servers, or a folder that holds it already."""

import shutil
import zipfile
import zlib
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from crossline.annotations.json_file import parse_json, read_json
from crossline.errors import InputError
from crossline.fetch.download import download, new_session
from crossline.files import replacing, require_file, require_folder
from crossline.image_files import image_size

INSTANCES_NAME = "instances.json"
IMAGES_NAME = "images"


class CocoSource(Protocol):
    """Annotations and images of one split.

    Attributes:
        name: of the source, for errors.
    """

    name: str

    def instances(self) -> Any:
        """Returns the parsed ``instances`` JSON."""
        ...

    def fetch_image(self, filename: str, target: Path) -> None:
        """Puts an image at `target`, whole and checked.

        Raises:
            InputError: it cannot be had.
        """
        ...


class CocoServer:
    """COCO's servers, or a mirror of them.

    Args:
        base_url: what stands before ``/annotations`` and ``/train2017``.
        split: ``train`` or ``val``.
        year: 2014 or 2017.
        folder: keeps the archive of annotations for the next time.
        connections: images that are fetched at once.
    """

    def __init__(
        self,
        base_url: str,
        split: str,
        year: int,
        folder: Path,
        connections: int,
    ) -> None:
        base = base_url.rstrip("/")
        self.name = f"{base}/{split}{year}"
        archive = f"annotations_trainval{year}.zip"
        self._archive_url = f"{base}/annotations/{archive}"
        self._archive = folder / archive
        self._member = f"annotations/instances_{split}{year}.json"
        self._session = new_session(connections)

    def instances(self) -> Any:
        """Downloads the archive where it is not there yet, and reads it."""
        if not self._archive.is_file():
            download(
                self._archive_url,
                self._archive,
                self._read_archive,
                self._session,
            )
        return parse_json(
            self._read_archive(self._archive),
            f"{self._archive} {self._member}",
        )

    def fetch_image(self, filename: str, target: Path) -> None:
        """See `CocoSource`."""
        url = f"{self.name}/{quote(filename)}"
        download(url, target, image_size, self._session)

    def _read_archive(self, path: Path) -> bytes:
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(self._member)
        except KeyError as error:
            raise InputError(path, f"holds no {self._member}") from error
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise InputError(
                path, f"is damaged ({error})", remedy="remove it; run again"
            ) from error


class CocoFolder:
    """A folder with COCO in it.

    Either as COCO's archives unpack, ``annotations/instances_val2017.json``
    beside ``val2017/``, or as `fetch_coco` leaves it, ``instances.json``
    beside ``images/``, whatever split it is.

    Raises:
        InputError: it is neither.
    """

    def __init__(self, folder: Path, split: str, year: int) -> None:
        name = f"{split}{year}"
        layouts = {
            folder / "annotations" / f"instances_{name}.json": folder / name,
            folder / INSTANCES_NAME: folder / IMAGES_NAME,
        }
        for annotations, images in layouts.items():
            if annotations.is_file():
                self.name = str(annotations)
                self._annotations = annotations
                self._images = require_folder(images)
                return
        raise InputError(
            require_folder(folder),
            "holds no COCO annotations",
            remedy=f"expected {' or '.join(map(str, layouts))}",
        )

    def instances(self) -> Any:
        """Reads the annotations."""
        return read_json(self._annotations)

    def fetch_image(self, filename: str, target: Path) -> None:
        """See `CocoSource`."""
        with replacing(target) as draft:
            shutil.copyfile(require_file(self._images / filename), draft)
            image_size(draft)


def open_source(
    base_url: str,
    from_folder: Path | None,
    split: str,
    year: int,
    output: Path,
    workers: int,
) -> CocoSource:
    """Returns the folder if there is one, else the server.

    Raises:
        InputError: the folder holds no COCO, or is `output` itself, whose
            annotations would be cut down.
    """
    if from_folder is None:
        return CocoServer(base_url, split, year, output, workers)
    if from_folder.resolve() == output.resolve():
        raise InputError(
            from_folder, "is the output too", remedy="name another --output"
        )
    return CocoFolder(from_folder, split, year)
