"""A demo's two folders, as its scripts leave them, but tiny.

The street is a red block that walks from left to right over one line; the
detector is a function of the pixels, so that nothing has to be trained.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from tensorboard.plugins.scalar.summary import scalar_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from crossline.annotations.table import Annotation, table_of, write_csv
from crossline.count.counter import SceneCounter
from crossline.count.scene import Scene, parse_line
from crossline.evaluate.coco_results import (
    CocoResult,
    results_of,
    write_results,
)
from crossline.evaluate.evaluation import Candidate, evaluate
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.geometry import Detections, Image
from crossline.video.count_video import count_video
from crossline.video.loop import WatchSettings
from crossline.video.reader import VideoReader
from tests.tiny_detector import METADATA, scene
from tests.video.videos import write_video

WIDTH, HEIGHT = 96, 64
LINE = "gate=0.5,0,0.5,1"
VAL = {"a.png": (2, 4, 18, 20), "b.png": (8, 10, 28, 30)}
"""Image to its one red box."""


class RedFinder:
    """Finds the red block."""

    class_names = METADATA.classes

    def detect(self, image: Image) -> Detections:
        rows, columns = np.nonzero(image[..., 0] > 128)
        if not len(rows):
            return Detections.of([], [], [])
        box = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        return Detections.of([box], [0.9], [1])


@dataclass(frozen=True)
class Demo:
    """Where it lies."""

    data: Path
    run: Path
    export: Path


def write_demo(
    folder: Path, *, true_crossings: int = 1, boxes_found: int = 2
) -> Demo:
    """Writes all but real footage.

    Args:
        folder: for everything.
        true_crossings: of the truth, of which one is counted.
        boxes_found: by the int8 model, of the two that validation has.
    """
    demo = Demo(folder / "data", folder / "run", folder / "exported")
    write_sample(demo.data, true_crossings)
    demo.export.mkdir()
    (demo.export / "metadata.json").write_text(METADATA.to_json())
    (demo.export / "model_int8.tflite").write_bytes(b"8" * 8)
    (demo.export / "saved_model").mkdir()
    (demo.export / "saved_model" / "saved_model.pb").write_bytes(b"s" * 32)
    write_evaluation(demo, boxes_found)
    write_count(demo, demo.run / "street")
    write_losses(demo.run / "train", {10: 2.0, 20: 1.0})
    (demo.run / "stages.tsv").write_text(
        "make_sample\t30.5\tpython scripts/make_sample.py --output data\n"
        "train\t240\tpython scripts/train.py --output 'a run'\n"
    )
    return demo


def write_sample(data: Path, true_crossings: int) -> None:
    (data / "images").mkdir(parents=True)
    for name, box in VAL.items():
        image = Pillow.fromarray(scene(red=box))
        image.save(data / "images" / name)
    table = table_of(
        [Annotation(name, 32, 32, "red", 1, *box) for name, box in VAL.items()]
    )
    write_csv(table, data / "val.csv")
    frames = [
        scene(WIDTH, HEIGHT, red=(6 + 3 * k, 20, 20 + 3 * k, 44))
        for k in range(24)
    ]
    write_video(data / "street.mp4", frames, fps=10)
    counts = {"gate": {"right": {"red": true_crossings}, "left": {}}}
    truth = {"fps": 10, "frames": 24, "lines": {"gate": [48, 0, 48, 64]}}
    (data / "street_truth.json").write_text(
        json.dumps({**truth, "counts": counts})
    )
    rows = "1.2,12,1,red,gate,right,48,32\n" * true_crossings
    (data / "street_crossings.csv").write_text(
        f"time_s,frame,track_id,class,line,direction,x,y\n{rows}"
    )


def write_count(demo: Demo, folder: Path, line: str = LINE) -> None:
    with VideoReader(str(demo.data / "street.mp4")) as reader:
        gate = parse_line(line, reader.width, reader.height)
        count_video(
            reader,
            RedFinder(),
            SceneCounter(Scene((gate,))),
            WatchSettings([1], 0.5),
            folder,
            model=str(demo.export / "model_int8.tflite"),
        )


def write_evaluation(demo: Demo, boxes_found: int) -> None:
    source = demo.data / "val.csv"
    table = table_of(
        [Annotation(name, 32, 32, "red", 1, *box) for name, box in VAL.items()]
    )
    truth = ground_truth_of(table, source)
    found: list[CocoResult] = []
    for name, box in VAL.items():
        detections = Detections.of([box], [0.8], [1])
        found += results_of(detections, name, {1: "red"}, truth)
    candidates = []
    for model, results in (
        (demo.export, found),
        (demo.export / "model_int8.tflite", found[:boxes_found]),
    ):
        kept = demo.run / f"{model.stem}.detections.json"
        write_results(results, kept)
        candidates.append(Candidate(model.stem, model, kept, results))
    evaluation = evaluate(truth, candidates)
    (demo.run / "evaluation.json").write_text(evaluation.to_json())


def write_losses(run: Path, losses: dict[int, float]) -> None:
    """Logs a total loss by step, as a training run does."""
    from tensorboard.compat.proto.event_pb2 import Event

    writer = EventFileWriter(str(run / "train"))
    for step, loss in losses.items():
        summary = scalar_pb("Loss/total_loss", loss)
        writer.add_event(Event(step=step, wall_time=step, summary=summary))
    writer.close()
