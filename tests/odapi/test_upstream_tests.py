"""The runner of the API's own tests: what it finds, runs and makes of it."""

import codecs
import io
import json
import shutil
import sys
import unittest
from pathlib import Path

import pytest

from crossline.errors import InputError
from crossline.odapi.pipeline_config import read_pipeline
from crossline.odapi.upstream_test_module import (
    Outcome,
    run_suite,
    short_name,
)
from crossline.odapi.upstream_test_report import (
    ExpectedFailures,
    describe,
    judge,
    read_expected,
    write_report,
)
from crossline.odapi.upstream_test_samples import lay_out_package
from crossline.odapi.upstream_tests import (
    find_modules,
    run_modules,
    select_modules,
)
from crossline.records.label_map import read_label_map

DOCS = Path(__file__).parents[2] / "docs" / "object_detection_api.md"


def samples() -> list[type[unittest.TestCase]]:
    """Test cases of which pytest must not know."""

    class Base(unittest.TestCase):
        def hook(self) -> None:
            raise NotImplementedError

        def test_of_a_base_class(self) -> None:
            self.hook()

    class Sample(unittest.TestCase):
        def test_passes(self) -> None:
            pass

        def test_fails(self) -> None:
            raise AssertionError("1 != 2")

        def test_breaks(self) -> None:
            raise ValueError("two\nlines")

        @unittest.skip("TF1")
        def test_is_skipped(self) -> None:
            raise AssertionError

        def test_fails_in_part(self) -> None:
            for part in range(3):
                with self.subTest(part):
                    if part == 1:
                        raise AssertionError("part 1")

        def test_of_something_unfinished(self) -> None:
            codecs.Codec().encode("")

    return [Base, Sample]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    results = io.StringIO()
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    run_suite(unittest.TestSuite(map(load, samples())), results)
    found = [
        Outcome(**json.loads(line)) for line in results.getvalue().splitlines()
    ]
    assert len({outcome.test for outcome in found}) == len(found)
    return {outcome.test.rpartition(".")[2]: outcome for outcome in found}


@pytest.mark.parametrize(
    ("test", "status", "detail"),
    [
        ("test_passes", "passed", ""),
        ("test_fails", "failed", "AssertionError: 1 != 2"),
        ("test_breaks", "failed", "ValueError: two lines"),
        ("test_is_skipped", "skipped", "TF1"),
        ("test_fails_in_part", "failed", "AssertionError: part 1"),
        ("test_of_something_unfinished", "failed", "NotImplementedError:"),
        (
            "test_of_a_base_class",
            "skipped",
            "base class: its subclasses run it",
        ),
    ],
)
def test_outcome(
    outcomes: dict[str, Outcome], test: str, status: str, detail: str
) -> None:
    outcome = outcomes[test]
    assert (outcome.status, outcome.detail) == (status, detail)


def test_names_are_without_package_and_parameters() -> None:
    name = "object_detection.core.losses_test.LossTest.test_loss0 (True, 'a')"
    assert short_name(name) == "core.losses_test.LossTest.test_loss0"


def test_modules_are_tf2s() -> None:
    modules = find_modules()
    assert len(modules) == 135
    assert "object_detection.model_lib_tf2_test" in modules
    assert not [name for name in modules if name.endswith("_tf1_test")]


@pytest.mark.parametrize(
    "name", ["ssd_meta_arch_test", "meta_architectures.ssd_meta_arch_test"]
)
def test_module_goes_by_its_last_names(name: str) -> None:
    assert select_modules([name]) == [
        "object_detection.meta_architectures.ssd_meta_arch_test"
    ]


def test_part_of_a_name_is_no_name() -> None:
    with pytest.raises(InputError, match="did you mean ssd_meta_arch_test"):
        select_modules(["sd_meta_arch_test"])


def test_all_modules_where_none_is_named() -> None:
    assert select_modules([]) == find_modules()


def test_module_that_takes_too_long_is_a_failure() -> None:
    module = "object_detection.utils.static_shape_test"
    assert run_modules([module], workers=1, timeout=0.01) == [
        Outcome("utils.static_shape_test", "failed", "timed out after 0.01 s")
    ]


def test_module_whose_process_dies_is_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    (outcome,) = run_modules(["object_detection.a_test"], 1, timeout=60)
    assert outcome == Outcome("a_test", "failed", "ended with status 1:")


def test_samples_lie_beside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "installed" / "object_detection"
    package.mkdir(parents=True)
    (package / "inputs.py").write_text("")
    lay_out_package(tmp_path, package)
    root = tmp_path / "object_detection"
    assert (root / "inputs.py").is_symlink()
    label_map = read_label_map(root / "data/pet_label_map.pbtxt")
    assert len(label_map.names) == 37
    config = root / "samples/configs/ssd_mobilenet_v2_pets_keras.config"
    assert read_pipeline(config).model.ssd.num_classes == 37
    assert [path.name for path in package.iterdir()] == ["inputs.py"]


def test_samples_of_the_package_are_not_written_over(tmp_path: Path) -> None:
    package = tmp_path / "installed" / "object_detection"
    (package / "data").mkdir(parents=True)
    with pytest.raises(FileExistsError, match="data"):
        lay_out_package(tmp_path, package)


EXPECTED = [ExpectedFailures(("a.known", "a.mended"), "Known.")]
OUTCOMES = [
    Outcome("a.fine", "passed"),
    Outcome("a.known", "failed", "ValueError: known"),
    Outcome("a.mended", "passed"),
    Outcome("a.new", "failed", "ValueError: new"),
    Outcome("a.old", "skipped", "TF1"),
]


def test_report_tells_the_unexplained_from_the_expected() -> None:
    report = judge(OUTCOMES, EXPECTED)
    assert report.unexplained == (OUTCOMES[3],)
    assert report.mended == ("a.mended",)
    assert report.summary() == (
        "2 of 4 tests passed (50.0%), 2 failed, 1 skipped"
    )


def test_report_is_written(tmp_path: Path) -> None:
    write_report(judge(OUTCOMES, EXPECTED), tmp_path / "report.json")
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["counts"] == {"passed": 2, "failed": 2, "skipped": 1}
    assert written["unexplained"] == ["a.new"]
    assert written["versions"]["tf-object-detection-api"] == "0.1"
    assert written["tests"][1] == {
        "test": "a.known",
        "status": "failed",
        "detail": "ValueError: known",
    }


def test_expected_failures_are_tests_of_the_api() -> None:
    tests = [test for group in read_expected() for test in group.tests]
    assert len(set(tests)) == len(tests)
    modules = {short_name(module) for module in find_modules()}
    assert {test.rsplit(".", 2)[0] for test in tests} <= modules


def test_docs_hold_the_expected_failures() -> None:
    assert describe(read_expected()) in DOCS.read_text("utf-8")
