#!/bin/sh
# Makes the whole model folder again: sh run.sh DATA WORK [KEY=VALUE …]. About two hours on two cores; the seeds stand in config.json.
set -eu
data=$1
work=$2
shift 2
cd "$(dirname "$0")"
root=../../..
mkdir -p "$work"
phantoms() {
  for kind in chest hand knee skull abdomen lateral pattern; do
    count=$([ "$kind" = chest ] && echo "$3" || echo $(($3 / 6)))
    [ -d "$1/$kind" ] || "$root/node_modules/.bin/node" "$root/datasets/phantom-cxr/generate.ts" --count "$count" --seed "$2" --size 224 --kind "$kind" --out "$1/$kind"
  done
}
phantoms "$work/phantoms-train" 100000 300
phantoms "$work/phantoms-test" 500000 120
set -- "data=$data" "work=$work" "phantoms=$work/phantoms-train" "phantoms_test=$work/phantoms-test" "$@"
# First at 160 px from the ImageNet weights, then at 192 px with boxes and phantoms, then twice on from there with five blocks frozen; the
# mean of these two and the first is the model. The attempts that led here stand in NOTES.md.
python3 train.py "$@" run=first phantoms= input_size=160 epochs=6 region_weight=0 mixup=0.2 drop_connect=0.1 dropout=0.2 normal_share=0.5 children_share=0.33 presumed_free_weight=0
python3 train.py "$@" run=fine "start=$work/first.pt" epochs=1 mixup=0.4 children_share=0.33 presumed_free_weight=0 seed=7 ema=0.999
python3 train.py "$@" run=one "start=$work/fine.pt" frozen_blocks=5 seed=11
python3 train.py "$@" run=two "start=$work/fine.pt" frozen_blocks=5 seed=12
python3 soup.py "$@" run=main
python3 gate.py "$@"
python3 export.py "$@" run=main
python3 predict.py "$@"
python3 calibrate.py "$@"
python3 evaluate.py "$@"
python3 learning.py "$@"
python3 card.py "$@"
