#!/usr/bin/env bash
# Makes the environment of a device: what detect_images.py and count_video.py
# need, without TensorFlow, under 400 MB.
#
#     bash scripts/set_up_edge.sh           # .venv
#     bash scripts/set_up_edge.sh FOLDER    # or wherever
#
# Does nothing where it is up to date. PYTHON=python3.12 bash ... takes another
# Python than python3. No pip stays in the environment: where none lies beside
# this project, as in a bundle, it comes from a temporary environment.
set -euo pipefail
if [ "${1:-}" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
environment=$(realpath -m "${1:-"$(dirname "$0")/../.venv"}")
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

stamp=$environment/edge.sha256
# Scripts import crossline wherever they are called from, and also after this
# folder was moved.
tell_where_crossline_is() {
  pwd >"$(echo "$environment"/lib/python3*/site-packages)/crossline.pth"
}
if sha256sum --check --status "$stamp" 2>/dev/null; then
  tell_where_crossline_is
  exit 0
fi
if [ -d "$environment" ] && [ ! -e "$stamp" ]; then
  echo "set_up_edge.sh: $environment is there, and not of this script;" \
    "remove or rename it" >&2
  exit 1
fi
if ! "$python" -c 'import sys
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then
  echo "set_up_edge.sh: needs Python 3.11, 3.12 or 3.13, or" \
    "PYTHON=/path/to/one" >&2
  exit 1
fi
echo "Installing what a device needs into $environment ..."
"$python" -m venv --clear --without-pip "$environment"
: >"$stamp"
if ! pip=$(ls pip-*.whl 2>/dev/null); then
  tools=$(mktemp -d)
  trap 'rm -rf "$tools"' EXIT
  if ! "$python" -m venv "$tools" >/dev/null; then
    echo "set_up_edge.sh: needs pip (Debian: apt-get install python3-venv)" >&2
    exit 1
  fi
  pip=$(echo "$tools"/lib/python3*/site-packages)
fi
PYTHONPATH=$pip "$environment/bin/python" -m pip install --quiet --no-deps \
  --no-compile --only-binary :all: --disable-pip-version-check \
  --requirement requirements-edge.txt
packages=$(echo "$environment"/lib/python3*/site-packages)
# What nobody runs here: tests, types, and LiteRT's compilers for other chips,
# which its wheels for ARM do not have.
find "$packages" -name "*.pyi" -delete
find "$packages" -type d -name tests -prune -exec rm -r {} +
rm -rf "$packages"/ai_edge_litert/{tools,vendors}
tell_where_crossline_is
sha256sum requirements-edge.txt >"$stamp"
