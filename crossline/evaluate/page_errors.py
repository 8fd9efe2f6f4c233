"""The page's sections on errors: of what kind, how dear, on which images."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from crossline.errors import InputError
from crossline.evaluate.error_kinds import ErrorKind
from crossline.evaluate.judged_images import JudgedImage, judged_images
from crossline.evaluate.page_text import number_text, titled
from crossline.evaluate.pictures import LEGEND, judged_picture, worst_images
from crossline.evaluate.plots import (
    confusion_plot,
    cost_plot,
    reliability_plot,
)
from crossline.evaluate.report import Judgement
from crossline.geometry import Image
from crossline.report.page import (
    Block,
    Cell,
    Gallery,
    Picture,
    Table,
    Text,
    plot,
)

ReadImages = Callable[[Collection[str]], Iterable[tuple[str, Image]]]
"""Takes the filenames that are wanted; yields each with its RGB image."""

_PICTURES = 12


def confusions(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """Yields the confusion matrices."""
    yield Text(
        "A row is what an object is, a column what it was taken for, at the "
        "threshold. The diagonal is right; the last column was missed; the "
        "last row was detected where no object is left to find: on nothing, "
        "badly placed, or a second time."
    )
    for title, each in titled(judgements):
        confusion = each.analysis.confusion
        caption = f"{title}, threshold {confusion.threshold:.2f}"
        yield Gallery(
            [
                plot(confusion_plot(confusion, normalised), caption)
                for normalised in (False, True)
            ],
            480,
        )


def errors(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """Yields the kinds of errors and what each costs."""
    yield Text(
        "Each false detection and each missed object has one kind (TIDE, "
        "Bolya and others, 2020). Classification: well placed on an object "
        "of another class. Localisation: the right class with an IoU from "
        "0.1 to 0.5. Both: badly placed on another class. Duplicate: finds "
        "again what was found. Background: nothing is there. Missed: not "
        "found, nor the aim of one of the first two. The cost of a kind is "
        "the AP50 that the class would gain if its errors were mended."
    )
    for title, each in titled(judgements):
        errors = each.analysis.errors
        yield plot(cost_plot(each), title)
        rows: list[Sequence[Cell]] = []
        everything = {"all classes": errors.overall, **errors.per_class}
        for name, kinds in everything.items():
            rows.append(
                [
                    name,
                    *(
                        f"{error.count} / {number_text(error.cost)}"
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


def trust(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """Yields how well scores keep what they promise."""
    yield Text(
        "Of the detections with a score of 0.7, seven in ten should be "
        "right: bars on the dashed line. Bars below it promise too much, "
        "bars above it too little. The calibration error is the mean "
        "distance, weighted by the number of detections (grey)."
    )
    yield Gallery(
        [
            plot(reliability_plot(each.analysis.calibration), title)
            for title, each in titled(judgements)
        ],
        420,
    )
    per_class = judgements[0].metrics.per_class
    yield Table(
        ["calibration error", *(title for title, _ in titled(judgements))],
        [
            [
                name,
                *(
                    number_text(
                        each.analysis.class_calibration[name].expected_error
                    )
                    for each in judgements
                ),
            ]
            for name in per_class
        ],
    )


def worst(
    judgements: Sequence[Judgement], read_images: ReadImages
) -> Iterator[Block]:
    """Yields the images with most errors, drawn."""
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
