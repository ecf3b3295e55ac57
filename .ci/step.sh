# Counts the steps of .ci/run: `step NAME COMMAND…` runs one, `closing` prints "N passed, N failed, N skipped" and fails when a step failed.
# A step that exits with 77 lacks its tool: skipped on a developer's machine, a failure in CI (CI=true).
passed=0
failed=0
skipped=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

step() { # step NAME COMMAND…: runs the command, shows its last lines, counts it
  local name=$1 started=$SECONDS status
  shift
  echo "── $name"
  "$@" >"$log/out" 2>&1
  status=$?
  if [ "$status" -eq 0 ]; then
    passed=$((passed + 1)); tail -n 6 "$log/out"; echo "   ok, $((SECONDS - started)) s"
  elif [ "$status" -eq 77 ] && [ "${CI:-}" != true ]; then
    skipped=$((skipped + 1)); tail -n 2 "$log/out"; echo '   SKIPPED'
  else
    failed=$((failed + 1)); tail -n 80 "$log/out"; echo "   FAILED with status $status, $((SECONDS - started)) s"
  fi
}

closing() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; }
