"""Where stderr is no terminal, long work tells of itself in lines."""

import pytest

from crossline import progress as subject


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(subject.progress(range(3), "counting")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_long_work_says_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "LOG_EVERY_S", 0.0)
    bar = subject.progress(range(4), "training", 4, "step", initial=0)
    for _ in bar:
        bar.set_postfix_str("loss 0.5", refresh=False)
        list(subject.progress(range(2), "validating"))

    said = capsys.readouterr().err
    assert "\r" not in said
    assert "\x1b" not in said
    lines = said.splitlines()
    assert lines[0].startswith("training: 0/4, ")
    assert lines[-1].startswith("training: 4/4, ")
    assert ", loss 0.5, " in lines[-1]
