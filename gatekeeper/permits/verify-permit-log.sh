#!/bin/sh
# Was this permit issued in public: in the log of this key, and seen by this witness? After verify-permit.sh, needs no more.
# sh verify-permit-log.sh BUNDLE LOG_VKEY WITNESS_VKEY [SECONDS_SINCE_1970]    exits 0 only when it was; see docs/permits.md
set -eu; [ $# -ge 3 ] || { sed -n "3s/^# /usage: /p" "$0" >&2; exit 2; }
bundle=$1 log=$2 witness=$3 now=${4:-$(date +%s)}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
refuse() { echo "REFUSED: $1"; exit 1; }
once() { [ "$(jq -c --stream . "$1")" = "$(jq -c tostream "$1")" ] && jq -es 'length == 1' "$1" > "$work/one"; }
number() { case $1 in 0 | [1-9]*) case $1 in *[!0-9]* | ????????????????*) false ;; esac ;; *) false ;; esac; }
hash() { openssl dgst -sha256 -binary; }
joined() { { printf '\001'; cat "$1" "$2"; } | hash > "$work/next" && mv "$work/next" "$work/node"; }
signature() { # of a key: what its one line in the note holds after the key's id
  awk -v name="${1%%+*}" '$1 == "—" && $2 == name { print $3; found++ } END { exit found != 1 }' "$work/note" | openssl base64 -d -A | tail -c +5; }
signed() { # by a key: a file; another file holds the signature
  { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; echo "$1" | cut -d + -f 3- | openssl base64 -d -A | tail -c 32; } > "$work/key"
  openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key" -in "$2" -sigfile "$3" > "$work/one" 2>&1; }
once "$bundle" || refuse bundle
jq -je .entry "$bundle" > "$work/entry" && jq -je .tlogProof "$bundle" > "$work/proof" || refuse bundle
[ "$(sed -n 1p "$work/proof")" = c2sp.org/tlog-proof@v1 ] || refuse proof
index=$(sed -n '2s/^index //p' "$work/proof"); sed '1,/^$/d' "$work/proof" > "$work/note"; sed '/^$/,$d' "$work/note" > "$work/text"
size=$(sed -n 2p "$work/text"); number "$index" && number "$size" && [ "$index" -lt "$size" ] || refuse proof
[ "$(sed -n 1p "$work/text")" = "${log%%+*}" ] && [ "$(grep -c ^ "$work/text")" = 3 ] || refuse checkpoint
signature "$log" > "$work/by" && signed "$log" "$work/text" "$work/by" || refuse 'not signed by the log'
signature "$witness" > "$work/stamped" || refuse 'not witnessed'
seen=$(head -c 8 "$work/stamped" | od -An -v -tu1 | awk '{ for (i = 1; i <= NF; i++) seconds = seconds * 256 + $i } END { printf "%d", seconds }')
{ printf 'cosignature/v1\ntime %s\n' "$seen"; cat "$work/text"; } > "$work/seen"; tail -c +9 "$work/stamped" > "$work/by"
signed "$witness" "$work/seen" "$work/by" || refuse 'not witnessed'
[ "$seen" -le $((now + 30)) ] || refuse 'the clock is behind'
{ printf '\000'; cat "$work/entry"; } | hash > "$work/node"; last=$((size - 1)); at=$index
for sibling in $(sed -e 1,2d -e '/^$/,$d' "$work/proof"); do # RFC 9162, 2.1.3.2
  echo "$sibling" | openssl base64 -d -A > "$work/sibling"; [ "$last" -gt 0 ] && [ "$(wc -c < "$work/sibling")" -eq 32 ] || refuse proof
  if [ $((at % 2)) = 1 ] || [ "$at" = "$last" ]; then
    joined "$work/sibling" "$work/node"
    while [ $((at % 2)) = 0 ] && [ "$at" -gt 0 ]; do at=$((at / 2)) last=$((last / 2)); done
  else joined "$work/node" "$work/sibling"; fi
  at=$((at / 2)) last=$((last / 2))
done
[ "$last" = 0 ] && [ "$(openssl base64 -A < "$work/node")" = "$(sed -n 3p "$work/text")" ] || refuse 'not in the log'
once "$work/entry" && jq -e --argjson index "$index" --arg statement "sha256:$(jq -r .dsse.payload "$bundle" | openssl base64 -d -A | openssl dgst -sha256 -r | cut -c 1-64)" \
  '.type == "permit.issued" and .index == $index and .facts.statement == $statement' "$work/entry" > "$work/one" || refuse 'the log says something else'
echo "LOGGED: entry $index, seen at $seen"
