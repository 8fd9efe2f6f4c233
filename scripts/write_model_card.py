r"""Write the model card of an export folder, from what was measured.

In: an export folder; the JSON that evaluate.py wrote of its files; what it
was trained on, in words. Out: MODEL_CARD.md in the folder; metadata.json gets
the measured AP of each file.

Example:
    python scripts/write_model_card.py exported/ours \
        --evaluation runs/ours/evaluation.json \
        --trained-on "My 500 photos of the bridge, from SSD MobileNet V1."
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from crossline.command_line import done, new_parser, run_script


def build_parser() -> argparse.ArgumentParser:
    parser = new_parser(__doc__)
    parser.add_argument("export", type=Path, help="export folder")
    parser.add_argument(
        "--evaluation",
        type=Path,
        required=True,
        help="JSON of evaluate.py",
    )
    parser.add_argument(
        "--trained-on",
        metavar="TEXT",
        required=True,
        help="images and checkpoint that it learnt from, in Markdown",
    )
    return parser


def run(export: Path, evaluation: Path, trained_on: str) -> Path:
    from crossline.evaluate.model_card import write_model_card

    card = write_model_card(export, evaluation, trained_on)
    done(f"Wrote {card}.")
    return card


def main(argv: Sequence[str] | None = None) -> int:
    return run_script(build_parser(), run, argv)


if __name__ == "__main__":
    raise SystemExit(main())
