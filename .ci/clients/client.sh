#!/bin/sh
# What four command-line clients do with an edge and the platform: client.sh curl|wget|aria2|rclone DIR
set -u
client=$1
dir=$2
value() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$dir/task.json"; }
work=$(value work) empty=$(value empty) token=$(value token) length=$(value length) sum=$(value sha256)
uploads=$(value uploads) upload=$(value upload) manifest=$(value manifest) api_key=$(value api_key)
half=$((length / 2))
auth="Authorization: Bearer $token"
cd "$dir" || exit 1
out=$dir/out

right() { [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$sum" ] || { echo "$(wc -c <"$1") bytes, not the work"; return 1; }; }
size() { [ "$(wc -c <"$1")" -eq "$2" ] || { echo "$(wc -c <"$1") bytes, not $2"; return 1; }; }
act() { # act NAME COMMAND: what it says where it fails goes into the report
  rm -f "$out" "$out".*
  if said=$("$2" 2>&1); then
    echo "$1 yes"
  else
    echo "$1 FAILED $(echo "$said" | tail -n 3 | tr '\n' ' ')"
  fi
}

curl_() { curl -sS --max-time 60 -H "$auth" "$@"; }
curl_whole() { curl_ -f -o "$out" "$work" && right "$out"; }
curl_range() { curl_ -f -r 100-199 -o "$out" "$work" && size "$out" 100; }
curl_resume() { curl_ -f -r "0-$((half - 1))" -o "$out" "$work" && curl_ -f -C - -o "$out" "$work" && right "$out"; }
curl_conditional() {
  curl_ -f --etag-save "$out.tag" -o "$out" "$work" &&
    [ "$(curl_ --etag-compare "$out.tag" -o "$out.again" -w '%{http_code}' "$work")" = 304 ]
}
curl_head() { curl_ -f -I "$work" | grep -qi "^content-length: $length"; }
curl_empty() { [ "$(curl_ -r 0- -o "$out" -w '%{http_code} %{size_download}' "$empty")" = "200 0" ]; }
curl_upload() {
  [ "$(curl -sS --max-time 60 -o "$out" -w '%{http_code}' -H "Authorization: Bearer $api_key" \
    -H "Tallystick-Manifest: $manifest" -H "Content-Type: application/octet-stream" --data-binary "@$upload" \
    "$uploads")" = 201 ]
}

wget_() { wget -nv --timeout=60 --tries=1 --header="$auth" "$@"; }
wget_whole() { wget_ -O "$out" "$work" && right "$out"; }
wget_range() { wget_ --start-pos="$((length - 100))" -O "$out" "$work" && size "$out" 100; }
wget_resume() {
  curl_ -f -r "0-$((half - 1))" -o "$out" "$work" && wget_ -c -O "$out" "$work" && right "$out"
}
wget_head() { wget -S --spider --tries=1 --header="$auth" "$work" 2>&1 | grep -qi "content-length: $length"; }
wget_empty() { wget_ -O "$out" "$empty" && size "$out" 0; }
wget_upload() {
  wget -nv --timeout=60 --tries=1 -O "$out" --header="Authorization: Bearer $api_key" \
    --header="Tallystick-Manifest: $manifest" --header="Content-Type: application/octet-stream" \
    --post-file="$upload" "$uploads"
}

aria2_() { aria2c -q --no-conf --timeout=60 --max-tries=1 --header="$auth" -d "$dir" "$@"; }
aria2_whole() { aria2_ -x1 -s1 -o out "$work" && right "$out"; }
aria2_range() { aria2_ -x4 -s4 --min-split-size=1M -o out "$work" && right "$out"; } # four ranges at once
aria2_resume() {
  curl_ -f -r "0-$((half - 1))" -o "$out" "$work" && aria2_ -c -x1 -s1 -o out "$work" && right "$out"
}
aria2_head() { aria2_ --dry-run=true "$work"; }
aria2_empty() { aria2_ -o out "$empty" && size "$out" 0; }

rclone_() { rclone --config /dev/null --retries 1 --low-level-retries 1 --timeout 60s --header "$auth" "$@"; }
file=${work#*://*/} # works/sha256:…
rclone_whole() { rclone_ copyurl "$work" "$out" && right "$out"; }
rclone_range() { # four ranges at once
  rclone_ copyto --multi-thread-cutoff 1M --multi-thread-streams 4 --http-url "${work%/works/*}/" ":http:$file" "$out" &&
    right "$out"
}
rclone_head() { rclone_ lsjson --stat --http-url "${work%/works/*}/" ":http:$file" | grep -q "\"Size\": *$length,"; }
rclone_empty() { rclone_ copyurl "$empty" "$out" && size "$out" 0; }

case $client in
  curl) acts="whole range resume conditional head empty upload" ;;
  wget) acts="whole range resume head empty upload" ;;
  aria2) acts="whole range resume head empty" ;;
  rclone) acts="whole range head empty" ;;
  *) exit 2 ;;
esac
for one in $acts; do
  case $one in
    head) act HEAD "${client}_head" ;;
    *) act "$one" "${client}_$one" ;;
  esac
done
