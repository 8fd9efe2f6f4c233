#!/usr/bin/env bash
# Trains SSD MobileNet V2 FPNLite 320 on the drawn street, goes on for int8, and
# judges both int8 files against the float checkpoint.
#
#     bash benchmarks/fpnlite.sh CHECKPOINT OUTPUT
#
# CHECKPOINT is the zoo's folder, or its pipeline.config alone: then training
# begins with random weights. Prints a table of
# docs/quantization_aware_training.md.
set -euo pipefail
checkpoint=$1 output=$2
root=$(cd "$(dirname "$0")/.." && pwd)
python="${PYTHON:-$root/.venv/bin/python}"
run() { "$python" "$root/scripts/$1.py" "${@:2}"; }

run make_sample --output "$output/sample" --images 500 --video-seconds 1
run coco_to_csv "$output/sample/instances.json" --keep-empty \
  --output "$output/all.csv"
run split_csv "$output/all.csv" --test 0
cp "$output/val.csv" "$output/judge.csv"
run make_label_map "$output/train.csv" --name classes --output "$output"
for part in train val; do
  run csv_to_tfrecord "$output/$part.csv" --images "$output/sample/images" \
    --label-map "$output/classes.pbtxt" --output "$output/records"
done
configure() {
  run configure_pipeline --checkpoint "$1" --output "$2" \
    --label-map "$output/classes.pbtxt" \
    --train-records "$output/records/train-*" \
    --eval-records "$output/records/val-*" "${@:3}"
}
configure "$checkpoint" "$output/config" --steps 1000 --learning-rate 0.04
# Averages over a thousand batches would begin with the random weights'.
sed -i 's/decay: 0.997/decay: 0.97/' "$output/config/pipeline.config"
run train --config "$output/config/pipeline.config" --output "$output/run_1" \
  --seed 1
configure "$output/run_1" "$output/aware_config" --steps 70 \
  --learning-rate 0.0003
run train --config "$output/aware_config/pipeline.config" \
  --output "$output/aware_1" --seed 1 --quantize-from 21 --distill
run export --checkpoint "$output/run_1" --output "$output/exported_1" \
  --precisions fp32 int8
run export --checkpoint "$output/aware_1" --output "$output/exported_aware_1" \
  --precisions int8
run evaluate "$output/run_1" \
  "$output"/exported_{,aware_}1/model_int8.tflite \
  --annotations "$output/judge.csv" --images "$output/sample/images" \
  --output "$output/aware.json"
PYTHONPATH="$root" "$python" -m benchmarks.quantization_aware "$output"
run benchmark "$output"/exported_{,aware_}1 \
  --annotations "$output/judge.csv" --images "$output/sample/images" \
  --output "$output"
