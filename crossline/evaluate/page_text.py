"""What the sections of the evaluation's page have in common."""

from collections.abc import Iterator, Sequence

from crossline.evaluate.report import Judgement


def titled(
    judgements: Sequence[Judgement],
) -> Iterator[tuple[str, Judgement]]:
    """Yields each model with its name, numbered where there are several."""
    for number, each in enumerate(judgements, 1):
        is_alone = len(judgements) == 1
        yield each.name if is_alone else f"({number}) {each.name}", each


def number_text(value: float | None) -> str:
    """Returns three digits after the point, or n/a."""
    return "n/a" if value is None else f"{value:.3f}"
