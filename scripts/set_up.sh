#!/usr/bin/env bash
# Makes .venv with everything that requirements.txt locks, crossline included.
#
#     bash scripts/set_up.sh            # python3, or PYTHON=python3.12 bash ...
#
# Does nothing where .venv is up to date. Dependencies are not resolved again
# (--no-deps): the lock is full, and some packages in it ask for a second
# OpenCV that needs libGL.
set -euo pipefail
if [ "${1:-}" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
cd "$(dirname "$0")/.."

stamp=.venv/up-to-date.sha256
if sha256sum --check --status "$stamp" 2>/dev/null; then
  exit 0
fi
if [ -d .venv ] && [ ! -e "$stamp" ]; then
  echo "set_up.sh: .venv is an environment that this script did not make;" \
    "remove or rename it" >&2
  exit 1
fi
if ! "${PYTHON:-python3}" -c 'import sys, ensurepip
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'; then
  echo "set_up.sh: needs Python 3.11 or 3.12 with venv" \
    "(Debian: apt-get install python3-venv), or PYTHON=/path/to/one" >&2
  exit 1
fi
echo "Installing crossline's environment into .venv (some minutes, 4 GB) ..."
"${PYTHON:-python3}" -m venv --clear .venv
: >"$stamp"
.venv/bin/pip install --quiet --no-deps --no-compile --requirement requirements.txt
.venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .
sha256sum requirements.txt pyproject.toml >"$stamp"
