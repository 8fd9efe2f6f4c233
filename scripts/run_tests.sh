#!/usr/bin/env bash
# Makes the environment and runs every check: format, lint, types, tests.
#
#     bash scripts/run_tests.sh              # all
#     bash scripts/run_tests.sh tests/track  # some tests; pytest's arguments
set -euo pipefail
if [ "${1:-}" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
cd "$(dirname "$0")/.."

bash scripts/set_up.sh
.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/pytest --numprocesses auto --maxprocesses 4 \
  --dist loadfile --no-loadscope-reorder "$@"
