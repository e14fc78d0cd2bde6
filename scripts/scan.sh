#!/usr/bin/env bash
# make scan: checkov and kube-score over the manifests in dist/. Both are installed below .build/.
set -euo pipefail
cd "$(dirname "$0")/.."

checkov_version=3.3.30
kube_score_version=v1.20.0
tools=.build/scan

if [[ ${1:-} == --help ]]; then
  echo 'usage: scripts/scan.sh [FILE...]   security scan of manifests, by default of dist/'
  exit 0
fi
for tool in python3 go; do
  command -v "$tool" >/dev/null || { echo "make scan needs $tool" >&2; exit 1; }
done

if [[ ! -x $tools/checkov-$checkov_version/bin/checkov ]]; then
  echo "installing checkov $checkov_version"
  python3 -m venv "$tools/checkov-$checkov_version"
  "$tools/checkov-$checkov_version/bin/pip" install --quiet --disable-pip-version-check "checkov==$checkov_version"
fi
if [[ ! -x $tools/kube-score-$kube_score_version/kube-score ]]; then
  echo "installing kube-score $kube_score_version"
  GOBIN=$PWD/$tools/kube-score-$kube_score_version GOFLAGS='' \
    go install "github.com/zegl/kube-score/cmd/kube-score@$kube_score_version"
fi

# Exempted in whatever is scanned, because it is better so:
#   CKV_K8S_11  CPU limits: they throttle a pod while its node is idle; requests share the CPU fairly
#   CKV_K8S_40  users below 10000, for whom images are made: on those objects (lib/kubernetes/workload.ts)
# And where images are named by tags, the default, without which no cluster works that has no registry:
#   CKV_K8S_15  pull policy Always (the setting imagePullPolicy)
#   CKV_K8S_43  digests (the setting imageDigests)
# kube-score asks for the first three under other names; its warnings stop nothing.
always=CKV_K8S_11
by_tag=$always,CKV_K8S_15,CKV_K8S_43

scan() { # WHAT CHECKOV_RULES KUBE_SCORE_OPTIONS FILE...
  local what=$1 rules=$2 options=$3 verdict=0
  shift 3
  "$tools/checkov-$checkov_version/bin/checkov" --framework kubernetes --compact --quiet --skip-download \
    --skip-check "$rules" "${@/#/--file=}"
  # shellcheck disable=SC2086 # several options
  "$tools/kube-score-$kube_score_version/kube-score" score "$@" --output-format ci \
    --ignore-container-cpu-limit $options >"$tools/kube-score.txt" || verdict=$?
  grep -q '^\[OK\]' "$tools/kube-score.txt" || { echo 'kube-score found nothing to look at' >&2; exit 1; }
  grep '^\[CRITICAL\]' "$tools/kube-score.txt" || true
  [[ $verdict -eq 0 ]] || exit "$verdict"
  echo "$what: no failure of checkov $checkov_version or kube-score $kube_score_version, without $rules"
}

if [[ $# -gt 0 ]]; then
  scan "$*" $by_tag '--ignore-test container-image-pull-policy' "$@"
  exit
fi
scan dist $by_tag '--ignore-test container-image-pull-policy' dist/*.yaml
rm -rf "$tools/pinned"
node --import tsx scripts/pinned.ts "$tools/pinned"
scan 'all of it, by digests' $always '' "$tools"/pinned/*.yaml
