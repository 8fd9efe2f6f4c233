"""Tracks against the true ones: MOTA, IDF1, HOTA, and what they count.

The metrics are trackeval's, of every class together; a track fits a true one
in a frame where their boxes have an IoU of 0.5 (HOTA: of 0.05 to 0.95).
Sources: Bernardin and Stiefelhagen 2008 (MOTA), Ristani et al. 2016 (IDF1),
Luiten et al. 2021 (HOTA).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from trackeval.metrics import CLEAR, HOTA, Identity

from crossline.count.lines import Line, LineCounter
from crossline.evaluate.tracking_report import (
    LineError,
    TrackingEvaluation,
    TrackScores,
)
from crossline.geometry import iou_matrix
from crossline.track.assignment import assign
from crossline.track.mot_challenge import UNSTATED, TrackTable
from crossline.track.tracker import Track

_QUIET = {"PRINT_CONFIG": False}
_FITS = 0.5
"""IoU."""


def evaluate_tracks(
    truth: TrackTable,
    result: TrackTable,
    lines: Sequence[Line],
    *,
    names: tuple[str, str],
) -> TrackingEvaluation:
    """Judges a result.

    Args:
        truth: true boxes; those of score 0 are ways to cross lines by, but
            neither they nor the boxes that fit them are scored.
        result: of the same video.
        lines: to count at.
        names: of the truth and of the result.
    """
    return TrackingEvaluation(
        *names,
        int((truth.scores == 0).sum()),
        score_tracks(truth, result),
        line_errors(truth, result, lines),
    )


def score_tracks(truth: TrackTable, result: TrackTable) -> TrackScores:
    """Returns the metrics over all frames that either has boxes in.

    True boxes of score 0 are left out, with the boxes that fit them.
    """
    truth, result = _judged(truth, result)
    data = _sequence(truth, result)
    mota = idf1 = hota = switches = None
    if len(truth):
        clear = CLEAR(_QUIET).eval_sequence(data)
        identity = Identity(_QUIET).eval_sequence(data)
        mota, switches = float(clear["MOTA"]), int(clear["IDSW"])
        idf1 = float(identity["IDF1"])
        hota = float(np.mean(HOTA().eval_sequence(data)["HOTA"]))
    return TrackScores(
        mota,
        idf1,
        hota,
        switches,
        len(truth),
        len(result),
        data["num_gt_ids"],
        data["num_tracker_ids"],
    )


def line_errors(
    truth: TrackTable, result: TrackTable, lines: Sequence[Line]
) -> list[LineError]:
    """Returns a row per line, class and direction.

    Classes are told apart where both files name them.
    """
    has_classes = all(
        (rows.class_ids != UNSTATED).all() for rows in (truth, result)
    )
    true, counted = (
        _crossings(rows, lines, has_classes) for rows in (truth, result)
    )
    classes = {class_id for _, class_id, _ in true | counted} or {UNSTATED}
    return [
        LineError(*key, true[key], counted[key])
        for line in lines
        for class_id in sorted(classes)
        for direction in line.directions
        for key in [(line.name, class_id, direction)]
    ]


def _crossings(
    rows: TrackTable, lines: Sequence[Line], has_classes: bool
) -> Counter[tuple[str, int, str]]:
    counter = LineCounter(lines)
    for frame, tracks in enumerate(_tracks_by_frame(rows, has_classes)):
        counter.update(tracks, frame, float(frame))
    return Counter(
        {
            (line, class_id, direction): count
            for line, directions in counter.totals.items()
            for direction, counts in directions.items()
            for class_id, count in counts.items()
        }
    )


def _tracks_by_frame(
    rows: TrackTable, has_classes: bool
) -> Iterator[list[Track]]:
    """Yields each frame's tracks; one that has a gap lives on, unseen."""
    last_frames = dict(
        zip(rows.track_ids.tolist(), rows.frames.tolist(), strict=True)
    )
    live: dict[int, Track] = {}
    places = np.searchsorted(
        rows.frames, np.arange(_frame_count(rows) + 1)
    ).tolist()
    for frame, start in enumerate(places[:-1]):
        tracks = {
            track_id: Track(
                track_id, old.box, old.class_id, old.score, is_seen=False
            )
            for track_id, old in live.items()
            if last_frames[track_id] >= frame
        }
        for place in range(start, places[frame + 1]):
            track_id = int(rows.track_ids[place])
            tracks[track_id] = Track(
                track_id,
                rows.boxes[place],
                int(rows.class_ids[place]) if has_classes else UNSTATED,
                float(rows.scores[place]),
                bool(rows.is_seen[place]),
            )
        live = tracks
        yield list(tracks.values())


def _judged(
    truth: TrackTable, result: TrackTable
) -> tuple[TrackTable, TrackTable]:
    is_judged = np.ones(len(result), bool)
    for frame in np.unique(truth.frames[truth.scores == 0]):
        (true_places,) = np.nonzero(truth.frames == frame)
        (places,) = np.nonzero(result.frames == frame)
        overlap = iou_matrix(truth.boxes[true_places], result.boxes[places])
        for row, column in assign(1 - overlap, _FITS):
            if truth.scores[true_places[row]] == 0:
                is_judged[places[column]] = False
    return truth[truth.scores > 0], result[is_judged]


def _sequence(truth: TrackTable, result: TrackTable) -> dict[str, Any]:
    """Returns what trackeval's metrics take: ids from 0, by frame."""
    data: dict[str, Any] = {
        "num_timesteps": max(_frame_count(truth), _frame_count(result)),
        "gt_ids": [],
        "tracker_ids": [],
        "similarity_scores": [],
    }
    sides = []
    for rows, name in ((truth, "gt"), (result, "tracker")):
        known, ids = np.unique(rows.track_ids, return_inverse=True)
        data[f"num_{name}_ids"] = len(known)
        data[f"num_{name}_dets"] = len(rows)
        limits = np.arange(data["num_timesteps"] + 1)
        sides.append((rows, ids, np.searchsorted(rows.frames, limits)))
    for frame in range(data["num_timesteps"]):
        boxes = []
        for (rows, ids, places), name in zip(
            sides, ("gt", "tracker"), strict=True
        ):
            of_frame = slice(places[frame], places[frame + 1])
            data[f"{name}_ids"].append(ids[of_frame])
            boxes.append(rows.boxes[of_frame])
        data["similarity_scores"].append(
            iou_matrix(boxes[0], boxes[1]).astype(np.float64)
        )
    return data


def _frame_count(rows: TrackTable) -> int:
    return int(rows.frames[-1]) + 1 if len(rows) else 0
