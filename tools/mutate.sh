# shellcheck shell=sh
# ./tallystick mutate ROOM …|all [--json], sourced by the launcher: PIT changes the classes of a room one instruction at a
# time and runs the room's tests against each change (a mutant). What no test notices has survived. See docs/testing.md.

# Room, module, classes to change, tests to run. Tests are narrowed so that a room takes minutes.
rooms='
pricing    protocol org.tallystick.protocol.pricing.*            org.tallystick.protocol.pricing.*
statement  protocol org.tallystick.protocol.statement.PaperVerifier*,org.tallystick.protocol.statement.StatementRules*,org.tallystick.protocol.statement.InvoiceRules* org.tallystick.protocol.statement.*
usage      protocol org.tallystick.protocol.usage.*              org.tallystick.protocol.usage.*,org.tallystick.protocol.statement.Usage*Test
rating     platform org.tallystick.platform.rating.*             org.tallystick.platform.rating.*
fold       platform org.tallystick.platform.metering.fold.*      org.tallystick.platform.metering.fold.*
ledger     platform org.tallystick.platform.ledger.*             org.tallystick.platform.ledger.Ledger*Test
closing    platform org.tallystick.platform.settlement.closing.* org.tallystick.platform.settlement.closing.*
token-gate edge     org.tallystick.edge.*TokenGate*              org.tallystick.edge.*TokenGate*Test,org.tallystick.edge.*RefusalTest,org.tallystick.edge.*RegionTest,org.tallystick.edge.*StolenKeyTest
'
least=85

names() {
  printf '%s\n' "$rooms" | awk 'NF { printf "%s ", $1 }'
}

# PIT ends its test processes without their shutdown hooks, so a PostgreSQL of theirs stays behind, with process 1 as its
# parent; one that a running test uses has that test as its parent.
stop_orphans() {
  for lock in "$root"/*/target/test-databases/postgres-*/pgdata/postmaster.pid; do
    [ -f "$lock" ] || continue
    server=$(head -n 1 "$lock")
    [ "$(ps -o ppid= -p "$server" 2>/dev/null | tr -d ' ')" = 1 ] && kill -INT "$server" 2>/dev/null
  done
  return 0
}

# Runs PIT on one room and leaves its report in .tallystick/mutate/ROOM.xml.
mutate_room() {
  row=$(printf '%s\n' "$rooms" | awk -v room="$1" '$1 == room')
  # shellcheck disable=SC2086 # the columns of the row
  set -f && set -- $row && set +f
  report=$root/$2/target/pit-reports/mutations.xml
  rm -f "$report"
  run_maven -Pmutation -pl "$2" -am test-compile org.pitest:pitest-maven:mutationCoverage \
    "-DtargetClasses=$3" "-DtargetTests=$4" >"$reports/$1.log" 2>&1
  stop_orphans
  if [ ! -s "$report" ]; then
    grep -E '^\[ERROR\]|SEVERE' "$reports/$1.log" | head -n 20 >&2
    die "no report for $1; all of the output is in $reports/$1.log"
  fi
  cp "$report" "$reports/$1.xml"
}

# One row a room: room, mutants, killed, how many of these because a test ran far too long, percent, seconds. Its survivors go
# to ROOM.survivors, to be listed below the table; what no test reaches is a survivor. On a busy machine "by time" may be
# untrue, so the row says what the percent would be without.
read_report() {
  awk -v room="$1" -v seconds="$2" -v json="$json" -v least="$least" -v list="$reports/$1.survivors" '
    function tag(name,   text) {
      if (!match($0, "<" name ">[^<]*<")) return ""
      text = substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 3)
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "\\&", text)
      return text
    }
    function share(part) { return all ? int(part * 1000 / all) / 10 : 0 }
    /<mutation / {
      all++
      if ($0 ~ /TIMED_OUT/) slow++
      if ($0 ~ /detected=.true./) { killed++; next }
      type = tag("mutatedClass"); sub(/^org\.tallystick\./, "", type)
      mutator = tag("mutator"); sub(/.*\./, "", mutator)
      lines[++left] = type ":" tag("lineNumber") " " tag("mutatedMethod")
      kinds[left] = mutator ($0 ~ /NO_COVERAGE/ ? " (no test comes here)" : "")
    }
    END {
      if (json) {
        printf "{\"room\":\"%s\",\"mutants\":%d,\"killed\":%d,\"by_time\":%d,\"percent\":%s,\"percent_without_time\":%s,\"seconds\":%d,\"survivors\":[", \
          room, all, killed, slow, share(killed), share(killed - slow), seconds
        for (i = 1; i <= left; i++) printf "%s{\"at\":\"%s\",\"mutator\":\"%s\"}", (i > 1 ? "," : ""), lines[i], kinds[i]
        print "]}"
      } else {
        printf "%-12s %8d %8d %9d %7.1f %% %8d s%s\n", room, all, killed, slow, share(killed), seconds, \
          (slow ? sprintf("   %.1f %% without those by time", share(killed - slow)) : "")
        printf "" >list
        for (i = 1; i <= left; i++) printf "%-12s %s  %s\n", room, lines[i], kinds[i] >list
      }
      exit share(killed) < least
    }' "$reports/$1.xml"
}

main() {
  json=
  wanted=
  for word in "$@"; do
    case $word in
      --json) json=yes ;;
      all) wanted=$(names) ;;
      *)
        case " $(names)" in
          *" $word "*) wanted="$wanted $word" ;;
          *)
            say "there is no room \"$word\" to mutate; there are: $(names)all"
            exit 2
            ;;
        esac
        ;;
    esac
  done
  [ -n "$wanted" ] || {
    say "usage: tallystick mutate ROOM …|all [--json]; rooms: $(names)"
    exit 2
  }
  reports=$state/mutate
  mkdir -p "$reports" || die "cannot write to $state"
  result=0
  [ -n "$json" ] || printf '%-12s %8s %8s %9s %9s %10s\n' room mutants killed 'by time' percent time
  for room in $wanted; do
    [ -n "$json" ] || say "mutating $room; output goes to $reports/$room.log"
    began=$(date +%s)
    mutate_room "$room"
    read_report "$room" $(($(date +%s) - began)) || result=1
  done
  if [ -z "$json" ]; then
    printf '\nsurvivors, see docs/testing.md:\n'
    for room in $wanted; do cat "$reports/$room.survivors"; done
  fi
  [ "$result" = 0 ] || say "below $least % of mutants killed"
  exit "$result"
}
