from crossline.demo.counts import Crossing
from crossline.demo.pictures import varied


def crossing(time_s: float, class_name: str) -> Crossing:
    return Crossing(time_s, 0, class_name, "main", "left", 0, 0)


def test_frames_are_chosen_from_all_of_the_time_and_of_all_kinds() -> None:
    cars = [crossing(k, "car") for k in range(10)]
    persons = [crossing(k + 0.5, "person") for k in range(5, 10)]
    chosen = varied([*persons, *cars], most=3)
    assert [each.class_name for each in chosen] == ["car", "person", "person"]
    assert [each.time_s for each in chosen] == [0, 5.5, 7.5]


def test_few_crossings_are_all_chosen() -> None:
    assert varied([crossing(1, "car")], most=6) == [crossing(1, "car")]
    assert varied([], most=6) == []
