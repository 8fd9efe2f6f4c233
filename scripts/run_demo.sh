#!/usr/bin/env bash
# All of crossline on a street that it draws, judged against the truth.
#
#     bash scripts/run_demo.sh
#
# Makes the environment, draws the sample, goes through every stage by its own
# script: fine-tunes the model that comes with crossline, exports it, judges
# SavedModel and int8 file, counts the sample's video and compares with the
# truth. Then it counts people in real footage, where Debian's opencv-doc can
# be had. Leaves runs/demo/summary.json and runs/demo/report.html; the status
# is 1 where a count or a score is not what it should be. A demo that was
# interrupted goes on; one that ended is begun anew.
set -euo pipefail
if [ "${1:-}" = --help ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
  exit
fi
cd "$(dirname "$0")/.."

data=data/demo run=runs/demo records=records/demo config=configs/demo
label_map=label_maps/demo.pbtxt exported=exported/demo
footage=data/footage/vtest.avi
[ ! -e "$run/summary.json" ] || rm -r "$run"
mkdir -p "$run"

# Runs the command after NAME, shows it, and notes how long it took.
stage() {
  local name=$1 began
  shift
  began=$(date +%s.%N)
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" || return
  printf '%s\t%s\t%s\n' "$name" \
    "$(awk "BEGIN {print $(date +%s.%N) - $began}")" "${*@Q}" >>"$run/stages.tsv"
}
script() { stage "$1" "${PYTHON:-.venv/bin/python}" "scripts/$1.py" "${@:2}"; }

[ -n "${PYTHON:-}" ] || stage set_up bash scripts/set_up.sh

script make_sample --output "$data" --images 500
script coco_to_csv "$data/instances.json" --keep-empty --output "$data/all.csv"
script split_csv "$data/all.csv" --test 0
script make_label_map "$data/train.csv" --name demo
for part in train val; do
  script csv_to_tfrecord "$data/$part.csv" --images "$data/images" \
    --label-map "$label_map" --output "$records"
done
script configure_pipeline --checkpoint exported/street \
  --label-map "$label_map" --train-records "$records/train-*" \
  --eval-records "$records/val-*" --output "$config" \
  --steps 400 --learning-rate 0.012
script train --config "$config/pipeline.config" --output "$run/train"
script export --checkpoint "$run/train" --output "$exported" --precisions int8
script evaluate "$exported" "$exported/model_int8.tflite" \
  --annotations "$data/val.csv" --images "$data/images" \
  --output "$run/evaluation.json"

# The lines as the truth tells them: NAME=X1,Y1,X2,Y2.
lines=()
while read -r line; do lines+=(--line "$line"); done < <(
  "${PYTHON:-.venv/bin/python}" -c '
import json, sys
truth = json.load(open(sys.argv[1]))
for name, edges in truth["lines"].items():
    print(f"{name}={edges}".replace("[", "").replace("]", "").replace(" ", ""))
' "$data/street_truth.json"
)
rm -rf "$run/street" "$run/people"
script count_video "$data/street.mp4" --output "$run/street" \
  --model "$exported/model_int8.tflite" "${lines[@]}"

fetch_footage() (
  mkdir -p "$(dirname "$footage")" && cd "$(dirname "$footage")" &&
    apt-get download opencv-doc &&
    dpkg-deb --fsys-tarfile opencv-doc_*.deb |
    tar --extract --to-stdout --wildcards '*/vtest.avi' >vtest.avi.part &&
    rm opencv-doc_*.deb && mv vtest.avi.part vtest.avi
)
if [ -e "$footage" ] || stage fetch_footage fetch_footage; then
  script count_video "$footage" --output "$run/people" --classes person \
    --line middle=0.5,0,0.5,1
else
  echo "No real footage: apt-get cannot download opencv-doc here. Put any" \
    "video at $footage, or count in it with scripts/count_video.py."
fi
script summarize_demo --data "$data" --run "$run"
