"""Pool what `quantization_aware.sh` kept: int8 against float, over seeds.

In: the folder that it wrote. Out: a Markdown table of the float checkpoints,
their int8 files by post-training quantization and those of
quantization-aware training, each the mean of the seeds, with the difference
from float and its 95 % interval; a line with the difference of the two; and
a table of each seed's AP.
"""

import argparse
import json
from pathlib import Path

from benchmarks.pooled_seeds import print_row
from crossline.annotations.table import read_csv
from crossline.evaluate.bootstrap import Difference, paired_differences
from crossline.evaluate.coco_metrics import metrics_of
from crossline.evaluate.coco_results import read_results
from crossline.evaluate.ground_truth import ground_truth_of
from crossline.evaluate.matching import Matches, match

WAYS = ("float checkpoint", "int8 after training", "int8 trained for")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    source = folder / "judge.csv"
    truth = ground_truth_of(read_csv(source), source)
    models = json.loads((folder / "aware.json").read_text())["models"]
    matches = [
        match(truth, read_results(Path(model["detections"]), truth))
        for model in models
    ]
    count = len(matches) // len(WAYS)
    seeds = [matches[i : i + count] for i in range(0, len(matches), count)]
    print_table(seeds)
    (difference,) = paired_differences(seeds[1], [seeds[2]])
    print(f"Trained for int8 - int8 after training: {shown(difference['AP'])}")
    print(f"\n| seed | {' | '.join(WAYS)} |\n{'|---' * (1 + len(WAYS))}|")
    for number, ways in enumerate(zip(*seeds, strict=True), 1):
        shares = [f"{metrics_of(each).summary['AP']:.4f}" for each in ways]
        print(f"| {number} | {' | '.join(shares)} |")


def print_table(seeds: list[list[Matches]]) -> None:
    """Prints a row per way; the first is what the others are measured by."""
    classes = list(seeds[0][0].class_names)
    print(f"| model | AP | AP50 | difference of AP | {' | '.join(classes)} |")
    print("|---" * (4 + len(classes)) + "|")
    print_row(WAYS[0], seeds[0], "")
    differences = paired_differences(seeds[0], seeds[1:])
    for name, matches, difference in zip(
        WAYS[1:], seeds[1:], differences, strict=True
    ):
        print_row(name, matches, shown(difference["AP"]))


def shown(of: Difference) -> str:
    return f"{of.estimate:+.4f} ({of.low:+.4f} to {of.high:+.4f})"


if __name__ == "__main__":
    main()
