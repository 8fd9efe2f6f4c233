#!/usr/bin/env bash
# Runs what takes longer than the tests, and writes docs/soak.md: repeated
# kills, endurance, two runs at once, the Object Detection API's own tests.
#
#     bash scripts/run_soak.sh                   # all, over an hour
#     bash scripts/run_soak.sh soak/test_api.py  # some; pytest's arguments
#
# What was not run keeps its lines in docs/soak.md. PYTHON names another
# interpreter than .venv's.
set -euo pipefail
if [ "${1:-}" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
cd "$(dirname "$0")/.."

if [ -z "${PYTHON:-}" ]; then
  bash scripts/set_up.sh
  PYTHON=.venv/bin/python
fi
if [ $# -eq 0 ]; then
  set -- soak
fi
status=0
"$PYTHON" -m pytest "$@" -o junit_family=xunit1 --junitxml=runs/soak.xml ||
  status=$?
"$PYTHON" -m soak.results runs/soak.xml
exit "$status"
