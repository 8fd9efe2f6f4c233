#!/usr/bin/env bash
# Runs a script on a device, in the environment of set_up_edge.sh, which it
# makes the first time.
#
#     bash scripts/run_edge.sh count_video.py 0 --line gate=0.5,0,0.5,1
#     bash scripts/run_edge.sh detect_images.py photos/
set -euo pipefail
scripts=$(realpath "$(dirname "$0")")
if [ $# -eq 0 ] || [ "$1" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
if [ ! -e "$scripts/$1" ]; then
  echo "run_edge.sh: there is no $1 in $scripts" >&2
  exit 2
fi
bash "$scripts/set_up_edge.sh"
exec "$scripts/../.venv/bin/python" "$scripts/$1" "${@:2}"
