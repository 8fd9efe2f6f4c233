#!/usr/bin/env bash
# The whole chain: from COCO, or your own labelled images, to a counted video.
#
#     bash scripts/train_and_count.sh --classes "person motorcycle" \
#         --video street.mp4 --line main=0.5,0,0.5,1
#
#     bash scripts/train_and_count.sh --name ours --annotations labels/ \
#         --images photos/ --video street.mp4 --line main=0.5,0,0.5,1
#
# The same command goes on with downloads and training that were interrupted.
# Each stage's own script has more options.
set -euo pipefail

usage() {
  cat <<'HELP'
usage: train_and_count.sh [options]

  --name NAME          of data, run and export (default: ours)
  --annotations PATH   COCO or LinkedAI .json, folder of VOC .xml, YOLO data
                       set, or a CSV (default: COCO is fetched)
  --images DIR         of these annotations; of a YOLO data set its folder
  --classes "A B C"    to keep (default: all; for COCO: person motorcycle)
  --max-images N       to fetch from COCO (default: 1000)
  --checkpoint DIR     to start from (default: the zoo's SSD MobileNet V2
                       FPNLite 320x320, fetched)
  --steps N            of training (default: 2000)
  --batch-size N       images a step (default: 8)
  --video VIDEO        to count in (default: ends with the model)
  --line NAME=X1,Y1,X2,Y2
                       to count at; may be given again
HELP
}

name=ours annotations= images= classes= max_images=1000 checkpoint=
steps=2000 batch_size=8 video= lines=()
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --name | --annotations | --images | --classes | --max-images | \
      --checkpoint | --steps | --batch-size | --video | --line)
      if [ $# -lt 2 ]; then
        echo "train_and_count.sh: $1 needs a value" >&2
        exit 2
      fi
      if [ "$1" = --line ]; then
        lines+=(--line "$2")
      else
        option=${1#--}
        declare "${option//-/_}=$2"
      fi
      shift 2
      ;;
    *)
      echo "train_and_count.sh: unknown option $1" >&2
      usage >&2
      exit 2
      ;;
  esac
done
if [ -n "$annotations" ] && [ "${annotations##*.}" != csv ] &&
  [ -z "$images" ]; then
  echo "train_and_count.sh: --annotations needs --images" >&2
  exit 2
fi

root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${PYTHON:-}" ]; then
  bash "$root/scripts/set_up.sh"
  PYTHON=$root/.venv/bin/python
fi
run() {
  echo "== $1"
  "$PYTHON" "$root/scripts/$1.py" "${@:2}"
}
read -r -a class_names <<<"$classes"
data=data/$name records=records/$name config=configs/$name
label_map=label_maps/$name.pbtxt

if [ -z "$annotations" ]; then
  [ ${#class_names[@]} -gt 0 ] || class_names=(person motorcycle)
  run fetch_coco --classes "${class_names[@]}" --max-images "$max_images" \
    --output data/coco
  annotations=data/coco/instances.json images=data/coco/images
fi
keep=()
[ ${#class_names[@]} -eq 0 ] || keep=(--classes "${class_names[@]}")
[ "${annotations##*.}" != csv ] || images=${images:-$(dirname "$annotations")}
run convert_annotations "$annotations" --to csv --output "$data/all.csv" \
  --images "$images" "${keep[@]}"
run split_csv "$data/all.csv"
run make_label_map "$data/train.csv" --name "$name"
for part in train val; do
  run csv_to_tfrecord "$data/$part.csv" --images "$images" \
    --label-map "$label_map" --output "$records"
done
if [ -z "$checkpoint" ]; then
  checkpoint=data/zoo/ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8
  [ -d "$checkpoint" ] || run fetch_checkpoint
fi
run configure_pipeline --checkpoint "$checkpoint" \
  --label-map "$label_map" --train-records "$records/train-*" \
  --eval-records "$records/val-*" --output "$config" \
  --steps "$steps" --batch-size "$batch_size"
run train --config "$config/pipeline.config" --output "runs/$name"
run export --checkpoint "runs/$name" --output "exported/$name"
run evaluate "exported/$name" "exported/$name/model_int8.tflite" \
  --annotations "$data/test.csv" --images "$images"
if [ -n "$video" ]; then
  run count_video "$video" --model "exported/$name/model_int8.tflite" \
    "${lines[@]}"
fi
