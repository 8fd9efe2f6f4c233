#!/usr/bin/env bash
# Exports a COCO checkpoint in every precision, with regular NMS and with
# TFLite's fast NMS, and measures the files side by side.
#
#     bash benchmarks/edge_models.sh COCO CHECKPOINT OUTPUT
#
# COCO holds images/, instances_train.json (which calibrates int8) and
# instances.json (which judges). Prints the table of docs/edge_models.md.
set -euo pipefail
coco=$1 checkpoint=$2 output=$3
root=$(cd "$(dirname "$0")/.." && pwd)
python="${PYTHON:-$root/.venv/bin/python}"
run() { "$python" "$root/scripts/$1.py" "${@:2}"; }

for part in instances instances_train; do
  run coco_to_csv "$coco/$part.json" --keep-empty --output "$output/$part.csv"
done
run make_label_map "$output/instances_train.csv" --name classes \
  --output "$output"
run csv_to_tfrecord "$output/instances_train.csv" --images "$coco/images" \
  --label-map "$output/classes.pbtxt" --output "$output/records"
convert() {
  run export --checkpoint "$checkpoint" --output "$output/$1" \
    --calibration-records "$output/records/instances_train-*" "${@:2}"
}
convert regular --precisions fp32 fp16 dynamic int8
convert fast --precisions fp32 int8 --fast-nms
convert clustered --precisions fp32 int8 --clusters 32
run benchmark "$output"/{regular,fast,clustered} \
  --annotations "$output/instances.csv" --images "$coco/images" \
  --output "$output"
