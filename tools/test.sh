# shellcheck shell=sh
# ./tallystick test [ROOM …] [-Dname=value …], sourced by the launcher: every test and check, or those of some rooms.

modules="protocol drafting sdk edge platform cli bench"

usage_rooms() {
  say "there is no room \"$1\"; there are"
  say "  modules: $modules"
  say "  rooms of the platform: $(cd "$root/platform/src/test/java/org/tallystick/platform" && find . -mindepth 2 -maxdepth 2 -name '*Test.java' | cut -d/ -f2 | sort -u | tr '\n' ' ')"
  say "  other packages: $(cd "$root" && find protocol edge cli bench platform -path '*/src/test/java/*Test.java' |
    sed 's|.*/src/test/java/org/tallystick/||; s|/[^/]*$||; s|/|.|g' | grep '\.' | grep -v '^platform\.[a-z]*$' | sort -u | tr '\n' ' ') house"
  exit 2
}

# Prints "module folder" of a room: a module, a room of the platform, or a package by its full name or its end.
find_room() {
  room=$(printf '%s\n' "$1" | tr . / | sed 's|^org/tallystick/||')
  for module in $modules; do
    if [ "$room" = "$module" ]; then
      echo "$module org/tallystick"
      return
    fi
  done
  for folder in "$root/platform/src/test/java/org/tallystick/platform/$room" \
    "$root"/*/src/test/java/org/tallystick/"$room" "$root"/*/src/test/java/org/tallystick/*/"$room" \
    "$root"/*/src/test/java/org/tallystick/*/*/"$room"; do
    if [ -d "$folder" ]; then
      module=${folder#"$root"/}
      module=${module%%/*}
      echo "$module ${folder#*/src/test/java/}"
      return
    fi
  done
  return 1
}

# Reads Maven's output: a line per test class as it ends, then a table by module, and the sum.
summarize() {
  awk -v only="$1" -v began="$2" -v packages="$root/cli/target/packages.txt" '
    function add(key, field,   part) {
      if (match($0, field ": [0-9]+")) {
        part = substr($0, RSTART + length(field) + 2, RLENGTH - length(field) - 2)
        sum[key] += part
        if (module != "") by[module, key] += part
      }
    }
    /^\[INFO\] Building Tallystick [a-z]/ {
      module = $4; order[++modules] = module; print "== " module; fflush(); next
    }
    /Tests run:.*Time elapsed/ {
      line = $0; sub(/^\[[A-Z]+\] */, "", line); print "   " line; fflush()
      add("run", "Tests run"); add("bad", "Failures"); add("bad", "Errors"); add("skipped", "Skipped")
      by[module, "classes"]++
      next
    }
    # What a failed test says, up to the first place in its trace.
    /^\[ERROR\].*<<< (FAILURE|ERROR)!$/ { failed = 1; says = 12; if (shown++ < 80) { print; fflush() } next }
    says > 0 && /^(\[(INFO|ERROR|WARNING)\]|$)/ { says = 0 }
    says > 0 { says = /^\tat / ? 0 : says - 1; if (shown++ < 80) { print "     " $0; fflush() } next }
    # The table that Maven prints at its end.
    /^\[INFO\] Tallystick .*(SUCCESS|FAILURE|SKIPPED)/ {
      name = $3
      for (i = 4; i <= NF; i++) if ($i == "SUCCESS" || $i == "FAILURE" || $i == "SKIPPED") result[name] = $i
      if (match($0, /\[ *[0-9.:]+ *(s|min|h)/)) {
        time[name] = substr($0, RSTART + 1, RLENGTH - 1); sub(/^ */, "", time[name])
      }
      if (result[name] == "SKIPPED") left = left " " name
      next
    }
    /^\[INFO\] Total time:/ { total = $4 " " $5 }
    /^\[ERROR\]/ { failed = 1; if (shown++ < 80) { print; fflush() } next }
    /^\[WARNING\].*\.java/ { if (shown++ < 80) { print; fflush() } next }
    /TALLYSTICK-MAVEN-FAILED/ { failed = 1 }
    END {
      printf "\n%-12s %12s %8s %8s %8s   %s\n", "module", "test classes", "tests", "failed", "skipped", "time"
      for (i = 1; i <= modules; i++) {
        name = order[i]
        if (name == "Tallystick" || (only != "" && index(" " only " ", " " name " ") == 0)) continue
        printf "%-12s %12d %8d %8d %8d   %s%s\n", name, by[name, "classes"], by[name, "run"], by[name, "bad"], \
          by[name, "skipped"], (name in time) ? time[name] : total, result[name] == "FAILURE" ? "   BROKEN, see above" : ""
      }
      if (left != "") print "== not tested, because what it stands on does not build:" left
      if (!failed && sum["run"] == 0) { print "== no test ran"; failed = 1 }
      while ((getline line < packages) > 0) print line
      "date +%s" | getline now
      printf "== %d s in all\n", now - began
      printf "== %d tests, %d failed, %d skipped: %s\n", sum["run"], sum["bad"], sum["skipped"], \
        failed || sum["bad"] ? "FAILED" : "passed"
      exit failed || sum["bad"] ? 1 : 0
    }'
}

# Formatter first, by itself: a file out of format must not keep a module, or what stands on it, from being tested.
run_maven_tests() {
  if [ -n "$everything" ]; then
    run_maven --fail-at-end spotless:check || printf '%s\n' 'TALLYSTICK-MAVEN-FAILED'
    run_maven --fail-at-end -Dspotless.check.skip=true -Dmaven.test.failure.ignore=true verify "$@" ||
      printf '%s\n' 'TALLYSTICK-MAVEN-FAILED'
  else
    run_maven -Dmaven.test.failure.ignore=true test "$@" || printf '%s\n' 'TALLYSTICK-MAVEN-FAILED'
  fi
}

main() {
  mkdir -p "$state" || die "cannot write to $state"
  log=$state/test.log
  projects=
  patterns=
  everything=yes
  while [ $# -gt 0 ]; do
    case $1 in
      -*) break ;;
    esac
    found=$(find_room "$1") || usage_rooms "$1"
    everything=
    projects=${projects:+$projects,}${found%% *}
    for folder in $(cd "$root/${found%% *}/src/test/java" && find "${found#* }" -name '*Test.java' | sed 's|/[^/]*$||' | sort -u); do
      patterns=${patterns:+$patterns,}$folder/*Test
    done
    shift
  done
  if [ -n "$everything" ]; then
    say "testing every module: formatter, compiler gates, tests; in test classes:$(for module in $modules; do
      printf ' %s %s' "$module" "$(find "$root/$module/src/test/java" -name '*Test.java' | wc -l | tr -d ' ')"
    done)"
  else
    say "testing $(printf '%s' "$patterns" | sed 's|/\*Test||g; s|/|.|g; s|,|, |g') alone"
    set -- -pl "$projects" -am "-Dtest=$patterns" -Dsurefire.failIfNoSpecifiedTests=false "$@"
  fi
  say "the full output goes to $log"
  rm -f "$root/cli/target/packages.txt"
  began=$(date +%s)
  run_maven_tests "$@" 2>&1 | tee "$log" | summarize "$(printf '%s' "$projects" | tr , ' ')" "$began"
}
