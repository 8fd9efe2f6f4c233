#!/usr/bin/env bash
# Locks what pyproject.toml asks for into requirements.txt, for Python 3.11
# and 3.12 at once. Run it after a change of the dependencies.
#
#     bash scripts/lock_requirements.sh
set -euo pipefail
if [ "${1:-}" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet uv
"$tools/bin/uv" pip compile --quiet --universal --all-extras \
  --custom-compile-command "bash scripts/lock_requirements.sh" \
  pyproject.toml --output-file requirements.txt
