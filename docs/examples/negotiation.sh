#!/bin/sh
# Two parties come to a contract over HTTP, from the first request to an enforced token, to its end.
#
#   ./tallystick up &                       # in another terminal
#   docs/examples/negotiation.sh [DATA]     # DATA: the folder given to up as --data
#
# Needs curl and the tallystick command, nothing else. It may be run again: every run is a new creator, curator, buyer,
# dataset and contract. Settings: API, EDGE (addresses), TALLYSTICK (the command), WORK (folder for keys and papers).
set -eu

root=$(unset CDPATH && cd -P "$(dirname "$0")/../.." && pwd)
data=${1:-$root/.tallystick/up}
API=${API:-http://127.0.0.1:8080}
EDGE=${EDGE:-http://127.0.0.1:8081}
TALLYSTICK=${TALLYSTICK:-$root/tallystick}
WORK=${WORK:-$(mktemp -d)}
run=$(date +%s)-$$
maker=maker-$run curator=curator-$run buyer=buyer-$run
dataset=letters-$run contract=deal-$run negotiation=ng-deal-$run
operator_key=$(cat "$data/platform/operator.key")
cd "$WORK"

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
die() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# What an API answers is canonical JSON: a member is found by its name.
member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2" | head -n 1; }
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$2" | head -n 1; }

# ask KEY METHOD PATH [BODY-FILE]: the answer goes to the file answer, its status to $status.
ask() {
  if [ $# -eq 4 ]; then
    status=$(curl -sS -o answer -w '%{http_code}' -X "$2" -H "Authorization: Bearer $1" \
      -H "Content-Type: application/json" --data-binary "@$4" "$API$3")
  else
    status=$(curl -sS -o answer -w '%{http_code}' -X "$2" -H "Authorization: Bearer $1" "$API$3")
  fi
}

# must STATUS WHAT: or it ends here.
must() { [ "$status" = "$1" ] || die "$2: $status $(cat answer)"; }

# enter PARTY ROLE: it shows that it has its key, the operator registers it, and it asks for its API key itself; that goes to
# the file PARTY.api, and the operator never sees it.
enter() {
  "$TALLYSTICK" party proof --platform "$API" --id "$1" --role "$2" --name "$1" --sign-key "$1.pem" >"$1.json" 2>/dev/null
  "$TALLYSTICK" party register "$1.json" --platform "$API" --key-file "$data/platform/operator.key" >answer ||
    die "registering $1: $(cat answer)"
  "$TALLYSTICK" key new --platform "$API" --party "$1" --sign-key "$1.pem" --out "$1.api" >/dev/null ||
    die "an API key for $1"
  say "$(cat answer)"
}

# stands STATE: where the negotiation is now.
stands() {
  [ "$(member state answer)" = "$1" ] || die "expected $1: $(cat answer)"
  say "state $1, version $(sed -n 's/.*"version":\([0-9]*\)}$/\1/p' answer)"
}

# sign PARTY VERSION FILE: one signature over the bytes of that version.
sign() {
  "$TALLYSTICK" contract sign "$3" --party "$1" --key "$1.pem" --only --out signature --force 2>/dev/null
  printf '{"version":%s,"signature":%s}' "$2" "$(cat signature)" >body
  ask "$(cat "$1.api")" POST "/negotiations/$negotiation/signatures" body
}

fetch() { # the edge's status for the work
  curl -sS -o work -D headers -w '%{http_code}' -H "Authorization: Bearer $(cat token)" "$EDGE/works/$content"
}

step "Three parties, each with a key of its own"
enter "$maker" creator
enter "$curator" curator
enter "$buyer" buyer

step "The maker hands in a work, the curator publishes a dataset of it"
printf 'A letter of %s\n' "$run" >letter.txt
printf '{"creator_id":"%s","license_uri":"https://marketplace.example/licenses/1","media_type":"text/plain"}' \
  "$maker" >manifest.json
status=$(curl -sS -o answer -w '%{http_code}' -H "Authorization: Bearer $(cat "$maker.api")" \
  -F "manifest=<manifest.json" -F "content=@letter.txt;type=text/plain" "$API/ingest/uploads")
must 201 "the upload"
content=$(member content_id answer)
printf '{"dataset_id":"%s","title":"Letters","members":[{"content_id":"%s","creator_id":"%s"}]}' \
  "$dataset" "$content" "$maker" >body
ask "$(cat "$curator.api")" POST /datasets body
must 201 "publishing"
version=$(member root answer)
say "work $content in dataset version $version"

step "The buyer asks: a request, made from a template"
draft() { # draft PRICE FILE
  "$TALLYSTICK" contract new --template non-exclusive --id "$contract" --dataset "$dataset" \
    --dataset-version "$version" --buyer "$buyer" --curator "$curator" --price "$1" --out "$2" --force 2>/dev/null
}
draft 0.004 request.json
"$TALLYSTICK" contract lint request.json
printf '{"document":%s,"message":"We would like to train on these."}' "$(cat request.json)" >body
ask "$(cat "$buyer.api")" POST /negotiations body
must 201 "the request"
stands REQUESTED

step "The curator answers with another price"
draft 0.006 offer.json
"$TALLYSTICK" contract diff request.json offer.json || true
printf '{"answers":1,"document":%s,"message":"A little more for the maker, please."}' "$(cat offer.json)" >body
ask "$(cat "$curator.api")" POST "/negotiations/$negotiation/offers" body
must 200 "the offer"
stands OFFERED

step "The buyer meets it halfway"
draft 0.005 counter.json
"$TALLYSTICK" contract diff offer.json counter.json || true
printf '{"answers":2,"document":%s,"message":"Half of the way?"}' "$(cat counter.json)" >body
ask "$(cat "$buyer.api")" POST "/negotiations/$negotiation/offers" body
must 200 "the counter-offer"
stands REQUESTED

step "A version that no longer stands cannot be signed"
sign "$curator" 2 offer.json
must 409 "signing an old version"
say "refused: $(member detail answer)"

step "Everyone signs the same bytes"
sign "$buyer" 3 counter.json
must 200 "the buyer's signature"
stands ACCEPTED
sign "$curator" 3 counter.json
must 200 "the curator's signature"
stands AGREED
sign "$maker" 3 counter.json
must 200 "the maker's signature"
stands FINALIZED

step "Anybody can verify what was signed, offline"
ask "$(cat "$buyer.api")" GET "/contracts/$contract"
must 200 "the contract"
sed 's/.*"document":\({.*}\),"expires":.*/\1/' answer >signed.json
"$TALLYSTICK" contract verify signed.json

step "The buyer pays into escrow: nothing is delivered on credit by accident"
printf '{"amount":{"amount":"100.00","currency":"USD"},"reference":"%s"}' "$contract" >body
ask "$operator_key" POST "/contracts/$contract/escrow" body
must 201 "the deposit"

step "A job and a token under the contract"
printf '{"contract_id":"%s","model":"model-1"}' "$contract" >body
ask "$(cat "$buyer.api")" POST /jobs body
must 201 "the job"
job=$(member job_id answer)
printf '{"scope":"training","ttl":"PT1H"}' >body
ask "$(cat "$buyer.api")" POST "/jobs/$job/tokens" body
must 201 "the token"
member token answer >token
printf '{"scope":"inference","ttl":"PT1H"}' >body
ask "$(cat "$buyer.api")" POST "/jobs/$job/tokens" body
must 403 "a token for what is not granted"
say "for inference refused: $(member detail answer)"

step "The edge serves"
got=$(fetch)
[ "$got" = 200 ] || die "the edge answers $got: $(cat work)"
cmp -s work letter.txt || die "the edge gave other bytes"
say "200, with receipt $(sed -n 's/^[Tt]allystick-[Rr]eceipt: *\([^ .]*\).*/\1/p' headers | cut -c 1-40)…"

step "The buyer gives notice: it ends when the agreed time is over"
printf '{"kind":"termination","reason":"the model is retired"}' >body
ask "$(cat "$buyer.api")" POST "/contracts/$contract/notices" body
must 201 "the notice"
say "in force until $(member effective answer)"

step "The curator withdraws at once: the edge refuses within seconds"
printf '{"reason":"withdrawn by its maker"}' >body
ask "$(cat "$curator.api")" POST "/contracts/$contract/revoke" body
must 200 "the revocation"
seconds=0
while [ "$(fetch)" = 200 ]; do
  [ "$seconds" -lt 30 ] || die "the edge still serves after $seconds s"
  seconds=$((seconds + 1))
  sleep 1
done
say "refused after about $seconds s: $(member detail work)"
printf '{"scope":"training","ttl":"PT1H"}' >body
ask "$(cat "$buyer.api")" POST "/jobs/$job/tokens" body
must 409 "a token after the end"
say "no new token: $(member detail answer)"

step "What was used is still owed"
tries=0
until ask "$(cat "$buyer.api")" GET "/usage/metrics?contract_id=$contract" && [ "$(number uses answer)" = 1 ]; do
  [ "$tries" -lt 30 ] || die "the use is not counted: $(cat answer)"
  tries=$((tries + 1))
  sleep 1
done
say "1 work used"

printf '\nDone: requested, offered, countered, signed, enforced, ended. Papers and keys: %s\n' "$WORK"
