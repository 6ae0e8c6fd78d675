/*
 * `topology`: what there is at the broker and who may do what, as RabbitMQ definitions;
 * with --apply declared there by its management plugin, or, with the embedded queue,
 * made in its file.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "adapters/amqp_source.h"
#include "adapters/http_client.h"
#include "adapters/queue_sink.h"
#include "gateway/base/base64.h"
#include "gateway/base/mem.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/render.h"
#include "gateway/cli/setup.h"
#include "queue/topology.h"

MEM_CLEANUP(http, struct http_client, http_client_close)

/* The organs that have a queue are the queue sink's; who has a password is written in
 * `agencies:`, which then lists the same ones. */
static const struct topology_agency *agencies_of(
	const struct config *config, struct arena *arena, size_t *ret_n)
{
	const struct queue_sink_options *sink = config->queue.sink;
	struct topology_agency *rows =
		arena_alloc(arena, (sink->organs_n + 1) * sizeof(*rows));

	for (size_t i = 0; i < sink->organs_n; i++) {
		rows[i].organ = sink->organs[i];
		if (config->agencies_n)
			rows[i].password = config->agencies[i].password;
	}
	*ret_n = sink->organs_n;
	return rows;
}

/* The queues that amqp sources at this broker take from. */
static const char *const *inbound_of(
	const struct config *config, struct arena *arena, size_t *ret_n)
{
	const char **names =
		arena_alloc(arena, (config->adapters_n + 1) * sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < config->adapters_n; i++) {
		const struct config_adapter *a = &config->adapters[i];
		const struct amqp_source_options *source = a->options;

		if (a->source == &amqp_source_ops &&
			!strcmp(source->queue.url, config->queue.url))
			names[n++] = source->name;
	}
	*ret_n = n;
	return names;
}

static int write_definitions(
	const struct config *config, struct buf *out, struct err *e)
{
	const struct queue_sink_options *sink = config->queue.sink;
	cleanup_arena struct arena arena = {0};
	struct topology topology = {.queue = &sink->queue};

	topology.agencies = agencies_of(config, &arena, &topology.agencies_n);
	topology.inbound = inbound_of(config, &arena, &topology.inbound_n);
	return topology_write(&topology, out, e);
}

/* "Basic …" for the management plugin's user. */
static void authorize(const struct config_queue *queue, struct buf *out)
{
	cleanup_buf struct buf pair = {0};

	buf_printf(&pair, "%s:%s", queue->management_user, queue->management_password);
	buf_add_text(out, "Basic ");
	base64_add(out, pair.data, pair.n);
	explicit_bzero(pair.data, pair.n);
}

/* What the plugin says of definitions that do not fit what is there. */
static int add_reason(const struct http_response *response, struct err *e)
{
	cleanup_buf struct buf body = {0};
	const char *reason = NULL;

	buf_add(&body, response->body.at, response->body.n);
	cleanup_rendered struct rendered *answer = rendered_new(&body);

	if (answer)
		reason = rendered_text(answer, "reason");
	return reason ? err_set(e, ERR_CONFIG,
				"management: the broker does not take "
				"the definitions: %s",
				reason)
		      : -1;
}

/* Hand the definitions to the management plugin; it takes them whole or says why not.
 */
static int import(
	const struct config *config, const struct buf *definitions, struct err *e)
{
	cleanup(http) struct http_client *client = NULL;
	cleanup_buf struct buf url = {0}, authorization = {0};
	const char *base = config->queue.management_url;
	size_t n = strlen(base);
	struct http_header headers[] = {
		{"Authorization", NULL},
		{"Content-Type", "application/json"},
	};
	struct http_response response;

	if (http_client_open(
		    &(struct http_client_options){
			    .ca_file = config->queue.management_ca},
		    &client, e) < 0)
		return -1;
	buf_printf(&url, "%.*s/api/definitions",
		(int)(n && base[n - 1] == '/' ? n - 1 : n), base);
	authorize(&config->queue, &authorization);
	headers[0].value = buf_text(&authorization);
	struct http_request request = {
		.method = "POST",
		.url = buf_text(&url),
		.headers = headers,
		.headers_n = 2,
		.body = {definitions->data, definitions->n},
	};
	enum http_outcome outcome = http_client_do(client, &request, &response, e);

	explicit_bzero(authorization.data, authorization.n);
	if (outcome != HTTP_ANSWERED)
		return err_wrap(e, "management");
	if (response.status / 100 == 2)
		return 0;
	http_response_fault(&response, e);
	err_wrap(e, "management");
	return response.status == 400 ? add_reason(&response, e) : -1;
}

/* Opening the sink makes every agency's queue; its file is in the data folder, which
 * may be made before `run` makes it. */
static int make_embedded(const struct config *config, struct err *e)
{
	void *sink = NULL;

	if (mkdir(config->data, 0700) != 0 && errno != EEXIST)
		return err_errno(e, "%s", config->data);
	if (queue_sink_ops.open(config->queue.sink, &sink, e) < 0)
		return -1;
	queue_sink_ops.close(sink);
	return 0;
}

static int apply(
	const struct config *config, const struct buf *definitions, struct err *e)
{
	if (!config->queue.is_amqp)
		return make_embedded(config, e);
	if (!config->queue.management_url)
		return err_set(e, ERR_CONFIG,
			"queue.management_url is missing: users and permissions are "
			"declared by the broker's management plugin (or import what "
			"`congvan topology` prints with rabbitmqctl)");
	return import(config, definitions, e);
}

/* The embedded queue has no users; its queues, for those who look. */
static void print_embedded(const struct cli *cli, const struct config *config)
{
	const struct queue_sink_options *sink = config->queue.sink;
	cleanup_table struct table table = {.headings = {"queue", "receives"}};

	for (size_t i = 0; i < sink->organs_n; i++) {
		cleanup_buf struct buf name = {0}, pattern = {0}, line = {0};
		struct json j = {.out = &line};

		topology_agency_queue(&name, sink->organs[i]);
		topology_agency_pattern(&pattern, sink->organs[i]);
		if (cli->json) {
			json_open(&j, '{');
			json_put_text(&j, "queue", buf_text(&name));
			json_put_text(&j, "receives", buf_text(&pattern));
			json_close(&j, '}');
			out_line(&line);
			continue;
		}
		table_add(&table, buf_text(&name), 0);
		table_add(&table, buf_text(&pattern), 0);
	}
	if (!cli->json)
		table_print(&table);
}

static void say_applied(const struct cli *cli, const struct config *config)
{
	const struct queue_sink_options *sink = config->queue.sink;
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	if (!cli->json) {
		out_text(
			"declared: %zu agency queue%s, each with its dead-letter queue",
			sink->organs_n, sink->organs_n == 1 ? "" : "s");
		return;
	}
	json_open(&j, '{');
	json_put_int(&j, "agencies", (int64_t)sink->organs_n);
	json_key(&j, "applied");
	json_bool(&j, true);
	json_close(&j, '}');
	out_line(&line);
}

int command_topology(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_buf struct buf definitions = {0};
	struct err e;
	int code = setup_config(cli, false, &config);

	if (code)
		return code;
	if (config->queue.is_amqp && write_definitions(config, &definitions, &e) < 0)
		return out_complain_err(cli, &e);
	if (cli_value(cli, "--apply")) {
		if (apply(config, &definitions, &e) < 0)
			return out_complain_err(cli, &e);
		say_applied(cli, config);
	} else if (config->queue.is_amqp) {
		rendered_show_json(cli, &definitions);
	} else {
		print_embedded(cli, config);
	}
	return 0;
}
