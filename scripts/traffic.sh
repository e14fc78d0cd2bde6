#!/usr/bin/env bash
# Sends the test app a little of everything, with curl alone.
#
#   scripts/traffic.sh [URL]      default: http://localhost:8080, where make kind-up puts the shop
#
# Prints one line for each request; ends with 1 if the shop cannot be reached.
set -euo pipefail

case "${1:-}" in -h | --help)
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
  exit 0
  ;;
esac

url=${1:-http://localhost:8080}
json='content-type: application/json'

# request METHOD PATH [BODY]
request() {
  local method=$1 path=$2 body=${3:-} answer
  answer=$(curl --silent --show-error --max-time 15 --output /dev/null \
    --write-out '%{http_code} in %{time_total} s' \
    --request "$method" --header "$json" --header "x-user-id: $((RANDOM % 50 + 1))" \
    ${body:+--data "$body"} "$url$path") || {
    echo "the shop does not answer at $url: make kind-up starts it, ./mantis port-forward connects to it" >&2
    exit 1
  }
  printf '%-4s %-32s %s\n' "$method" "$path" "$answer"
}

order() { # order PRODUCT QUANTITY [CARD]
  request POST /api/orders \
    "{\"userId\":\"$((RANDOM % 50 + 1))\",\"items\":[{\"product\":\"$1\",\"quantity\":$2}],\"card\":\"${3:-4242424242424242}\"}"
}

request GET /
request GET /api/products
request GET /api/products/coffee
request GET /api/users
request GET /api/users/7
request GET /api/users/999999
request POST /api/users '{"name":"Lise"}'
order coffee 2
order grinder 1
order mug -1
order machine 20
order tea 3 4000000000000002
request POST /api/orders 'not json'
request GET /api/orders
request GET /api/chain
request GET '/api/slow?ms=1500'
for type in validation database timeout upstream unhandled; do
  request GET "/api/error?type=$type"
done
