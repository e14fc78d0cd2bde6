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

files=("$@")
[[ ${#files[@]} -gt 0 ]] || files=(dist/*.yaml)

# Exempted, everywhere:
#   CKV_K8S_11  CPU limits: they throttle a pod while its node is idle; requests share the CPU fairly
#   CKV_K8S_15  pull policy Always: tags are never moved, and images loaded into kind are in no registry
#   CKV_K8S_43  digests: make digests fills them in, where a registry is at hand
# What one object is exempted from stands on it as an annotation checkov.io/skip….
"$tools/checkov-$checkov_version/bin/checkov" --framework kubernetes --compact --quiet --skip-download \
  --skip-check CKV_K8S_11,CKV_K8S_15,CKV_K8S_43 "${files[@]/#/--file=}"
echo 'checkov: no failure'

# The same two, and:
#   pod-probes-identical  an app or a collector without a state of its own is ready when it is alive
#   deployment-replicas   (a warning) the shop's front and its stateless roles begin with one
"$tools/kube-score-$kube_score_version/kube-score" score "${files[@]}" --output-format ci \
  --ignore-container-cpu-limit --ignore-test container-image-pull-policy \
  --ignore-test pod-probes-identical --ignore-test deployment-replicas >"$tools/kube-score.txt" || true
grep -q '^\[OK\]' "$tools/kube-score.txt" || { echo 'kube-score found nothing to look at' >&2; exit 1; }
if grep -vE '^\[(OK|SKIPPED)\]' "$tools/kube-score.txt"; then exit 1; fi
echo 'kube-score: no failure'
