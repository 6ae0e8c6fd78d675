#!/bin/sh
# A private RabbitMQ for one test run: loopback only, ports of its own, plain and TLS, the
# management plugin, everything in one folder, no need to be root. It is killed, not
# stopped: nothing in it is kept.
#
#   broker.sh start FOLDER    start it there; FOLDER/env then has the variables to use
#   broker.sh stop FOLDER     end it and remove FOLDER
set -eu

server=/usr/lib/rabbitmq/bin/rabbitmq-server # the one in /usr/sbin wants to be root
here=$(cd "$(dirname "$0")" && pwd)

fail()
{
	echo "broker.sh: $*" >&2
	exit 1
}

# An authority of its own, and what it says of 127.0.0.1.
certificates()
{
	(
		cd "$1"
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
			-keyout ca.key -out ca.pem -days 2 -subj "/CN=congvan tests"
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
			-keyout server.key -out server.csr -subj "/CN=127.0.0.1"
		echo "subjectAltName=DNS:localhost,IP:127.0.0.1" >server.ext
		openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
			-days 2 -extfile server.ext -out server.pem
	) >"$1/openssl.log" 2>&1 || fail "openssl made no certificates: $(cat "$1/openssl.log")"
}

start()
{
	[ -x "$server" ] || fail "no $server: install rabbitmq-server"
	mkdir -p "$1"
	folder=$(cd "$1" && pwd)
	read -r amqp amqps management dist epmd <<-PORTS
		$(python3 "$here/broker.py" ports 5 | tr '\n' ' ')
	PORTS
	certificates "$folder"

	cat >"$folder/rabbitmq.conf" <<-CONF
		listeners.tcp.1 = 127.0.0.1:$amqp
		vm_memory_high_watermark.absolute = 1GB
		disk_free_limit.absolute = 1MB
		log.file.level = warning
		log.console = false
		management.tcp.ip = 127.0.0.1
		management.tcp.port = $management
		listeners.ssl.1 = 127.0.0.1:$amqps
		ssl_options.cacertfile = $folder/ca.pem
		ssl_options.certfile = $folder/server.pem
		ssl_options.keyfile = $folder/server.key
		ssl_options.verify = verify_none
	CONF
	: >"$folder/env.conf"
	echo '[rabbitmq_management].' >"$folder/plugins"
	mkdir -p "$folder/home" "$folder/log" "$folder/data" "$folder/schema"

	export HOME="$folder/home" LANG=C.UTF-8 LC_ALL=C.UTF-8
	export RABBITMQ_CONF_ENV_FILE="$folder/env.conf"
	export RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf"
	export RABBITMQ_NODENAME="congvan$amqp@localhost"
	export RABBITMQ_MNESIA_BASE="$folder/data" RABBITMQ_LOG_BASE="$folder/log"
	export RABBITMQ_GENERATED_CONFIG_DIR="$folder/schema"
	export RABBITMQ_SCHEMA_DIR="$folder/schema"
	export RABBITMQ_PID_FILE="$folder/server.pid"
	export RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins"
	export RABBITMQ_FEATURE_FLAGS_FILE="$folder/feature_flags"
	export RABBITMQ_DIST_PORT="$dist" ERL_EPMD_PORT="$epmd" ERL_EPMD_ADDRESS=127.0.0.1
	export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
	export RABBITMQ_ALLOW_INPUT=1 # the script becomes the server: one process to end

	cd "$folder"
	setsid epmd -address 127.0.0.1 -port "$epmd" </dev/null >"$folder/epmd.log" 2>&1 &
	echo $! >"$folder/epmd.pid"
	setsid "$server" -noinput </dev/null >"$folder/server.log" 2>&1 &
	echo $! >"$folder/broker.pid"
	if ! python3 "$here/broker.py" wait "$amqp" "$management" "$!" 90; then
		tail -n 30 "$folder/server.log" "$folder"/log/*.log >&2 || :
		stop "$folder"
		fail "RabbitMQ did not come up"
	fi
	cat >"$folder/env" <<-ENV
		CONGVAN_TEST_AMQP_URL=amqp://guest@127.0.0.1:$amqp/
		CONGVAN_TEST_AMQP_PASSWORD=guest
		CONGVAN_TEST_AMQPS_URL=amqps://guest@localhost:$amqps/
		CONGVAN_TEST_CA_FILE=$folder/ca.pem
		CONGVAN_TEST_MANAGEMENT_URL=http://127.0.0.1:$management
		CONGVAN_TEST_AMQP_PID=$(cat "$folder/broker.pid")
	ENV
}

stop()
{
	for name in broker epmd; do
		[ -f "$1/$name.pid" ] || continue
		kill -KILL "$(cat "$1/$name.pid")" 2>/dev/null || :
	done
	# It may write a last file while it dies.
	rm -rf "$1" 2>/dev/null || rm -rf "$1"
}

case "${1-} ${2-}" in
"start "?*) start "$2" ;;
"stop "?*) stop "$2" ;;
*) fail "usage: broker.sh start|stop FOLDER" ;;
esac
