#!/usr/bin/env bash
# The lints that need clang: `format` (layout is .clang-format's), `tidy BUILD` (bugs, with
# .clang-tidy and that build's compile commands), `selftest` (both find what they are for).
set -euo pipefail
cd "$(dirname "$0")/../.."

# Every C file but the lints' own bad examples.
sources() {
	find gateway queue adapters tests -path tests/lint -prune -o "$@" -print0 | sort -z
}

format() {
	sources -name '*.[ch]' | xargs -0 clang-format --dry-run -Werror
}

# One file at a time: clang-tidy 14 sees va_list bugs that are not there in the second.
tidy() {
	local build=$1 log status=0

	[ -f "$build/compile_commands.json" ] || {
		echo "clang.sh: $build is not a build folder; run ./dev build first" >&2
		return 1
	}
	log=$(mktemp)
	sources -name '*.c' |
		xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p "$build" >"$log" 2>&1 || status=1
	[ "$status" = 0 ] || grep -v ' warnings\? generated\.$' "$log" >&2
	rm -f "$log"
	return "$status"
}

must_find() {
	local what=$1

	shift
	if "$@" >/dev/null 2>&1; then
		echo "clang.sh: the bad example of $what passed" >&2
		return 1
	fi
}

selftest() {
	must_find layout clang-format --dry-run -Werror tests/lint/clang/layout.c
	must_find bugs clang-tidy --quiet tests/lint/clang/bug.c -- -std=c17
	clang-format --dry-run -Werror tests/lint/clang/bug.c
	clang-tidy --quiet tests/lint/clang/layout.c -- -std=c17 2>/dev/null
}

case "${1-}" in
format | tidy | selftest) "$@" ;;
*)
	echo 'usage: tests/lint/clang.sh format | tidy BUILD | selftest' >&2
	exit 64
	;;
esac
