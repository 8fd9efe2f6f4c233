"""Models take turns: what disturbs one round disturbs all of them."""

import time
from collections.abc import Mapping

import numpy as np

from crossline.benchmark.latency import latencies
from crossline.geometry import Detections, Image
from tests.tiny_detector import scene


class Sleeper:
    """A detector that takes its time, and notes who was asked when."""

    def __init__(self, name: str, seconds: float, log: list[str]) -> None:
        self.class_names: Mapping[int, str] = {1: "red"}
        self.name, self.seconds, self.log = name, seconds, log

    def detect(self, image: Image) -> Detections:
        self.log.append(self.name)
        time.sleep(self.seconds)
        return Detections.of([], [], [])


def test_each_round_asks_each_once_in_an_order_of_its_own() -> None:
    log: list[str] = []
    latencies([Sleeper(n, 0, log) for n in "abc"], [scene()], rounds=40)
    rounds = np.array(log).reshape(-1, 3)
    assert len(rounds) > 40  # The first ones warm up.
    assert all(sorted(each) == list("abc") for each in rounds)
    assert len({"".join(each) for each in rounds}) == 6


def test_latencies_are_in_milliseconds() -> None:
    log: list[str] = []
    sleepers = [Sleeper("a", 0.002, log), Sleeper("b", 0.02, log)]
    short, long = latencies(sleepers, [scene()], rounds=9)
    assert 2 <= short.median <= short.p95
    assert long.median >= 20
    assert short.median < long.median
    # Who sleeps, or has to wait for the processor, does not compute.
    assert long.processor < 20


def test_images_are_shown_in_turn() -> None:
    seen: list[int] = []

    class Looker(Sleeper):
        def detect(self, image: Image) -> Detections:
            seen.append(image.shape[1])
            return super().detect(image)

    latencies([Looker("a", 0, [])], [scene(10), scene(20)], rounds=3)
    assert seen[:4] == [10, 20, 10, 20]
