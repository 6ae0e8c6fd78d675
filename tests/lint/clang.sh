#!/usr/bin/env bash
# The lints that need clang: `format` (layout is .clang-format's), `tidy BUILD` (bugs, with
# .clang-tidy and that build's compile commands), `selftest` (both find what they are for).
set -euo pipefail
cd "$(dirname "$0")/../.."

format() {
	local file status=0

	while IFS= read -rd '' file; do
		clang-format --dry-run -Werror "$file" 2>/dev/null && continue
		echo "$file: not as .clang-format lays it out; run ./dev format"
		status=1
	done < <(find gateway queue adapters tests -path tests/lint -prune -o -name '*.[ch]' -print0)
	return "$status"
}

# Product code only: cmocka's fail() does not tell the analyzer that it never returns.
# One file at a time: clang-tidy 14 sees va_list bugs that are not there in the second.
tidy() {
	local build=$1 words

	[ -f "$build/compile_commands.json" ] || {
		echo "clang.sh: $build is not a build folder; run ./dev build first" >&2
		return 1
	}
	words=$(find gateway queue adapters -name '*.c' -print0 |
		xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p "$build" 2>&1) || {
		grep -E ' (error|warning): ' <<<"$words" | sort -u || printf '%s\n' "$words"
		return 1
	}
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
