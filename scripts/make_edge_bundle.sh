#!/usr/bin/env bash
# Packs a model, the code that a device needs and the lock of its packages
# into one archive.
#
#     bash scripts/make_edge_bundle.sh
#     bash scripts/make_edge_bundle.sh --model exported/ours/model_int8.tflite
#
#   --model FILE     .tflite file that it detects with unless told otherwise
#                    (default: exported/street/model_int8.tflite)
#   --output FILE    the archive (default: crossline-edge.tar.gz)
#
# On a device with python3 (3.11 to 3.13) and the net, nothing else:
#
#     tar xf crossline-edge.tar.gz
#     bash crossline-edge/scripts/run_edge.sh count_video.py 0 \
#         --line gate=0.5,0,0.5,1
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
embedded=exported/street/model_int8.tflite
python=${PYTHON:-python3}
model=$root/$embedded output=crossline-edge.tar.gz
while [ $# -gt 0 ]; do
  case $1 in
    --help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; exit ;;
    --model | --output)
      if [ $# -lt 2 ]; then
        echo "make_edge_bundle.sh: $1 needs a value" >&2
        exit 2
      fi
      declare "${1#--}=$2"
      shift 2
      ;;
    *) echo "make_edge_bundle.sh: unknown option $1" >&2; exit 2 ;;
  esac
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bundle=$scratch/crossline-edge
mkdir -p "$bundle/scripts" "$bundle/$(dirname $embedded)"
PYTHONPATH=$root PYTHONDONTWRITEBYTECODE=1 "$python" -c '
import sys
from pathlib import Path
from crossline.detect.metadata import split_model
from crossline.errors import InputError
from crossline.files import require_file
path = Path(sys.argv[1])
try:
    split_model(require_file(path).read_bytes(), path)
except InputError as error:
    sys.exit(f"make_edge_bundle.sh: {error}")
' "$model"
cp "$model" "$bundle/$embedded"
cp "$root"/scripts/{run,set_up}_edge.sh "$bundle/scripts"
cp "$root"/scripts/{capture_images,count_video,detect_images,draw_lines}.py \
  "$bundle/scripts"
cp "$root/requirements-edge.txt" "$root/docs/edge_devices.md" "$bundle"
cp -r "$root/crossline" "$bundle"
find "$bundle" -name __pycache__ -prune -exec rm -r {} +
# Debian's python3 comes without; a wheel of it runs as it is.
"$python" -m venv "$scratch/tools"
"$scratch/tools/bin/pip" download --quiet --disable-pip-version-check \
  --no-deps --dest "$bundle" pip==25.3
tar czf "$scratch/bundle.tar.gz" -C "$scratch" crossline-edge
mv "$scratch/bundle.tar.gz" "$output"
echo "Wrote $output: $(du -h "$output" | cut -f1)."
