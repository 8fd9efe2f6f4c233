#!/usr/bin/env bash
# Locks what pyproject.toml asks for into requirements.txt, for Python 3.11
# and 3.12 at once, and what a device carries, in the same versions and with
# the wheels' checksums, into requirements-edge.txt. Run it after a change of
# the dependencies.
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
# Newer Pythons, too: on a device it is the system's. ai-edge-litert asks for
# backports-strenum without its marker; it refuses Python 3.11 and later.
echo "backports-strenum; python_version < '3.11'" >"$tools/overrides.txt"
"$tools/bin/uv" pip compile --quiet --universal --no-config --no-annotate \
  --python-version 3.11 --generate-hashes --constraint requirements.txt \
  --override "$tools/overrides.txt" \
  --custom-compile-command "bash scripts/lock_requirements.sh" \
  pyproject.toml --output-file requirements-edge.txt
