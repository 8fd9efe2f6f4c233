"""Rare classes count for more, in the loss or in the input."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.balance import (
    Balance,
    Place,
    balance_of,
    effective_number,
    inverse_frequency,
    repeat_images,
    weigh_boxes,
    with_mean_one,
)
from crossline.records.label_map import LabelMap

LABEL_MAP = LabelMap.from_names(["person", "motorcycle"])


def balance(
    rule: Mapping[str, float], place: Place = "loss", persons: int = 1
) -> Balance:
    instances = {"person": persons, "motorcycle": 1}
    return balance_of(instances, LABEL_MAP, rule, place)


def test_inverse_frequency_gives_every_class_the_same_sum() -> None:
    weights = inverse_frequency({"person": 100, "motorcycle": 4, "tram": 0})
    assert weights == {"person": 0.01, "motorcycle": 0.25, "tram": 1}


@pytest.mark.parametrize(
    ("beta", "expected"),
    [
        pytest.param(0.0, 1.0, id="0: no class weighs more"),
        # 1 + 1/2 + 1/4 = 1.75 samples against one.
        pytest.param(0.5, 1.75, id="half"),
        pytest.param(1 - 1e-7, 3.0, id="towards 1: inverse frequency"),
    ],
)
def test_effective_number_of_three_against_one(
    beta: float, expected: float
) -> None:
    weights = effective_number({"many": 3, "one": 1}, beta)
    assert weights["one"] / weights["many"] == pytest.approx(expected)


def test_the_mean_over_all_boxes_is_one() -> None:
    instances = {"person": 6, "motorcycle": 2}
    weights = with_mean_one({"person": 1, "motorcycle": 3}, instances)
    # (6 * 1 + 2 * 3) / 8 = 1.5
    assert weights == {"person": 1 / 1.5, "motorcycle": 3 / 1.5}


def test_the_table_names_class_instances_and_weight() -> None:
    found = balance_of(
        {"motorcycle": 10, "person": 30},
        LABEL_MAP,
        "inverse_frequency",
        "loss",
    )
    rows = [(row.name, row.instances, row.weight) for row in found.rows]
    assert rows == [("person", 30, 2 / 3), ("motorcycle", 10, 2)]


def test_a_weight_of_no_class_is_refused() -> None:
    with pytest.raises(InputError, match="'tram' is none of the classes"):
        balance({"tram": 2})


def test_boxes_weigh_what_their_class_does_and_padding_nothing() -> None:
    labels = {
        "groundtruth_classes": tf.constant([[0.0, 1], [1, 0], [0, 0]]),
        "groundtruth_weights": tf.constant([1.0, 0.5, 0]),
    }
    weighed = weigh_boxes(labels, balance({"motorcycle": 3}))
    # 1 and 3, over their mean 2.
    np.testing.assert_allclose(
        weighed["groundtruth_weights"], [1.5, 0.25, 0], rtol=1e-6
    )


def example(*class_ids: int) -> bytes:
    labels = tf.train.Int64List(value=class_ids)
    features = tf.train.Features(
        feature={
            "image/object/class/label": tf.train.Feature(int64_list=labels)
        }
    )
    return bytes(tf.train.Example(features=features).SerializeToString())


def test_an_image_is_seen_as_often_as_its_rarest_class_says() -> None:
    tf.random.set_seed(1)
    images = {"person": [1], "both": [1, 2, 1], "nothing": []}
    named = {example(*ids): name for name, ids in images.items()}
    records = tf.data.Dataset.from_tensor_slices(list(named)).repeat(400)
    # Weights 0.5 and 2.5: the mean over three persons, one motorcycle is 1.
    weights = {"person": 1.0, "motorcycle": 5.0}
    seen = Counter(
        named[record]
        for record in repeat_images(
            records, balance(weights, "input", persons=3)
        ).as_numpy_iterator()
    )
    assert seen["nothing"] == 400
    assert seen["person"] / 400 == pytest.approx(0.5, abs=0.1)
    assert seen["both"] / 400 == pytest.approx(2.5, abs=0.1)
