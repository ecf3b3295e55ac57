#!/bin/sh
# Makes the whole model folder again from the weights of the full model and its teachers: sh run.sh DATA WORK FULL_WORK [KEY=VALUE …].
# FULL_WORK is the work folder of ../../cxr-findings/training/run.sh, run before. About half an hour on one core.
set -eu
data=$1
work=$2
full=$3
shift 3
recipe=$(cd "$(dirname "$0")" && pwd)
cd "$recipe/../../cxr-findings/training"
set -- "recipe=$recipe" "data=$data" "work=$work" "phantoms=$full/phantoms-train" "phantoms_test=$full/phantoms-test" "$@"
python3 train.py "$@" run=main epochs=14 seed=301 "teachers=[\"$full/deep.pt\", \"$full/broad.pt\", \"$full/first.pt\"]"
python3 gate.py "$@"
python3 export.py "$@" run=main
python3 predict.py "$@"
python3 calibrate.py "$@"
python3 evaluate.py "$@"
python3 card.py "$@"
