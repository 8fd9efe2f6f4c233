"""``KEY=VALUE`` on a command line; reading the YAML waits for its use."""

import argparse
from typing import Any


def override(text: str) -> tuple[str, Any]:
    """Parses it, for argparse; see `parse_override`."""
    from crossline.experiment.settings_file import parse_override

    try:
        return parse_override(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_override_argument(parser: argparse.ArgumentParser) -> None:
    """Adds ``--set``."""
    parser.add_argument(
        "--set",
        nargs="+",
        type=override,
        action="extend",
        default=[],
        dest="overrides",
        metavar="KEY=VALUE",
        help="keys of the YAML to set, such as schedule.steps=500",
    )
