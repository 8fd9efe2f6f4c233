"""The notebook, executed cell by cell: what each part leaves behind."""

import base64
import json
import re
import zipfile
from pathlib import Path

import av
import nbformat
import pandas as pd
import pytest
from nbclient.exceptions import CellExecutionError

from crossline.detect.detector import open_detector
from crossline.records.read import read_records, require_records
from scripts.coco_to_csv import main as coco_to_csv
from scripts.convert_annotations import main as convert_annotations
from scripts.make_sample import main as make_sample
from tests.colab.execution import NOTEBOOK, ON_COLAB, Executed, execute
from tests.fetch import coco_server
from tests.fetch.server import serving

STEPS = 2
SMALL = {"IMAGES": 14, "STEPS": STEPS, "BATCH_SIZE": 2, "SECONDS": 2}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """The whole notebook on the sample; the last download as on Colab."""
    folder = tmp_path_factory.mktemp("notebook")
    return execute(folder, SMALL, inserted={"download-again": ON_COLAB})


def count_records(folder: Path, pattern: str) -> int:
    return len(list(read_records(require_records(str(folder / pattern)))))


def test_the_notebook_is_kept_without_outputs_and_with_ids() -> None:
    notebook = nbformat.read(NOTEBOOK, 4)
    nbformat.validate(notebook)
    assert all(re.fullmatch(r"[a-z-]+", cell.id) for cell in notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_every_heading_is_followed_by_a_line_of_spanish() -> None:
    for cell in nbformat.read(NOTEBOOK, 4).cells:
        if cell.cell_type == "markdown":
            heading, blank, spanish, *_ = cell.source.splitlines()
            assert heading.startswith("#")
            assert blank == ""
            assert re.fullmatch(r"\*[^*]+\*", spanish)


def test_each_image_is_in_one_part_of_the_records(whole: Executed) -> None:
    parts = {
        name: (whole.folder / f"tables/first/{name}.csv").read_text()
        for name in ("train", "val", "test")
    }
    images = {
        name: set(re.findall(r"^\S+?\.jpg", text, re.M))
        for name, text in parts.items()
    }
    assert sum(map(len, images.values())) == SMALL["IMAGES"]
    for name in ("train", "val"):
        count = count_records(whole.folder, f"records/first/{name}-*")
        assert count == len(images[name])


@pytest.mark.parametrize("name", ["first", "first-more"])
def test_training_ends_at_the_last_step_and_logs_for_tensorboard(
    whole: Executed, name: str
) -> None:
    run = whole.folder / "runs" / name
    assert (run / f"ckpt-{STEPS}.index").is_file()
    assert list((run / "train").glob("events.out.tfevents.*"))


@pytest.mark.parametrize("name", ["first", "first-more"])
def test_the_int8_file_knows_the_classes(whole: Executed, name: str) -> None:
    model = whole.folder / "exported" / name / "model_int8.tflite"
    assert open_detector(model).class_names == {
        1: "car",
        2: "motorcycle",
        3: "person",
    }


def test_training_starts_from_the_heads_that_are_known(
    whole: Executed,
) -> None:
    for cell in ("train", "train-again"):
        assert "starting fresh: none" in whole.text(cell)


def test_the_counted_video_is_shown_inside_the_notebook(
    whole: Executed,
) -> None:
    (output,) = whole.cells["show"].outputs
    (encoded,) = re.findall(
        r'src="data:video/mp4;base64,([^"]+)"', output.data["text/html"]
    )
    path = whole.folder / "runs/count-first/annotated.mp4"
    assert base64.b64decode(encoded) == path.read_bytes()
    with av.open(str(path)) as video:
        (stream,) = video.streams.video
        assert stream.codec_context.name == "h264"
        assert sum(1 for _ in video.decode(stream)) == 2 * 25


def test_counts_stand_beside_the_truth(whole: Executed) -> None:
    truth = json.loads(
        (whole.folder / "data/street/street_truth.json").read_text()
    )
    summary = json.loads(
        (whole.folder / "runs/count-first/summary.json").read_text()
    )
    assert summary["totals"].keys() == truth["lines"].keys()
    assert "Truth:" in whole.text("count")


def test_the_zip_holds_model_and_counts(whole: Executed) -> None:
    with zipfile.ZipFile(whole.folder / "first.zip") as archive:
        names = set(archive.namelist())
    assert {
        "first/model_int8.tflite",
        "first/label_map.pbtxt",
        "first/metadata.json",
        "first/saved_model/saved_model.pb",
        "first/checkpoint/ckpt-0.index",
        "count-first/annotated.mp4",
        "count-first/events.csv",
        "count-first/summary.json",
        "evaluation-first.json",
    } <= names
    assert str(whole.folder / "first.zip") in whole.text("download")


def test_on_colab_the_zip_is_downloaded(whole: Executed) -> None:
    assert (whole.folder / "first-more.zip").is_file()
    assert "downloaded first-more.zip" in whole.text("download-again")


def test_the_second_training_has_all_images_of_the_first_and_more(
    whole: Executed,
) -> None:
    first = count_records(whole.folder, "records/first/train-*")
    second = count_records(whole.folder, "records/first-more/*")
    assert second == first + SMALL["IMAGES"]
    config = (whole.folder / "configs/first-more/pipeline.config").read_text()
    assert "records/first-more/*" in config


def test_both_models_are_judged_on_the_same_test_images(
    whole: Executed,
) -> None:
    path = whole.folder / "runs/first-or-first-more.json"
    evaluation = json.loads(path.read_text())
    assert evaluation["source"] == "tables/first/test.csv"
    assert [model["model"] for model in evaluation["models"]] == [
        "exported/first/model_int8.tflite",
        "exported/first-more/model_int8.tflite",
    ]
    table = whole.text("compare")
    assert re.search(r"^\s+objects\s+\(1\)\s+\(2\)", table, re.M)
    assert re.search(r"^AP50 +\d+ +\S+ +\S+", table, re.M)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six drawn images, annotated as VOC XML, COCO JSON, CSV and YOLO."""
    folder = tmp_path_factory.mktemp("own") / "sample"
    options = ["--images", "6", "--video-seconds", "1"]
    assert make_sample(["--output", str(folder), *options]) == 0
    instances, csv = str(folder / "instances.json"), folder / "labels.csv"
    assert coco_to_csv([instances, "--keep-empty", "--output", str(csv)]) == 0
    to_yolo = ["--to", "yolo", "--images", str(folder / "images")]
    options = [*to_yolo, "--output", str(folder / "yolo")]
    assert convert_annotations([str(csv), *options]) == 0
    return folder


def zip_of(sample: Path, annotations: str, folder: Path) -> Path:
    """Zips images and one kind of annotations as macOS zips a folder."""
    path = folder / "own.zip"
    whole = sample / annotations
    is_yolo = (whole / "data.yaml").is_file()
    images = [] if is_yolo else sorted((sample / "images").iterdir())
    labels = sorted(whole.rglob("*.*")) if whole.is_dir() else [whole]
    with zipfile.ZipFile(path, "w") as archive:
        for file in [*images, *labels]:
            name = f"my street/{file.relative_to(sample)}"
            archive.write(file, name)
            archive.writestr(f"__MACOSX/my street/._{file.name}", b"\0")
    return path


@pytest.mark.parametrize(
    ("annotations", "title"),
    [
        pytest.param("annotations_voc", "Pascal VOC", id="VOC XML"),
        pytest.param("instances.json", "COCO", id="COCO JSON"),
        pytest.param("labels.csv", "CSV", id="CSV"),
        pytest.param("yolo", "YOLO", id="YOLO"),
    ],
)
def test_a_zip_of_ones_own_is_converted(
    sample: Path, tmp_path: Path, annotations: str, title: str
) -> None:
    archive = zip_of(sample, annotations, tmp_path)
    choices = {"DATA": str(archive), "CLASSES": ""}
    done = execute(tmp_path, choices, last="annotations")
    assert f" for {title}." in done.text("annotations")
    expected = ({"car", "motorcycle", "person"}, 6)
    assert classes_and_images(tmp_path) == expected


def classes_and_images(folder: Path) -> tuple[set[str], int]:
    table = pd.read_csv(folder / "tables/first/all.csv")
    return set(table["class"].dropna()), table["filename"].nunique()


def test_colab_asks_for_the_zip(sample: Path, tmp_path: Path) -> None:
    archive = zip_of(sample, "annotations_voc", tmp_path)
    done = execute(
        tmp_path,
        {"DATA": "upload", "CLASSES": "person"},
        last="annotations",
        inserted={"data": f"UPLOAD = {str(archive)!r}\n{ON_COLAB}"},
    )
    assert "Choose a zip" in done.text("data")
    # The others are kept as negatives.
    assert classes_and_images(tmp_path) == ({"person"}, 6)


def test_elsewhere_an_upload_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError, match="give the path of a zip"):
        execute(tmp_path, {"DATA": "upload"}, last="data")


def test_coco_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = {"DATA": "COCO", "CLASSES": "person, car", "IMAGES": 4}
    with serving() as server:
        # COCO's own address, which a proxy on loopback answers.
        coco_server.serve_coco(server)
        host = "http://images.cocodataset.org"
        server.files = {f"{host}{k}": v for k, v in server.files.items()}
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "")
        execute(tmp_path, choices, last="annotations")
    assert classes_and_images(tmp_path) == ({"car", "person"}, 4)


def test_a_program_that_fails_stops_the_notebook(tmp_path: Path) -> None:
    choices = {"CLASSES": "zebra", "IMAGES": 2}
    with pytest.raises(CellExecutionError, match="its last lines say why"):
        execute(tmp_path, choices, last="annotations")
