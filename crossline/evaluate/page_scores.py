"""The page's sections on scores: metrics, thresholds, precision and recall."""

from collections.abc import Iterator, Sequence

from crossline.evaluate.bootstrap import RESAMPLES, Difference, class_key
from crossline.evaluate.coco_metrics import SUMMARY_NAMES
from crossline.evaluate.page_text import number_text, titled
from crossline.evaluate.plots import (
    class_colors,
    comparison_plot,
    precision_recall_plot,
    threshold_plot,
)
from crossline.evaluate.report import Judgement
from crossline.report.page import Block, Cell, Gallery, Table, Text, plot


def metrics(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """Yields COCO's metrics, overall and by class, with intervals."""
    yield Text(
        "As pycocotools computes them. Small is below 32 x 32 pixels, large "
        "above 96 x 96. AR is recall, with at most 1, 10 or 100 detections "
        "an image."
    )
    yield Table(
        ["", *(name.replace("_", " ") for name in SUMMARY_NAMES)],
        [
            [
                f"({number})",
                *(
                    number_text(each.metrics.summary[key])
                    for key in SUMMARY_NAMES
                ),
            ]
            for number, each in enumerate(judgements, 1)
        ],
    )
    yield plot(
        comparison_plot(judgements),
        f"The bar is where AP would lie for other images of the same kind: "
        f"95 % of {RESAMPLES} draws of the images with replacement.",
    )
    if len(judgements) > 1:
        yield Text(
            "Two bars above may overlap, and the models still differ: the "
            "same images are hard for both. The differences below are taken "
            "on the same draws; an interval (95 %) that lies on one side of "
            "0 is more than the luck of the images."
        )
        yield _difference_table(judgements)
    for title, each in titled(judgements):
        yield _class_table(each, title)


def _difference_table(judgements: Sequence[Judgement]) -> Table:
    per_class = judgements[0].metrics.per_class
    keys = ["AP", "AP50", *map(class_key, per_class)]
    others = [each.differences or {} for each in judgements[1:]]
    return Table(
        ["", *(f"({k + 2}) against (1)" for k in range(len(others)))],
        [
            [key, *(_difference(each.get(key)) for each in others)]
            for key in keys
        ],
        "Paired bootstrap: both models on the same draws of the images",
    )


def _class_table(judgement: Judgement, caption: str) -> Table:
    columns = "AP AP50 AP75 AP_small AP_medium AP_large AR100".split()
    rows: list[Sequence[Cell]] = []
    for name, metrics in judgement.metrics.per_class.items():
        sizes = "/".join(map(str, metrics.objects_by_size.values()))
        scores = [number_text(getattr(metrics, column)) for column in columns]
        rows.append([name, metrics.objects, sizes, *scores])
    titles = [column.replace("_", " ") for column in columns]
    return Table(
        ["class", "objects", "small/medium/large", *titles], rows, caption
    )


def thresholds(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """Yields precision, recall and F1 over the threshold."""
    yield Text(
        "Below the threshold a detection counts as none. A higher one makes "
        "fewer false detections and misses more objects; F1 weighs both "
        "alike. The dotted line is the one threshold that is best for all "
        "classes together; the rest of this page is taken there."
    )
    for title, each in titled(judgements):
        yield plot(
            threshold_plot(each.analysis.curves, class_colors(each)), title
        )
        yield _threshold_table(each)


def _threshold_table(judgement: Judgement) -> Table:
    curves = judgement.analysis.curves
    rows: list[Sequence[Cell]] = []
    for name, each in curves.per_class.items():
        row: list[Cell] = [name]
        for point in (each.best, each.at(curves.best_threshold)):
            if point is None:
                row += ["n/a"] * 4
            else:
                row += [
                    f"{point.threshold:.2f}",
                    number_text(point.precision),
                    number_text(point.recall),
                    number_text(point.f1),
                ]
        del row[5]
        rows.append(row)
    shared = f"at {curves.best_threshold:.2f}"
    return Table(
        [
            "class",
            "best threshold",
            *("precision", "recall", "F1"),
            *(f"precision {shared}", "recall", "F1"),
        ],
        rows,
    )


def curves(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """Yields precision over recall."""
    yield Text(
        "From left to right the threshold falls: more objects are found "
        "(recall), and more of what is detected is false (precision). The "
        "area under a class's line is its AP50."
    )
    yield Gallery(
        [
            plot(
                precision_recall_plot(
                    each.analysis.curves, class_colors(each)
                ),
                title,
            )
            for title, each in titled(judgements)
        ],
        480,
    )


def _difference(difference: Difference | None) -> str:
    if difference is None:
        return "n/a"
    return (
        f"{difference.estimate:+.3f} ({difference.low:+.3f} to "
        f"{difference.high:+.3f})"
    )
