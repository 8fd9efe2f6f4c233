"""Pool what `fine_tuning.sh` kept: mean AP over seeds, paired intervals.

In: the folder that it wrote, and the checkpoint that it started from. Out: a
Markdown table of the checkpoint as it is, the fine-tuned checkpoints, their
SavedModels and int8 files, those of fresh heads and of balance, each the mean
of the seeds, with the difference from the checkpoint and its 95 % interval;
and what balance changed, by class.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from crossline.annotations.table import read_csv
from crossline.evaluate.bootstrap import Difference, paired_differences
from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import read_results
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.matching import Matches, match
from crossline.odapi.checkpoint import find_checkpoint

JUDGED = {
    "tuned": "fine-tuned checkpoint",
    "saved_models": "its SavedModel",
    "int8": "its int8 TFLite",
    "plain": "fresh heads",
    "balanced": "fine-tuned with balance",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("checkpoint", type=Path)
    arguments = parser.parse_args()
    folder = arguments.folder
    source = folder / "judge.csv"
    truth = ground_truth_of(read_csv(source), source)

    def matches_of(name: str) -> list[Matches]:
        models = json.loads((folder / f"{name}.json").read_text())["models"]
        return [
            match(truth, read_results(Path(model["detections"]), truth))
            for model in models
        ]

    baseline = matches_of("tuned")[:1]
    tuned = {name: matches_of(name)[1:] for name in JUDGED}
    differences = paired_differences(baseline, list(tuned.values()))
    moved = [
        change_of_weights(folder / "config", folder / f"run_{seed}")
        for seed in (1, 2, 3)
    ]
    print(
        "Training moved the weights by", *(f"{100 * m:.1f} %" for m in moved)
    )
    classes = list(baseline[0].class_names)
    print(f"| model | AP | AP50 | difference of AP | {' | '.join(classes)} |")
    print("|---" * (4 + len(classes)) + "|")
    print_row(f"{arguments.checkpoint.name} as it is", baseline, "")
    for (name, seeds), difference in zip(
        tuned.items(), differences, strict=True
    ):
        print_row(JUDGED[name], seeds, with_interval(difference["AP"]))
    (gained,) = paired_differences(tuned["tuned"], [tuned["balanced"]])
    print("\nBalance changed\n\n| | |\n|---|---|")
    for of, each in gained.items():
        print(f"| {of} | {with_interval(each)} |")


def with_interval(of: Difference) -> str:
    """Returns a difference in words."""
    return f"{of.estimate:+.3f} ({of.low:+.3f} to {of.high:+.3f})"


def change_of_weights(before: Path, after: Path) -> float:
    """Returns how far trained weights moved, relative to their norm."""
    old, new = (
        tf.train.load_checkpoint(find_checkpoint(folder))
        for folder in (before, after)
    )
    moved = whole = 0.0
    for name in old.get_variable_to_shape_map():
        if name.startswith("model/") and "kernel" in name:
            weights = old.get_tensor(name)
            moved += float(np.square(new.get_tensor(name) - weights).sum())
            whole += float(np.square(weights).sum())
    return float(np.sqrt(moved / whole))


def print_row(name: str, seeds: list[Matches], interval: str) -> None:
    """Prints the mean over seeds, a column per class at the end."""
    metrics = [metrics_of(matches) for matches in seeds]

    def mean(values: list[float | None]) -> str:
        known = [value for value in values if value is not None]
        return f"{sum(known) / len(known):.3f}" if known else "n/a"

    columns = [
        mean([each.summary["AP"] for each in metrics]),
        mean([each.summary["AP50"] for each in metrics]),
        interval,
        *(
            mean([each.per_class[class_name].AP for each in metrics])
            for class_name in metrics[0].per_class
        ),
    ]
    print(f"| {name} | {' | '.join(columns)} |")


if __name__ == "__main__":
    main()
