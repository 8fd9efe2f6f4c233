"""fetch_checkpoint.py: a zoo checkpoint, ready for configure_pipeline.py."""

from pathlib import Path

import pytest

from scripts.fetch_checkpoint import build_parser, main
from tests.fetch.server import serving
from tests.fetch.test_checkpoint import FILES, NAME, packed, unpacked

DEFAULT = "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8"


def test_the_default_is_fetched_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "zoo"
    with serving() as server:
        archive = packed(FILES, root=f"{DEFAULT}/")
        server.files[f"/tf2/{DEFAULT}.tar.gz"] = archive
        where = ["--base-url", f"{server.url}/tf2", "--output", str(output)]
        assert main(where) == 0
    folder = output / DEFAULT
    assert (folder / "pipeline.config").is_file()
    assert capsys.readouterr().out.startswith(
        f"Checkpoint: {folder}\n"
        f"Next: python scripts/configure_pipeline.py --checkpoint {folder} "
    )


def test_the_zoo_is_tensorflow_s() -> None:
    assert build_parser().get_default("base_url") == (
        "http://download.tensorflow.org/models/object_detection/tf2/20200711"
    )


def test_from_a_folder(tmp_path: Path) -> None:
    source = unpacked(tmp_path / NAME)
    output = tmp_path / "zoo"
    assert main([str(source), "--output", str(output)]) == 0
    assert (output / NAME / "checkpoint" / "ckpt-0.index").is_file()


def test_bad_input_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cut.tar.gz").write_bytes(packed(FILES)[:-900])
    source = str(tmp_path / "cut.tar.gz")
    assert main([source, "--output", str(tmp_path / "zoo")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{source}: cannot be unpacked" in line


def test_a_bad_command_line_ends_with_2() -> None:
    with pytest.raises(SystemExit) as end:
        main(["one", "two"])
    assert end.value.code == 2
