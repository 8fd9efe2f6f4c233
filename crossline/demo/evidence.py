"""The evidence in the demo's report: tables, figures and photographs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crossline.command_line import shown
from crossline.demo.counts import CountedVideo
from crossline.demo.pictures import (
    crossing_pictures,
    first_frame,
    in_words,
    judged_picture,
    varied,
)
from crossline.demo.plots import plot_losses, plot_places, plot_timeline
from crossline.demo.scores import ClassScores, ModelScores
from crossline.demo.stages import duration
from crossline.demo.summary import DemoSummary
from crossline.evaluate.judged_images import JudgedImage
from crossline.records.images import read_image
from crossline.report.page import (
    Block,
    Cell,
    Code,
    Gallery,
    Mark,
    Section,
    Table,
    Text,
    plot,
)
from crossline.video.count_video import VIDEO_NAME
from crossline.video.text import Color

_FRAMES = 6
_IMAGES = 4
_WIDE = 480
"""Pixels of a picture, so that two stand side by side."""


@dataclass(frozen=True)
class Evidence:
    """What the page shows of a demo.

    Attributes:
        summary: what was measured.
        true: of the sample's video.
        street: folder of the count in it.
        footage: folder of the count in real footage, if there is one.
        images: folder of the validation images.
        judged: all of them, by the int8 model.
        min_score: that they were judged at.
        losses: see `crossline.demo.losses`.
        colors: by class name, as the videos draw them.
    """

    summary: DemoSummary
    true: CountedVideo
    street: Path
    footage: Path
    images: Path
    judged: Sequence[JudgedImage]
    min_score: float
    losses: pd.DataFrame
    colors: Mapping[str, Color]

    def sections(self) -> list[Section]:
        """Returns them in the order of their weight."""
        return [
            Section("Counts against the truth", self._counts()),
            Section("Crossings, as they were counted", self._frames()),
            Section("The detector", self._detector()),
            Section("What it sees, and what it does not", self._images()),
            Section("Training", self._training()),
            Section("Real footage", self._footage()),
        ]

    def _counts(self) -> list[Block]:
        street = self.summary.street
        wrong = self.summary.wrong
        return [
            Table(
                ["line", "class", "direction", "counted", "true", ""],
                [
                    [
                        *count,
                        Mark("equal", good=True)
                        if count.is_equal
                        else Mark(
                            f"{count.counted - count.true:+d}", good=False
                        ),
                    ]
                    for count in self.summary.counts
                ],
                f"{street.source}, counted by {street.model}",
            ),
            *self._pairing(),
            plot(
                plot_timeline(
                    street.crossings, self.true.crossings, wrong, self.colors
                ),
                "When: a ring is a crossing as it was drawn, a dot one that "
                "was counted; they belong into each other",
            ),
            plot(
                plot_places(
                    first_frame(Path(self.true.source)),
                    street.lines,
                    street.crossings,
                    wrong,
                    self.colors,
                ),
                "Where the counted crossings met the lines",
            ),
        ]

    def _pairing(self) -> list[Block]:
        missed, invented = self.summary.missed, self.summary.invented
        true = len(self.true.crossings)
        blocks: list[Block] = [
            Text(
                f"{true - len(missed)} of {true} true crossings were counted "
                f"when they happened, {len(invented)} were made up."
            )
        ]
        faults = [(each, "missed") for each in missed]
        faults += [(each, "made up") for each in invented]
        if faults:
            rows = [
                (in_words(each), Mark(fault, good=False))
                for each, fault in sorted(faults)
            ]
            blocks.append(Table(["crossing", ""], rows))
        return blocks

    def _frames(self) -> list[Block]:
        video = self.street / VIDEO_NAME
        chosen = varied(self.summary.street.crossings, _FRAMES)
        wrong = self.summary.wrong[:_FRAMES]
        blocks: list[Block] = [
            Gallery(crossing_pictures(video, chosen), _WIDE)
        ]
        if wrong:
            blocks += [
                Text("What was missed or made up:"),
                Gallery(crossing_pictures(video, wrong, ringed=True), _WIDE),
            ]
        return blocks

    def _detector(self) -> list[Block]:
        scores = self.summary.scores
        models = scores.saved_model, scores.int8
        columns = ["AP50 SavedModel", "AP50 int8", "AP SavedModel", "AP int8"]
        objects = sum(of.objects for of in models[0].per_class.values())
        rows = [_row("all classes", objects, *models)]
        for name, of in models[0].per_class.items():
            its = (model.per_class[name] for model in models)
            rows.append(_row(name, of.objects, *its))
        ap50 = scores.difference["AP50"]
        return [
            Table(
                ["class", "objects", *columns],
                rows,
                f"COCO's average precision on {scores.images} validation "
                "images, which training did not see",
            ),
            Text(
                f"int8 less SavedModel: {ap50.estimate:+.3f} of AP50. Another "
                f"{scores.images} images of this kind would put it between "
                f"{ap50.low:+.3f} and {ap50.high:+.3f} (95 %, paired "
                "bootstrap)."
            ),
        ]

    def _images(self) -> list[Block]:
        ordered = sorted(self.judged, key=lambda image: -image.errors)
        middle = max((len(ordered) - _IMAGES) // 2, 0)
        perfect = sum(not image.errors for image in ordered)
        return [
            Text(
                f"Boxes of the int8 model, of a score of {self.min_score:g} "
                "and more, as in the video. Green: found. Red: an object "
                "that was missed. Yellow: a box without its object. "
                f"{perfect} of {len(ordered)} validation images are without "
                "an error. The worst:"
            ),
            self._gallery(ordered[:_IMAGES]),
            Text("Typical ones, from the middle of the list:"),
            self._gallery(ordered[middle : middle + _IMAGES]),
        ]

    def _gallery(self, judged: Sequence[JudgedImage]) -> Gallery:
        return Gallery(
            [
                judged_picture(read_image(self.images / each.filename), each)
                for each in judged
            ],
            _WIDE,
        )

    def _training(self) -> list[Block]:
        steps = self.losses.index.max()
        return [
            plot(
                plot_losses(self.losses),
                f"Losses over {steps} steps: faint as logged, and their "
                "running mean",
            )
        ]

    def _footage(self) -> list[Block]:
        footage = self.summary.footage
        if footage is None:
            return [
                Text(
                    f"Not counted: {self.footage} holds no count. The demo "
                    "takes vtest.avi from Debian's opencv-doc, where "
                    "apt-get can have it. Any video of people will do:"
                ),
                Code(
                    "python scripts/count_video.py VIDEO --classes person "
                    f"--line walk=0.5,0,0.5,1 --output {shown(self.footage)}\n"
                    "python scripts/summarize_demo.py "
                    f"--data {shown(self.images.parent)} "
                    f"--run {shown(self.footage.parent)}"
                ),
            ]
        chosen = varied(footage.crossings, _FRAMES)
        return [
            Table(
                ["line", "direction", "class", "counted"],
                [
                    [line, direction, name, count]
                    for line, directions in footage.totals.items()
                    for direction, counts in directions.items()
                    for name, count in counts.items()
                ],
                f"{Path(footage.source).name}, "
                f"{duration(footage.duration_s)}, counted by "
                f"{'/'.join(Path(footage.model).parts[-2:])}",
            ),
            Text(
                "Nobody drew this video, so no truth comes with it: look at "
                f"the frames, and at {self.footage / VIDEO_NAME}."
            ),
            Gallery(
                crossing_pictures(self.footage / VIDEO_NAME, chosen), _WIDE
            ),
        ]


def _row(
    name: str, objects: int, *models: ModelScores | ClassScores
) -> list[Cell]:
    ap50s = [f"{model.ap50:.3f}" for model in models]
    return [name, objects, *ap50s, *(f"{model.ap:.3f}" for model in models)]
