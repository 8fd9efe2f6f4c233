"""Rare classes count for more: weights from how often each one is there.

The weights act in one of two places. In the loss, every box counts with the
weight of its class, by way of the API's own box weights
(``image/object/weight``, ``groundtruth_weights``). In the input, an image is
seen as often as the highest weight among its classes says, before anything is
decoded. Either way the mean over all boxes is 1, so that objects and
background keep their proportion and the learning rate its meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import tensorflow as tf

from crossline.errors import InputError
from crossline.records.example import CLASS_LABEL
from crossline.records.label_map import LabelMap

Rule = Literal["inverse_frequency", "effective_number"]
Place = Literal["loss", "input"]


@dataclass(frozen=True)
class ClassWeight:
    """How one class counts.

    Attributes:
        name: of the class.
        instances: boxes to train on.
        weight: of each; the mean over all boxes is 1.
    """

    name: str
    instances: int
    weight: float


@dataclass(frozen=True)
class Balance:
    """Weights of the classes, and where they act.

    Attributes:
        rows: by label map id, in its order; what a report shows.
        place: see the module.
        by_id: weight of each label map id from 0, 1 where there is none.
    """

    rows: tuple[ClassWeight, ...]
    place: Place
    by_id: tuple[float, ...]


def balance_of(
    instances: Mapping[str, int],
    label_map: LabelMap,
    rule: Rule | Mapping[str, float],
    place: Place,
    beta: float = 0.999,
) -> Balance:
    """Weighs the classes of a label map.

    Args:
        instances: boxes to train on, by class.
        label_map: of the classes.
        rule: how weights follow from instances, or the weights, above 0;
            1 for classes that it does not name.
        place: where they act.
        beta: see `effective_number`.

    Raises:
        InputError: `rule` names a class that is not there.
    """
    counts = {
        name: instances.get(name, 0) for name in label_map.names.values()
    }
    if rule == "inverse_frequency":
        raw = inverse_frequency(counts)
    elif rule == "effective_number":
        raw = effective_number(counts, beta)
    else:
        raw = _explicit(rule, counts)
    weights = with_mean_one(raw, counts)
    by_id = [1.0] * (max(label_map.names) + 1)
    for id_, name in label_map.names.items():
        by_id[id_] = weights[name]
    rows = tuple(
        ClassWeight(name, counts[name], weights[name]) for name in counts
    )
    return Balance(rows, place, tuple(by_id))


def inverse_frequency(instances: Mapping[str, int]) -> dict[str, float]:
    """Weighs classes so that all of them count the same in sum.

    A class without instances counts as one with a single one.
    """
    return {name: 1 / max(count, 1) for name, count in instances.items()}


def effective_number(
    instances: Mapping[str, int], beta: float
) -> dict[str, float]:
    """Weighs classes by the inverse of their effective number of samples.

    ``(1 - beta) / (1 - beta ** n)``: the n-th sample adds ``beta ** (n - 1)``
    of what the first one did. Cui et al., Class-Balanced Loss Based on
    Effective Number of Samples, CVPR 2019.

    Args:
        instances: by class; none counts as one.
        beta: 0 weighs all classes the same; the nearer to 1, the nearer to
            `inverse_frequency`. Beyond about ``1 / (1 - beta)`` instances a
            class loses no more weight.
    """
    return {
        name: (1 - beta) / (1 - beta ** max(count, 1))
        for name, count in instances.items()
    }


def with_mean_one(
    weights: Mapping[str, float], instances: Mapping[str, int]
) -> dict[str, float]:
    """Scales weights so that their mean over all instances is 1."""
    counts = [max(instances[name], 1) for name in weights]
    mean = float(np.average(list(weights.values()), weights=counts))
    return {name: weight / mean for name, weight in weights.items()}


def weigh_boxes(labels: dict[str, Any], balance: Balance) -> dict[str, Any]:
    """Multiplies the weights of one image's boxes by those of their classes.

    Args:
        labels: as `inputs.train_input` makes them: ``groundtruth_classes``
            one-hot ``(boxes, classes)``, id 1 in column 0, and
            ``groundtruth_weights`` ``(boxes,)``, 0 where a box is padding.
        balance: the weights.

    Returns:
        New labels.
    """
    classes = labels["groundtruth_classes"]
    by_column = tf.constant(balance.by_id[1:], classes.dtype)
    factors = tf.linalg.matvec(classes, by_column)
    weights = labels["groundtruth_weights"]
    return {**labels, "groundtruth_weights": weights * factors}


def repeat_images(records: Any, balance: Balance) -> Any:
    """Repeats or leaves out serialized Examples by their rarest class.

    A factor of 2.3 means twice, and with a chance of 0.3 a third time.
    Images without objects count as one.

    Args:
        records: `tf.data.Dataset` of serialized Examples.
        balance: the weights.
    """
    feature = {CLASS_LABEL: tf.io.VarLenFeature(tf.int64)}
    by_id = tf.constant(balance.by_id, tf.float32)

    def repeated(serialized: Any) -> Any:
        parsed = tf.io.parse_single_example(serialized, feature)
        ids = parsed[CLASS_LABEL].values
        factor = tf.cond(
            tf.size(ids) > 0,
            lambda: tf.reduce_max(tf.gather(by_id, ids)),
            lambda: 1.0,
        )
        times = tf.floor(factor + tf.random.uniform(()))
        one = tf.data.Dataset.from_tensors(serialized)
        return one.repeat(tf.cast(times, tf.int64))

    return records.flat_map(repeated)


def _explicit(
    weights: Mapping[str, float], instances: Mapping[str, int]
) -> dict[str, float]:
    for name in weights:
        if name not in instances:
            raise InputError(
                "balance.weights",
                f"{name!r} is none of the classes",
                remedy=f"they are {', '.join(instances)}",
            )
    return {name: weights.get(name, 1.0) for name in instances}
