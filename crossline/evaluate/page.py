"""An evaluation as a page: one file with its pictures inside."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from crossline.errors import InputError
from crossline.evaluate.bootstrap import RESAMPLES, Difference, class_key
from crossline.evaluate.coco_metrics import SUMMARY_NAMES
from crossline.evaluate.error_kinds import ErrorKind
from crossline.evaluate.judged_images import JudgedImage, judged_images
from crossline.evaluate.pictures import LEGEND, judged_picture, worst_images
from crossline.evaluate.plots import (
    class_colors,
    comparison_plot,
    confusion_plot,
    cost_plot,
    precision_recall_plot,
    reliability_plot,
    threshold_plot,
)
from crossline.evaluate.report import Evaluation, Judgement
from crossline.geometry import Image
from crossline.report.page import (
    Block,
    Cell,
    Figures,
    Gallery,
    Picture,
    Section,
    Table,
    Text,
    plot,
    write_page,
)

ReadImages = Callable[[Collection[str]], Iterable[tuple[str, Image]]]
"""Takes the filenames that are wanted; yields each with its RGB image."""

_PICTURES = 12


def write_evaluation_page(
    path: Path, evaluation: Evaluation, read_images: ReadImages
) -> None:
    """Writes the page, whole or not at all.

    Args:
        path: where; by convention it ends in ``.html``.
        evaluation: one model, or several to be compared with the first.
        read_images: gives the worst images. Where it raises `InputError`,
            the page goes without.
    """
    judgements = evaluation.judgements
    names = ", ".join(title for title, _ in _titled(judgements))
    write_page(
        path,
        "How good the detector is, and what it gets wrong",
        f"{names}; judged on the {evaluation.images} images of "
        f"{evaluation.source}.",
        [
            Section("In short", list(_overview(evaluation))),
            Section("COCO's metrics", list(_metrics(judgements))),
            Section("Which threshold", list(_thresholds(judgements))),
            Section("Precision and recall", list(_curves(judgements))),
            Section("What is taken for what", list(_confusions(judgements))),
            Section("What goes wrong", list(_errors(judgements))),
            Section(
                "Whether scores can be believed", list(_trust(judgements))
            ),
            Section(
                "Where it goes wrong", list(_worst(judgements, read_images))
            ),
            Section("Findings", list(_findings(judgements))),
        ],
    )


def _overview(evaluation: Evaluation) -> Iterator[Block]:
    first = evaluation.judgements[0]
    objects = first.metrics.objects["all"]
    for title, each in _titled(evaluation.judgements):
        found = sum(each.analysis.confusion.counts.diagonal())
        figures: list[tuple[str, Cell]] = [
            ("AP", _number(each.metrics.summary["AP"])),
            ("AP50", _number(each.metrics.summary["AP50"])),
            ("best threshold", f"{each.analysis.threshold:.2f}"),
            (f"found there, of {objects:,} objects", f"{found:,}"),
            ("false there", f"{_false(each):,}"),
        ]
        if len(evaluation.judgements) > 1:
            yield Text(title)
        yield Figures(figures)
    if first.findings:
        yield Text(
            f"{first.findings[0].text} More findings, and what to do about "
            f"them, stand at the end of the page."
        )
    yield Text(
        "A detection is right where it meets an object of its class with an "
        "IoU (common area by joint area) of at least 0.50; AP is the mean "
        "for ten such limits, 0.50 to 0.95, from 0 to 1. Crowds are neither "
        "found nor missed. n/a is a class or a size without objects."
    )


def _false(judgement: Judgement) -> int:
    errors = judgement.analysis.errors.overall
    return sum(
        error.count
        for kind, error in errors.items()
        if kind != ErrorKind.MISSED.word
    )


def _metrics(judgements: Sequence[Judgement]) -> Iterator[Block]:
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
                *(_number(each.metrics.summary[key]) for key in SUMMARY_NAMES),
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
    for title, each in _titled(judgements):
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
        scores = [_number(getattr(metrics, column)) for column in columns]
        rows.append([name, metrics.objects, sizes, *scores])
    titles = [column.replace("_", " ") for column in columns]
    return Table(
        ["class", "objects", "small/medium/large", *titles], rows, caption
    )


def _thresholds(judgements: Sequence[Judgement]) -> Iterator[Block]:
    yield Text(
        "Below the threshold a detection counts as none. A higher one makes "
        "fewer false detections and misses more objects; F1 weighs both "
        "alike. The dotted line is the one threshold that is best for all "
        "classes together; the rest of this page is taken there."
    )
    for title, each in _titled(judgements):
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
                    _number(point.precision),
                    _number(point.recall),
                    _number(point.f1),
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


def _curves(judgements: Sequence[Judgement]) -> Iterator[Block]:
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
            for title, each in _titled(judgements)
        ],
        480,
    )


def _confusions(judgements: Sequence[Judgement]) -> Iterator[Block]:
    yield Text(
        "A row is what an object is, a column what it was taken for, at the "
        "threshold. The diagonal is right; the last column was missed; the "
        "last row was detected where no object is left to find: on nothing, "
        "badly placed, or a second time."
    )
    for title, each in _titled(judgements):
        confusion = each.analysis.confusion
        caption = f"{title}, threshold {confusion.threshold:.2f}"
        yield Gallery(
            [
                plot(confusion_plot(confusion, normalised), caption)
                for normalised in (False, True)
            ],
            480,
        )


def _errors(judgements: Sequence[Judgement]) -> Iterator[Block]:
    yield Text(
        "Each false detection and each missed object has one kind (TIDE, "
        "Bolya and others, 2020). Classification: well placed on an object "
        "of another class. Localisation: the right class with an IoU from "
        "0.1 to 0.5. Both: badly placed on another class. Duplicate: finds "
        "again what was found. Background: nothing is there. Missed: not "
        "found, nor the aim of one of the first two. The cost of a kind is "
        "the AP50 that the class would gain if its errors were mended."
    )
    for title, each in _titled(judgements):
        errors = each.analysis.errors
        yield plot(cost_plot(each), title)
        rows: list[Sequence[Cell]] = []
        everything = {"all classes": errors.overall, **errors.per_class}
        for name, kinds in everything.items():
            rows.append(
                [
                    name,
                    *(
                        f"{error.count} / {_number(error.cost)}"
                        for error in kinds.values()
                    ),
                ]
            )
        yield Table(
            ["class", *(kind.word for kind in ErrorKind)],
            rows,
            f"Number at the threshold of {errors.threshold:.2f} / cost in "
            f"AP50 over all scores: what is found, but weakly, is missed at "
            f"the threshold and costs nothing",
        )


def _trust(judgements: Sequence[Judgement]) -> Iterator[Block]:
    yield Text(
        "Of the detections with a score of 0.7, seven in ten should be "
        "right: bars on the dashed line. Bars below it promise too much, "
        "bars above it too little. The calibration error is the mean "
        "distance, weighted by the number of detections (grey)."
    )
    yield Gallery(
        [
            plot(reliability_plot(each.analysis.calibration), title)
            for title, each in _titled(judgements)
        ],
        420,
    )
    per_class = judgements[0].metrics.per_class
    yield Table(
        ["calibration error", *(title for title, _ in _titled(judgements))],
        [
            [
                name,
                *(
                    _number(
                        each.analysis.class_calibration[name].expected_error
                    )
                    for each in judgements
                ),
            ]
            for name in per_class
        ],
    )


def _worst(
    judgements: Sequence[Judgement], read_images: ReadImages
) -> Iterator[Block]:
    judged = [
        judged_images(each.analysis.outcomes, each.analysis.threshold)
        for each in judgements
    ]
    scores = judgements[0].metrics.per_class
    weakest = sorted(scores, key=lambda name: scores[name].AP or 0.0)
    thresholds = ", ".join(
        f"{each.analysis.threshold:.2f}" for each in judgements
    )
    chosen = worst_images(judged[0], weakest, _PICTURES // len(judgements))
    yield Text(
        f"The images where the first model has most errors of each class in "
        f"its turn, the weakest class first. Each model is shown at its best "
        f"threshold: {thresholds}. {LEGEND}"
    )
    try:
        images = dict(read_images([each.filename for each in chosen]))
    except InputError as error:
        yield Text(f"The images are not at hand: {error}")
        return
    yield Gallery(list(_pictures(chosen, judgements, judged, images)), 440)


def _pictures(
    chosen: Sequence[JudgedImage],
    judgements: Sequence[Judgement],
    judged: Sequence[Sequence[JudgedImage]],
    images: dict[str, Image],
) -> Iterator[Picture]:
    """Yields each image once for each model."""
    by_name = [{each.filename: each for each in of} for of in judged]
    for worst in chosen:
        for number, of_model in enumerate(by_name, 1):
            caption = f"({number}) " if len(judgements) > 1 else ""
            yield judged_picture(
                images[worst.filename], of_model[worst.filename], caption
            )


def _findings(judgements: Sequence[Judgement]) -> Iterator[Block]:
    for title, each in _titled(judgements):
        yield Table(
            ["what was found", "what addresses it"],
            [[finding.text, finding.remedy] for finding in each.findings],
            title,
        )


def _titled(
    judgements: Sequence[Judgement],
) -> Iterator[tuple[str, Judgement]]:
    """Yields each model with its name, numbered where there are several."""
    for number, each in enumerate(judgements, 1):
        is_alone = len(judgements) == 1
        yield each.name if is_alone else f"({number}) {each.name}", each


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _difference(difference: Difference | None) -> str:
    if difference is None:
        return "n/a"
    return (
        f"{difference.estimate:+.3f} ({difference.low:+.3f} to "
        f"{difference.high:+.3f})"
    )
