import pytest

from crossline.errors import InputError
from crossline.evaluate.ground_truth import judged_classes
from tests.evaluate.scenes import empty, row, truth_of


def test_annotation_ids_start_at_one() -> None:
    truth = truth_of(row(), row("b.jpg"))
    assert sorted(truth.coco.anns) == [1, 2]


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param(["581", "17"], [581, 17], id="COCO's own"),
        pytest.param(["", ""], [1, 2], id="none"),
        pytest.param(["5", ""], [1, 2], id="of one image only"),
        pytest.param(["5", "5"], [1, 2], id="the same twice"),
        pytest.param(["x5", "x6"], [1, 2], id="no numbers"),
    ],
)
def test_image_ids(own: list[str], expected: list[int]) -> None:
    truth = truth_of(row("a.jpg", image_id=own[0]), empty("b.jpg", own[1]))
    assert truth.image_ids == dict(
        zip(["a.jpg", "b.jpg"], expected, strict=True)
    )


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param([3, 1], {"person": 1, "car": 3}, id="COCO's own"),
        pytest.param([0, 0], {"car": 1, "person": 2}, id="none"),
        pytest.param([3, 3], {"car": 1, "person": 2}, id="one for two"),
    ],
)
def test_category_ids(own: list[int], expected: dict[str, int]) -> None:
    truth = truth_of(
        row(class_name="car", class_id=own[0]),
        row(class_name="person", class_id=own[1]),
    )
    assert list(truth.category_ids.items()) == list(expected.items())


def test_two_ids_for_one_class_are_none() -> None:
    truth = truth_of(row(class_id=3), row(class_id=8))
    assert truth.category_ids == {"car": 1}


def test_box_mask_and_crowd() -> None:
    truth = truth_of(
        row(box=(10, 20, 40, 80)),
        row(box=(10, 20, 40, 80), area=1234.5, is_crowd=True),
    )
    plain, crowd = truth.coco.anns.values()
    assert plain["bbox"] == [10, 20, 30, 60]
    assert (plain["area"], plain["iscrowd"]) == (1800, 0)
    assert (crowd["area"], crowd["iscrowd"]) == (1234.5, 1)


def test_classes_that_are_not_there() -> None:
    truth = truth_of(row(class_name="car"), row(class_name="person"))
    with pytest.raises(InputError) as error:
        judged_classes(truth, ["car", "bus"])
    assert str(error.value) == (
        "val.csv: holds no object of class bus; its classes are car, person"
    )


def test_nothing_to_judge_by() -> None:
    with pytest.raises(InputError, match=r"val\.csv: holds no object"):
        truth_of(empty())
