#!/bin/sh
# Run a command with a private RabbitMQ beside it, which always goes away again:
#   tests/lib/with_broker.sh meson test -C build
# The command finds it by CONGVAN_TEST_AMQP_URL and CONGVAN_TEST_AMQP_PASSWORD.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/congvan-broker-XXXXXX")
trap '"$here/broker.sh" stop "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

"$here/broker.sh" start "$folder"
set -a
. "$folder/env"
set +a
status=0
"$@" || status=$?
exit "$status"
