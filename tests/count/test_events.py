"""events.csv grows row by row and can be read at any time."""

from collections import Counter
from pathlib import Path

from crossline.count.events import EventLog, named_totals
from crossline.count.lines import Crossing

NAMES = {1: "car", 2: "tram, old"}


def crossing(class_id: int) -> Crossing:
    return Crossing(1.25, 31, 4, class_id, "gate", "left", 100.04, 7, 0.875)


def test_rows_are_on_disk_as_soon_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "counts" / "events.csv"
    with EventLog(path, NAMES) as log:
        header = "time_s,frame,track_id,class,line,direction,x,y,score"
        assert path.read_text().splitlines() == [header]
        log.write([crossing(1), crossing(2)])
        assert path.read_text().splitlines()[1:] == [
            "1.250,31,4,car,gate,left,100.0,7.0,0.875",
            '1.250,31,4,"tram, old",gate,left,100.0,7.0,0.875',
        ]


def test_totals_by_name() -> None:
    totals = {"gate": {"right": Counter[int](), "left": Counter({2: 3, 1: 1})}}
    assert named_totals(totals, NAMES) == {
        "gate": {"right": {}, "left": {"car": 1, "tram, old": 3}}
    }
