#!/bin/sh
# Makes the whole model folder again: sh run.sh DATA WORK [KEY=VALUE …]. About four hours on two cores; the seeds stand in config.json.
set -eu
data=$1
work=$2
shift 2
cd "$(dirname "$0")"
root=../../..
mkdir -p "$work"
phantoms() {
  for kind in chest hand knee skull abdomen lateral pattern; do
    count=$([ "$kind" = chest ] && echo "$3" || echo 50)
    [ -d "$1/$kind" ] || "$root/node_modules/.bin/node" "$root/datasets/phantom-cxr/generate.ts" --count "$count" --seed "$2" --size 224 --kind "$kind" --out "$1/$kind"
  done
}
phantoms "$work/phantoms-train" 100000 900
phantoms "$work/phantoms-test" 500000 120
set -- "data=$data" "work=$work" "phantoms=$work/phantoms-train" "phantoms_test=$work/phantoms-test" "$@"
# Three teachers, each from the ImageNet weights; a student of their mean that starts from `deep`; a second one of all four, three times as
# long; what is shipped is the mean of the weights of both students. The attempts stand in NOTES.md.
python3 train.py "$@" run=first phantoms= finest=false input_size=160 region_weight=0 mixup=0.2 drop_connect=0.1 dropout=0.2 normal_share=0.5 children_share=0.33 presumed_free_weight=0
python3 train.py "$@" run=deep finest=false epochs=8 seed=101
python3 train.py "$@" run=broad phantoms= finest=false epochs=9 seed=202 input_size=160 region_weight=0 mixup=0.2 drop_connect=0.1 dropout=0.2 normal_share=0.7
python3 ensemble.py "$@" "teachers=[\"$work/first.pt\", \"$work/deep.pt\", \"$work/broad.pt\"]"
python3 train.py "$@" run=student "start=$work/deep.pt" seed=401 learning_rate=0.0005 "teachers=[\"$work/first.pt\", \"$work/deep.pt\", \"$work/broad.pt\"]"
python3 train.py "$@" run=long "start=$work/student.pt" seed=601 epochs=10 learning_rate=0.0005 teacher_share=0.6 \
  "teachers=[\"$work/first.pt\", \"$work/deep.pt\", \"$work/broad.pt\", \"$work/student.pt\"]"
python3 mean.py "$@" run=main 'means=["student", "long"]'
python3 gate.py "$@"
python3 export.py "$@" run=main
python3 predict.py "$@"
python3 calibrate.py "$@"
python3 evaluate.py "$@"
python3 learning.py "$@"
python3 card.py "$@"
