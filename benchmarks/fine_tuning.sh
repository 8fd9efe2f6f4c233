#!/usr/bin/env bash
# Fine-tunes a COCO checkpoint on some classes over three seeds and judges it
# against the checkpoint as it is, by the scripts alone.
#
#     bash benchmarks/fine_tuning.sh COCO CHECKPOINT OUTPUT CLASS [CLASS ...]
#
# COCO holds images/, instances_train.json (a fifth of it is put aside for
# choosing) and instances_val.json (which judges, and nothing else). Prints
# the table of docs/fine_tuning.md.
set -euo pipefail
coco=$1 checkpoint=$2 output=$3
shift 3
root=$(cd "$(dirname "$0")/.." && pwd)
python="${PYTHON:-$root/.venv/bin/python}"
run() { "$python" "$root/scripts/$1.py" "${@:2}"; }

mkdir -p "$output"
run coco_to_csv "$coco/instances_train.json" --classes "$@" --keep-empty \
  --output "$output/all.csv"
run coco_to_csv "$coco/instances_val.json" --classes "$@" --keep-empty \
  --output "$output/judge.csv"
run split_csv "$output/all.csv" --val 0.2 --test 0 --seed 1
run make_label_map "$@" --name classes --output "$output"
for part in train val; do
  run csv_to_tfrecord "$output/$part.csv" --images "$coco/images" \
    --label-map "$output/classes.pbtxt" --output "$output/records"
done
run configure_pipeline --checkpoint "$checkpoint" \
  --label-map "$output/classes.pbtxt" \
  --train-records "$output/records/train-*" \
  --eval-records "$output/records/val-*" \
  --output "$output/config" --steps 300 \
  --learning-rate 0.0005 --freeze-batch-norm
for seed in 1 2 3; do
  run train --config "$output/config/pipeline.config" \
    --output "$output/run_$seed" --seed "$seed"
  run export --checkpoint "$output/run_$seed" \
    --output "$output/exported_$seed" --precisions fp32 int8
done
# The same steps from fresh heads, at the rate that these bear, and with rare
# classes that count for more.
cat > "$output/experiment.yaml" <<YAML
data:
  train: $output/records/train-*
  val: $output/records/val-*
  label_map: $output/classes.pbtxt
model:
  checkpoint: $checkpoint
  freeze_batch_norm: true
schedule:
  steps: 300
  validate_every: 300
YAML
vary() {
  run sweep "$output/experiment.yaml" --output "$output/$1" --sampler grid \
    --vary 'seed=[1, 2, 3]' "${@:2}"
}
vary plain 'schedule.learning_rate=[0.002]' 'model.fresh_heads=[true]'
vary balanced 'schedule.learning_rate=[0.0005]' \
  'balance.rule=[effective_number]' 'balance.beta=[0.99]'
judge() {
  run evaluate "${@:2}" --annotations "$output/judge.csv" \
    --images "$coco/images" --output "$output/$1.json"
}
judge tuned "$checkpoint" "$output"/run_{1,2,3}
judge saved_models "$checkpoint" "$output"/exported_{1,2,3}
judge int8 "$checkpoint" "$output"/exported_{1,2,3}/model_int8.tflite
for start in plain balanced; do
  judge "$start" "$checkpoint" "$output/$start"/trial_00{0,1,2}/last
done
"$python" "$root/benchmarks/pooled_seeds.py" "$output" "$checkpoint"
