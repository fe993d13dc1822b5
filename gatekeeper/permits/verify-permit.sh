#!/bin/sh
# Is this permit good for this binding and this executor? Needs a shell, jq and OpenSSL 3, and no network.
# sh verify-permit.sh BUNDLE BINDING AUDIENCE KEYS [SECONDS_SINCE_1970]    exits 0 only when it is; see docs/permits.md
set -eu; [ $# -ge 4 ] || { sed -n "3s/^# /usage: /p" "$0" >&2; exit 2; }
bundle=$1 audience=$3 keys=$4 now=${5:-$(date +%s)} type=application/vnd.in-toto+json
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
refuse() { echo "REFUSED: $1"; exit 1; }
once() { [ "$(jq -c --stream . "$1")" = "$(jq -c tostream "$1")" ] && jq -es 'length == 1' "$1" > "$work/one"; }
decoded() { printf %s "$1" | openssl base64 -d -A > "$2" && [ "$(openssl base64 -A < "$2")" = "$1" ]; }
once "$bundle" && jq -e ".dsse | .payloadType == \"$type\" and (.signatures | length == 1) and ([.payload, .signatures[0].sig] | all(test(\"\\\\A[A-Za-z0-9+/]+=*\\\\z\")))" "$bundle" > "$work/one" || refuse envelope
decoded "$(jq -r .dsse.payload "$bundle")" "$work/payload" || refuse payload
decoded "$(jq -r '.dsse.signatures[0].sig' "$bundle")" "$work/signature" || refuse signature
key=$(jq -ce --slurpfile bundle "$bundle" '.keys[] | select(.kid == $bundle[0].dsse.signatures[0].keyid)' "$keys") || refuse "unknown key"
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf '%s=' "$(echo "$key" | jq -r .x)" | tr '_-' '/+' | openssl base64 -d -A; } > "$work/key"
{ printf 'DSSEv1 28 %s %d ' $type "$(wc -c < "$work/payload")"; cat "$work/payload"; } > "$work/signed"
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key" -in "$work/signed" -sigfile "$work/signature" > "$work/one" 2>&1 || refuse signature
once "$work/payload" || refuse permit
flaw=$(jq -r --argjson key "$key" --arg subject "$(openssl dgst -sha256 -r "$2" | cut -c 1-64)" --arg audience "$audience" --argjson now "$now" '
  (.predicate.nbf | fromdate) as $nbf | (.predicate.exp | fromdate) as $exp |
  if [._type, .predicateType, .predicate.maxUses] != ["https://in-toto.io/Statement/v1", "https://gatekeeper.dev/permit/v1", 1] or $exp - $nbf > 900 then "permit"
  elif [.subject[].digest.sha256] != [$subject] then "subject" elif .predicate.audience != $audience then "audience"
  elif $key.retired_at and $nbf >= ($key.retired_at | fromdate) then "key retired" elif $now + 30 < $nbf then "not yet valid" elif $now >= $exp then "expired" else "" end' "$work/payload") || refuse permit
[ -z "$flaw" ] || refuse "$flaw"
echo "GOOD: $(jq -r .predicate.permitId "$work/payload")"
