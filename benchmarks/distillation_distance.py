"""Measure how far distilled students are from their teachers.

In: runs of `train.py --quantize-from N --distill`. Out: a Markdown table of
the loss between each rounded student and its teacher on the images that the
run's config evaluates on, all of them once and as they are: with augmentation,
or on a few batches only, the noise is larger than what rates differ by. By
such images the rate and the number of steps were chosen:

    python -m benchmarks.distillation_distance RUN [RUN ...]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
import tensorflow as tf

from crossline.odapi.checkpoint import CONFIG_NAME, find_checkpoint
from crossline.odapi.distillation import Predictions, distance, teacher_of
from crossline.odapi.export import model_preprocessing, restored_model
from crossline.odapi.pipeline_config import read_pipeline
from crossline.records.images import decode_image
from crossline.records.read import read_records, require_records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+")
    print("| run | distance | scores | boxes |\n|---|---|---|---|")
    for run in parser.parse_args().runs:
        losses = {
            name.split("/")[1].split("_")[0]: float(loss)
            for name, loss in distance_of(run).items()
        }
        print(
            f"| {run} | {losses['total']:.4f} "
            f"| {losses['classification']:.4f} "
            f"| {losses['localization']:.4f} |"
        )


def distance_of(run: Path) -> dict[str, Any]:
    pipeline = read_pipeline(run / CONFIG_NAME)
    images = judging_images(pipeline)
    student = restored_model(pipeline, find_checkpoint(run), with_ranges=True)
    wanted = predictions(teacher_of(pipeline), images)
    return distance(predictions(student, images), wanted)


def judging_images(pipeline: Any) -> list[npt.NDArray[Any]]:
    reader = pipeline.eval_input_reader[0].tf_record_input_reader
    files = [
        file
        for pattern in reader.input_path
        for file in require_records(pattern)
    ]
    preprocess = model_preprocessing(pipeline)
    return [
        preprocess(decode_image(record.encoded))
        for record in read_records(files)
    ]


def predictions(model: Any, images: Sequence[npt.NDArray[Any]]) -> Predictions:
    """Returns those of all images, as if they were one batch."""
    predict = tf.function(lambda image, shape: model.predict(image, shape))
    found = [predict(image, [image.shape[1:]]) for image in images]
    return {
        name: tf.concat([each[name] for each in found], axis=0)
        for name in ("class_predictions_with_background", "box_encodings")
    }


if __name__ == "__main__":
    main()
