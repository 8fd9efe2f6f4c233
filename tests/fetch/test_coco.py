"""A part of COCO: which images and annotations, fetched, checked, resumed."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from crossline.annotations.subset import ImageRules
from crossline.errors import InputError
from crossline.fetch.coco import FetchedCoco, fetch_coco
from crossline.fetch.coco_source import CocoFolder, CocoServer, CocoSource
from crossline.fetch.coco_subset import coco_subset
from tests.fetch.coco_server import (
    ARCHIVE,
    archive,
    document,
    image_path,
    jpeg,
    serve_coco,
    write_coco_folder,
)
from tests.fetch.server import Fault, FileServer


def drawn(**options: Any) -> tuple[list[int], list[int], int]:
    """Returns the ids of images and annotations, and the candidates."""
    part, choice = coco_subset(document(), "x", ImageRules(**options))
    images = [image["id"] for image in part["images"]]
    annotations = [annotation["id"] for annotation in part["annotations"]]
    return images, annotations, choice.candidates


@pytest.mark.parametrize(
    ("rules", "images", "annotations"),
    [
        pytest.param(
            {"classes": ["car"]}, [4, 5, 6], [6, 7, 8], id="one class"
        ),
        pytest.param(
            {"classes": ["person"]},
            [1, 2, 3, 4, 5],
            [1, 2, 3, 4, 5],
            id="no crowd alone",
        ),
        pytest.param(
            {}, [*range(1, 9)], [*range(1, 10)], id="all, with empty images"
        ),
        pytest.param(
            {"classes": ["vehicle"]}, [4, 5, 6], [6, 7, 8], id="supercategory"
        ),
        pytest.param(
            {"classes": ["2", "person"], "having": "all"},
            [4, 5],
            [4, 5, 6, 7],
            id="all of an id and a name",
        ),
        pytest.param(
            {"classes": ["person"], "having": "none"}, [6, 8], [], id="none"
        ),
    ],
)
def test_keeps_the_images_that_show_the_classes(
    rules: dict[str, Any], images: list[int], annotations: list[int]
) -> None:
    assert drawn(**rules) == (images, annotations, len(images))


def test_the_part_is_coco_as_it_stood_outlines_included() -> None:
    whole = document()
    part, _ = coco_subset(whole, "x", ImageRules(["car"]))
    assert part["info"] == {"year": 2017}
    assert part["categories"] == [whole["categories"][1]]
    assert part["annotations"] == whole["annotations"][5:8]
    assert part["annotations"][0]["segmentation"] == [[0] * 8]


def test_crowds_stay_beside_the_objects_of_their_class() -> None:
    whole = document()
    whole["annotations"][1]["iscrowd"] = 1
    whole["annotations"][1]["image_id"] = 1
    part, choice = coco_subset(whole, "x", ImageRules(["person"]))
    assert [item["iscrowd"] for item in part["annotations"]] == [0, 1, 0, 0, 0]
    assert choice.after["objects"].to_dict()["person"] == 4


def test_persons_are_undersampled_to_the_cars() -> None:
    rules = ImageRules(["person", "car"], balance="undersample", ratio=1)
    part, choice = coco_subset(document(), "x", rules)
    assert len(part["images"]) == 4
    assert choice.before["objects"].tolist() == [5, 3, 0, 8]
    assert choice.after["objects"].tolist() == [3, 3, 0, 6]


def test_a_higher_cap_adds_to_what_a_lower_one_drew() -> None:
    by_cap = [drawn(max_images=cap)[0] for cap in range(1, 9)]
    for fewer, more in itertools.pairwise(by_cap):
        assert set(fewer) < set(more)
        assert len(more) == len(fewer) + 1
    assert by_cap == [drawn(max_images=cap)[0] for cap in range(1, 9)]


def test_the_seed_decides_which() -> None:
    assert len({tuple(drawn(max_images=3, seed=n)[0]) for n in range(9)}) > 1


@pytest.mark.parametrize(
    ("change", "classes", "complaint"),
    [
        pytest.param(
            {}, ["cra"], "no class 'cra', did you mean 'car'", id="1"
        ),
        pytest.param(
            {}, ["bus"], "has no image that shows any of these", id="none"
        ),
        pytest.param(
            {"images": [{"id": 3, "file_name": "../x.jpg"}]},
            [],
            "image 3: file_name is '../x.jpg', expected a plain name",
            id="a name that leads out",
        ),
        pytest.param(
            {"images": [{"id": 3, "file_name": "x.jpg"}] * 2},
            [],
            "a plain name of its own",
            id="a name twice",
        ),
        pytest.param(
            {"annotations": [{"id": 1}]}, [], "is not as COCO", id="field"
        ),
        pytest.param({"images": 5}, [], "is not as COCO writes it", id="list"),
    ],
)
def test_refuses(
    change: dict[str, Any], classes: list[str], complaint: str
) -> None:
    with pytest.raises(InputError) as error:
        coco_subset({**document(), **change}, "train2017", ImageRules(classes))
    assert str(error.value).startswith("train2017")
    assert complaint in str(error.value)


def fetched(source: CocoSource, output: Path, **rules: Any) -> FetchedCoco:
    return fetch_coco(source, output, ImageRules(**rules), workers=3)


def from_server(server: FileServer, output: Path) -> CocoServer:
    return CocoServer(f"{server.url}/", "train", 2017, output, 3)


def names_in(instances: Path) -> list[str]:
    images = json.loads(instances.read_text())["images"]
    return [image["file_name"] for image in images]


def test_fetches_just_the_images_needed(
    server: FileServer, tmp_path: Path
) -> None:
    serve_coco(server)
    source = from_server(server, tmp_path)
    result = fetched(source, tmp_path, classes=["car"], max_images=2)
    assert result.instances == tmp_path / "instances.json"
    assert (result.images, result.choice.candidates) == (2, 3)
    assert not result.failed
    kept = names_in(result.instances)
    images = sorted((tmp_path / "images").iterdir())
    assert [path.name for path in images] == kept
    for path in images:
        assert path.read_bytes() == jpeg(int(path.stem))
    assert sorted(path for path, _ in server.requests) == sorted(
        [ARCHIVE, *[f"/train2017/{name}" for name in kept]]
    )


def test_a_failed_image_is_told_and_the_rest_is_saved(
    server: FileServer, tmp_path: Path
) -> None:
    serve_coco(server)
    del server.files[image_path(2)]
    server.files[image_path(5)] = jpeg(5)[:-2]
    server.files[image_path(6)] = b"<html>no image</html>"
    result = fetched(from_server(server, tmp_path), tmp_path)
    assert list(result.failed) == [f"{n:012d}.jpg" for n in (2, 5, 6)]
    missing, cut, no_image = result.failed.values()
    assert "404 Not Found" in missing
    assert "cannot be read as an image (image file is truncated" in cut
    assert "cannot be read as an image" in no_image
    part = json.loads(result.instances.read_text())
    assert [image["id"] for image in part["images"]] == [1, 3, 4, 7, 8]
    assert {a["image_id"] for a in part["annotations"]} == {1, 3, 4, 7}
    assert len(list((tmp_path / "images").iterdir())) == result.images == 5


def test_run_again_fetches_only_what_is_missing_or_damaged(
    server: FileServer, tmp_path: Path
) -> None:
    serve_coco(server)
    fetched(from_server(server, tmp_path), tmp_path)
    server.requests.clear()
    (tmp_path / "images" / "000000000003.jpg").unlink()
    (tmp_path / "images" / "000000000004.jpg").write_bytes(jpeg()[:100])
    result = fetched(from_server(server, tmp_path), tmp_path)
    assert result.images == 8
    assert sorted(path for path, _ in server.requests) == [
        image_path(3),
        image_path(4),
    ]


def test_a_faltering_server_is_no_failure(
    server: FileServer, tmp_path: Path
) -> None:
    serve_coco(server)
    server.faults[ARCHIVE] = [Fault(cut_after=90), Fault(status=503)]
    server.faults[image_path(1)] = [Fault(cut_after=50), Fault(content=b"x")]
    assert not fetched(from_server(server, tmp_path), tmp_path).failed


def test_a_damaged_archive_of_annotations_is_fetched_again(
    server: FileServer, tmp_path: Path
) -> None:
    serve_coco(server)
    damaged = archive()[:200] + b"damage" + archive()[206:]
    server.faults[ARCHIVE] = [Fault(content=damaged)]
    assert fetched(from_server(server, tmp_path), tmp_path).images == 8


def test_an_archive_of_something_else_is_refused(
    server: FileServer, tmp_path: Path
) -> None:
    serve_coco(server)
    server.files[ARCHIVE] = archive("annotations/instances_val2017.json")
    with pytest.raises(InputError, match=r"holds no .*instances_train2017"):
        fetched(from_server(server, tmp_path), tmp_path)
    assert not (tmp_path / "instances.json").exists()


def test_a_folder_in_coco_s_layout_serves_too(tmp_path: Path) -> None:
    folder = write_coco_folder(tmp_path / "coco")
    source = CocoFolder(folder, "train", 2017)
    result = fetched(source, tmp_path / "cars", classes=["car"])
    assert names_in(result.instances) == [f"{n:012d}.jpg" for n in (4, 5, 6)]
    image = tmp_path / "cars" / "images" / "000000000005.jpg"
    assert image.read_bytes() == jpeg(5)


def test_what_was_fetched_can_be_fetched_from(tmp_path: Path) -> None:
    folder = write_coco_folder(tmp_path / "coco")
    fetched(CocoFolder(folder, "train", 2017), tmp_path / "all")
    (tmp_path / "all" / "images" / "000000000004.jpg").unlink()
    source = CocoFolder(tmp_path / "all", "val", 2017)
    result = fetched(source, tmp_path / "cars", classes=["car"])
    assert result.images == 2
    (problem,) = result.failed.values()
    assert problem.endswith("000000000004.jpg: no such file")


def test_a_folder_without_coco_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no COCO annotations; exp"):
        CocoFolder(tmp_path, "train", 2017)
    with pytest.raises(InputError, match="no such folder"):
        CocoFolder(tmp_path / "nowhere", "train", 2017)
