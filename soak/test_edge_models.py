"""A COCO checkpoint keeps its accuracy on its way to TFLite."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from crossline.annotations.table import read_csv
from crossline.benchmark.latency import latencies
from crossline.detect.detector import open_detector
from crossline.evaluate.images import annotated_images
from crossline.geometry import Image, iou_matrix
from scripts import (
    coco_to_csv,
    csv_to_tfrecord,
    evaluate,
    export,
    make_label_map,
)

SHARED = Path(__file__).parents[2] / "shared"
CHECKPOINT = SHARED / "zoo" / "ssd_mobilenet_v1_300x300_coco"
COCO = SHARED / "coco"
IMAGES = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """CSVs of the images, and the exports `regular` and `fast`."""
    if not CHECKPOINT.is_dir():
        pytest.skip(f"{CHECKPOINT} is not there")
    folder = tmp_path_factory.mktemp("edge")
    for name in ("instances", "instances_train"):
        source, csv = COCO / f"{name}.json", folder / f"{name}.csv"
        call(coco_to_csv, source, "--keep-empty", "--output", csv)
    train, label_map = folder / "instances_train.csv", folder / "coco.pbtxt"
    call(make_label_map, train, "--name", "coco", "--output", folder)
    call(
        csv_to_tfrecord,
        *(train, "--images", COCO / "images", "--label-map", label_map),
        *("--output", folder / "records"),
    )
    for name, options in (("regular", []), ("fast", ["--fast-nms"])):
        call(
            export,
            *("--checkpoint", CHECKPOINT, "--output", folder / name),
            *("--calibration-records", folder / "records" / "*"),
            *("--precisions", "fp32", "int8", *options),
        )
    return folder


@pytest.fixture(scope="module")
def images(folder: Path) -> list[Image]:
    read = annotated_images(
        read_csv(folder / "instances.csv"), COCO / "images"
    )
    return [image for (_, image), _ in zip(read, range(IMAGES), strict=False)]


def call(script: object, *arguments: object) -> None:
    main = script.main  # type: ignore[attr-defined]
    assert main([str(argument) for argument in arguments]) == 0


def test_fp32_and_int8_are_as_accurate(
    folder: Path, tell: Callable[[str], None]
) -> None:
    models = ("", "model_fp32.tflite", "model_int8.tflite")
    call(
        evaluate,
        *(folder / "regular" / model for model in models),
        *("--annotations", folder / "instances.csv"),
        *("--images", COCO / "images", "--output", folder / "ap.json"),
    )
    judged = json.loads((folder / "ap.json").read_text())["models"]
    whole, fp32, int8 = (one["metrics"]["summary"]["AP"] for one in judged)
    tell(f"AP: SavedModel {whole:.3f}, fp32 {fp32:.3f}, int8 {int8:.3f}")
    assert fp32 >= 0.178
    assert int8 >= 0.174


def test_regular_nms_is_as_fast_as_fast_nms(
    folder: Path, images: list[Image], tell: Callable[[str], None]
) -> None:
    taken = medians(
        {
            f"{name} {precision}": folder / name / f"model_{precision}.tflite"
            for name in ("regular", "fast")
            for precision in ("fp32", "int8")
        },
        images,
    )
    tell(", ".join(f"{name} {ms:.1f} ms" for name, ms in taken.items()))
    for precision in ("fp32", "int8"):
        more = taken[f"regular {precision}"] - taken[f"fast {precision}"]
        assert more <= 0.5


def test_int8_is_small_and_quick(
    folder: Path, images: list[Image], tell: Callable[[str], None]
) -> None:
    paths = {
        precision: folder / "regular" / f"model_{precision}.tflite"
        for precision in ("fp32", "int8")
    }
    taken = medians(paths, images)
    size = paths["int8"].stat().st_size / paths["fp32"].stat().st_size
    latency = taken["int8"] / taken["fp32"]
    tell(f"int8 has {size:.3f} of fp32's size, {latency:.2f} of its latency")
    assert size <= 0.28
    assert latency <= 0.55


def test_saved_model_and_fp32_give_the_same_boxes(
    folder: Path, images: list[Image], tell: Callable[[str], None]
) -> None:
    whole = open_detector(folder / "regular")
    fp32 = open_detector(folder / "regular" / "model_fp32.tflite")
    distances = []
    for image in images:
        found = fp32.detect(image)
        sure = whole.detect(image)
        for box, score, class_id in sure[sure.scores >= 0.3]:
            same = found[found.class_ids == class_id]
            best = int(iou_matrix(box[None], same.boxes).argmax())
            assert same.scores[best] == pytest.approx(score, abs=0.01)
            distances.append(np.abs(same.boxes[best] - box).max())
    tell(f"{len(distances)} boxes, at most {max(distances):.2f} px apart")
    assert len(distances) > IMAGES
    assert max(distances) < 1


def medians(
    models: Mapping[str, Path], images: list[Image]
) -> dict[str, float]:
    """Returns latencies in ms, of two threads."""
    detectors = [open_detector(path) for path in models.values()]
    taken = latencies(detectors, images, rounds=400)
    return {n: one.median for n, one in zip(models, taken, strict=True)}
