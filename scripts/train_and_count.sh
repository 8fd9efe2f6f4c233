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
  --checkpoint DIR     to start from (default: the detector that comes with
                       crossline; fetch_checkpoint.py has the zoo's)
  --steps N            of training (default: 2000)
  --batch-size N       images a step (default: 8)
  --video VIDEO        to count in (default: ends with the model)
  --line NAME=X1,Y1,X2,Y2
                       to count at, needed with --video; may be given again
HELP
}

root=$(cd "$(dirname "$0")/.." && pwd)
name=ours annotations= images= classes= max_images=1000
checkpoint=$root/exported/street
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

# Said now, not after hours of training.
missing=
for path in "$annotations" "$images" "$checkpoint"; do
  [ -z "$path" ] || [ -e "$path" ] || missing=$path
done
case $video in
  '' | [0-9] | [0-9][0-9] | *://*) ;;
  *) [ -e "$video" ] || missing=$video ;;
esac
if [ -n "$missing" ]; then
  echo "train_and_count.sh: $missing: no such file or folder" >&2
  exit 1
fi
number='-?[0-9]*\.?[0-9]+'
for ((i = 1; i < ${#lines[@]}; i += 2)); do
  if ! [[ ${lines[i]} =~ ^[^=]+=$number(,$number){3}(:.+/.+)?$ ]]; then
    echo "train_and_count.sh: --line ${lines[i]} is not" \
      "NAME=X1,Y1,X2,Y2 or NAME=X1,Y1,X2,Y2:ONE/OTHER" >&2
    exit 2
  fi
done
if [ -n "$video" ] && [ ${#lines[@]} -eq 0 ]; then
  echo "train_and_count.sh: --video needs a --line to count at" >&2
  exit 2
fi
if [ "$name" = street ]; then
  echo "train_and_count.sh: --name street is the detector that comes with" \
    "crossline; choose another" >&2
  exit 2
fi

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
