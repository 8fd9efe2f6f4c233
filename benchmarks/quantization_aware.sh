#!/usr/bin/env bash
# Goes on training what fine_tuning.sh has trained, now for int8, and judges
# the int8 files of both against the float checkpoints, over six seeds.
#
#     bash benchmarks/quantization_aware.sh IMAGES OUTPUT
#
# OUTPUT is the folder that fine_tuning.sh has filled, IMAGES its images; the
# same images train, and the same judge. Prints the tables of
# docs/quantization_aware_training.md.
set -euo pipefail
images=$1 output=$2
root=$(cd "$(dirname "$0")/.." && pwd)
python="${PYTHON:-$root/.venv/bin/python}"
run() { "$python" "$root/scripts/$1.py" "${@:2}"; }

int8() {
  run export --checkpoint "$1" --output "$2" --precisions int8 \
    --score-threshold 0.05
}
for seed in {1..6}; do
  # Of the first three, fine_tuning.sh has left nothing to do.
  run train --config "$output/config/pipeline.config" \
    --output "$output/run_$seed" --seed "$seed"
  run configure_pipeline --checkpoint "$output/run_$seed" \
    --label-map "$output/classes.pbtxt" \
    --train-records "$output/records/train-*" \
    --eval-records "$output/records/val-*" \
    --output "$output/aware_config_$seed" --steps 400 \
    --learning-rate 0.0003
  run train --config "$output/aware_config_$seed/pipeline.config" \
    --output "$output/aware_$seed" --seed "$seed" \
    --quantize-from 21 --distill
  int8 "$output/run_$seed" "$output/exported_after_$seed"
  int8 "$output/aware_$seed" "$output/exported_aware_$seed"
done
run evaluate "$output"/run_{1..6} \
  "$output"/exported_{after,aware}_{1..6}/model_int8.tflite \
  --annotations "$output/judge.csv" --images "$images" \
  --output "$output/aware.json"
PYTHONPATH="$root" "$python" -m benchmarks.quantization_aware "$output"
PYTHONPATH="$root" "$python" -m benchmarks.distillation_distance \
  "$output"/aware_{1..6}
