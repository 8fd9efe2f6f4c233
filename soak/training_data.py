"""A tiny detector, ready to be trained and exported."""

from pathlib import Path

from PIL import Image

from crossline.annotations.table import table_of
from crossline.odapi.pipeline_config import TrainingChoices
from crossline.odapi.prepare import prepare_training
from crossline.records.label_map import LabelMap, write_label_map
from crossline.records.write import write_records
from tests.odapi.conftest import make_zoo_checkpoint, squares


def prepare(folder: Path, steps: int) -> Path:
    """Makes data, records and config; returns the pipeline.config."""
    label_map = LabelMap.from_names(["car"])
    write_label_map(label_map, folder / "map.pbtxt")
    make_zoo_checkpoint(folder / "zoo")
    images, records = folder / "images", folder / "records"
    images.mkdir()
    drawn = squares(6)
    for filename, image, _ in drawn:
        Image.fromarray(image).save(images / filename)
    table = table_of(row for *_, row in drawn)
    source = folder / "labels.csv"
    write_records(table, source, images, label_map, records, "train")
    choices = TrainingChoices(
        label_map_path=folder / "map.pbtxt",
        train_records=f"{records}/train-*",
        eval_records=f"{records}/train-*",
        batch_size=2,
        steps=steps,
        learning_rate=0.001,
        freeze_batch_norm=False,
    )
    return prepare_training(folder / "zoo", choices, folder / "config").config
