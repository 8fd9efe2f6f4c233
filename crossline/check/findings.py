"""What can be wrong with a data set, and how much it matters."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class Severity(enum.IntEnum):
    """How much a finding matters; higher is worse."""

    NOTE = 1
    """Worth knowing."""
    WARNING = 2
    """Probably a mistake, or it costs accuracy."""
    ERROR = 3
    """Training stops, learns what is wrong, or is judged by what it saw."""

    @property
    def word(self) -> str:
        """As it is typed and shown."""
        return self.name.lower()


@dataclass(frozen=True)
class Kind:
    """What is looked for.

    Attributes:
        name: for machines.
        severity: of each finding.
        title: for people.
        advice: what to do, and what the repair does about it.
    """

    name: str
    severity: Severity
    title: str
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        kind: of it.
        part: name of the CSV; empty where it is about none.
        filename: of the image; empty where it is about none.
        detail: what was found, with its values.
        rows: that are at fault, counted from 0.
        other_part: of the other image, where it is about two.
        other_filename: likewise.
        weight: the larger, the worse among those of its kind.
    """

    kind: Kind
    part: str
    filename: str
    detail: str
    rows: tuple[int, ...] = ()
    other_part: str = ""
    other_filename: str = ""
    weight: float = 0.0


def by_kind(findings: Iterable[Finding]) -> dict[Kind, list[Finding]]:
    """Groups findings, the worst kinds first, the worst of a kind first."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    groups: dict[Kind, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.kind, []).append(finding)
    ranked = sorted(groups, key=lambda kind: (-kind.severity, order[kind]))
    return {
        kind: sorted(groups[kind], key=lambda finding: -finding.weight)
        for kind in ranked
    }


def count_severities(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Returns how many there are of each severity, the worst first."""
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for finding in findings:
        counts[finding.kind.severity] += 1
    return counts


_ERROR, _WARNING, _NOTE = sorted(Severity, reverse=True)

LEAKED_IMAGE = Kind(
    "leaked_image",
    _ERROR,
    "The same image is in two parts",
    "What was trained on must not judge. --fix leaves it in the later part "
    "alone (train gives way to val, val to test).",
)
LEAKED_NEAR = Kind(
    "leaked_near_duplicate",
    _ERROR,
    "Nearly the same image, with the same objects, is in two parts",
    "Move both into one part. Frames of one video belong together: split by "
    "video, not by frame.",
)
MISSING_IMAGE = Kind(
    "missing_image",
    _ERROR,
    "The image is not in the folder",
    "Check --images. --fix drops its rows.",
)
UNREADABLE_IMAGE = Kind(
    "unreadable_image",
    _ERROR,
    "The image cannot be decoded whole",
    "Fetch it again. --fix drops its rows.",
)
SIZE_DIFFERS = Kind(
    "size_differs",
    _ERROR,
    "The image has another size than annotated",
    "Boxes may be misplaced: look at them. --fix takes the image's size "
    "where the boxes fit and it was not just scaled.",
)
TWO_SIZES = Kind(
    "two_sizes",
    _ERROR,
    "One image is annotated with two sizes",
    "--fix takes the image's own.",
)
BAD_NUMBER = Kind(
    "bad_number",
    _ERROR,
    "A cell holds no number",
    "--fix drops boxes without their four edges; sizes are the image's.",
)
NO_FILENAME = Kind(
    "no_filename",
    _ERROR,
    "A row names no image",
    "--fix drops the row.",
)
NO_EDGE = Kind(
    "box_without_edge",
    _ERROR,
    "A box lacks an edge",
    "--fix drops the box.",
)
NO_CLASS_NAME = Kind(
    "box_without_class",
    _ERROR,
    "A box has no class",
    "Label it. --fix drops the box.",
)
INSIDE_OUT = Kind(
    "box_inside_out",
    _ERROR,
    "A box is inside out (its left edge is right of its right one)",
    "--fix exchanges the edges.",
)
EMPTY_BOX = Kind(
    "box_empty",
    _ERROR,
    "A box has no area inside the image",
    "Mostly a slip of the mouse. --fix drops the box.",
)
OUTSIDE = Kind(
    "box_outside",
    _ERROR,
    "A box reaches outside the image",
    "--fix clips it to the image.",
)
CONTRADICTION = Kind(
    "empty_and_boxes",
    _ERROR,
    "An image has boxes and also a row that says it has none",
    "--fix drops that row.",
)
BAD_REPEATS = Kind(
    "bad_repeats",
    _ERROR,
    "An image's rows do not agree how often it is repeated",
    "--fix takes the largest, 1 at least.",
)
DOUBLED = Kind(
    "box_doubled",
    _WARNING,
    "A box is there twice",
    "--fix drops the second.",
)
OVERLAPPING = Kind(
    "boxes_overlap",
    _WARNING,
    "Two boxes of one class nearly cover each other",
    "Most are one object that was labelled twice: remove one.",
)
TWO_CLASSES = Kind(
    "two_classes",
    _WARNING,
    "One object has two classes",
    "A detector of one label per object learns neither: remove one.",
)
SPELLING = Kind(
    "class_spelling",
    _WARNING,
    "A class is spelt in several ways",
    "Each would be a class of its own. --fix takes the most frequent "
    "spelling where they differ in case, spaces, hyphens or underscores.",
)
MISSPELT = Kind(
    "class_misspelt",
    _WARNING,
    "A rare class is spelt nearly as a frequent one",
    "Rename it if it is a slip.",
)
NOT_TRAINED = Kind(
    "class_not_trained",
    _WARNING,
    "A class is in another part but not in the training one",
    "It cannot be learnt, and counts as 0 in the mean: split again.",
)
DUPLICATE = Kind(
    "duplicate_image",
    _WARNING,
    "The same image is there twice in one part",
    "Keep one; look which has the better boxes.",
)
TURNED = Kind(
    "exif_turned",
    _WARNING,
    "EXIF turns the image, the boxes are of the unturned one",
    "csv_to_tfrecord.py turns the boxes along; other tools may not.",
)
NOT_COCO = Kind(
    "class_near_coco",
    _NOTE,
    "A class is spelt nearly as one of COCO's",
    "Training takes over what a COCO model knows of a class by its name.",
)
RARE = Kind(
    "class_rare",
    _NOTE,
    "A class has few boxes to learn from",
    "Label more, or leave it out.",
)
NEAR_DUPLICATE = Kind(
    "near_duplicate",
    _NOTE,
    "Nearly the same image is there twice in one part",
    "It adds little. Keep such images in one part.",
)
SAME_SCENE = Kind(
    "same_scene",
    _NOTE,
    "Two parts show one scene, with other objects or none",
    "As a camera that stands still does. What the later part tells holds for "
    "this place; other places need images of their own.",
)
TINY = Kind(
    "box_tiny",
    _NOTE,
    "A box is tiny where the model looks",
    "It is hardly learnt: crop, use a larger input, or leave it out.",
)
BLURRED = Kind(
    "image_blurred",
    _NOTE,
    "The image is blurred or all of one colour",
    "Look whether one can still see what was labelled.",
)
ORIENTED = Kind(
    "exif_orientation",
    _NOTE,
    "EXIF turns the image",
    "Not every tool turns it: look whether the boxes fit.",
)
UNLABELLED = Kind(
    "image_unlabelled",
    _NOTE,
    "An image of the folder is in no CSV",
    "Label it; where it shows no object, give it a row without class and box.",
)

KINDS: Sequence[Kind] = tuple(
    value for value in list(globals().values()) if isinstance(value, Kind)
)
"""In the order in which they are told."""
