/* `check`: the configuration, and with --connect whether each peer answers. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "gateway/base/json.h"
#include "gateway/base/mem.h"
#include "gateway/base/shown.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"

MEM_CLEANUP(queue, struct queue, queue_close)

/* One peer and what it said. */
struct probe {
	const char *adapter, *peer;
	bool ok;
	char message[512];
};

static void fail_probe(struct probe *probe, const char *message)
{
	probe->ok = false;
	snprintf(probe->message, sizeof(probe->message), "%s", message);
}

static void probe_queue(struct probe *probe, const struct queue_options *options)
{
	cleanup(queue) struct queue *queue = NULL;
	struct err e;

	if (queue_open(options, &queue, &e))
		fail_probe(probe, e.text);
}

/* Can @path, which is not there, be made in the nearest folder above it that is? */
static bool can_be_made(const char *path)
{
	cleanup_free char *copy = mem_dup(path);
	const char *above = dirname(copy);

	while (access(above, F_OK) && errno == ENOENT)
		above = dirname(copy);
	return !access(above, W_OK | X_OK);
}

/* The folder can be written, or (not there yet) made. */
static void probe_folder(struct probe *probe, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISDIR(st.st_mode))
		fail_probe(probe, "it is no folder");
	else if (!access(path, R_OK | W_OK | X_OK))
		return;
	else if (errno != ENOENT)
		fail_probe(probe, strerror(errno));
	else if (!can_be_made(path))
		fail_probe(probe, "it is not there and cannot be made");
	else
		snprintf(probe->message, sizeof(probe->message),
			"not there yet; it is made when needed");
}

static void probe_adapter(const struct config *config,
	const struct config_adapter *adapter, struct probe *probe)
{
	struct queue_options peer = setup_peer(config, adapter);

	switch (adapter->type) {
	case ADAPTER_SPOOL:
		probe->peer = adapter->path;
		probe_folder(probe, adapter->path);
		return;
	case ADAPTER_AMQP:
		probe->peer = peer.url;
		probe_queue(probe, &peer);
		return;
	case ADAPTER_HTTP:
	case ADAPTER_HTTP_POLL:
	case ADAPTER_VXP:
	case ADAPTER_WEBHOOK:
		break;
	}
	fail_probe(probe, "this program has no such type");
}

static void probe_ledger_queue(const struct config *config, struct probe *probe)
{
	struct queue_options queue = setup_queue(config);

	if (config->queue.is_amqp) {
		probe->peer = queue.url;
		probe_queue(probe, &queue);
	} else {
		probe->peer = config->data;
		probe_folder(probe, config->data);
	}
}

static void print_probe(const struct probe *probe)
{
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	json_open(&j, '{');
	json_put_text(&j, "adapter", probe->adapter);
	json_put_text(&j, "peer", probe->peer);
	json_key(&j, "ok");
	json_bool(&j, probe->ok);
	json_put_text(&j, "message", *probe->message ? probe->message : NULL);
	json_close(&j, '}');
	out_line(&line);
}

static int connect_all(const struct cli *cli, const struct config *config)
{
	cleanup_table struct table table = {
		.headings = {"adapter", "peer", "ok", "message"}};
	int code = 0;

	for (size_t i = 0; i <= config->adapters_n; i++) {
		const struct config_adapter *adapter =
			i ? &config->adapters[i - 1] : NULL;
		struct probe probe = {
			.adapter = adapter ? adapter->name : SETUP_QUEUE_SINK,
			.ok = true};

		if (adapter)
			probe_adapter(config, adapter, &probe);
		else
			probe_ledger_queue(config, &probe);
		if (!probe.ok)
			code = EX_UNAVAILABLE;
		if (cli->json) {
			print_probe(&probe);
			continue;
		}
		table_add(&table, probe.adapter, 0);
		table_add(&table, probe.peer, 0);
		table_add(&table, probe.ok ? "yes" : "no", 0);
		table_add(&table, *probe.message ? probe.message : NULL, 0);
	}
	if (!cli->json)
		table_print(&table);
	return code;
}

static void print_summary(const struct cli *cli, const struct config *config)
{
	cleanup_arena struct arena arena = {0};
	size_t organs = organ_table_size(config->organs);
	cleanup_buf struct buf line = {0};
	struct json j = {.out = &line};

	if (cli->json) {
		json_open(&j, '{');
		json_put_text(&j, "file", config->file);
		json_key(&j, "ok");
		json_bool(&j, true);
		json_put_text(&j, "site", config->site);
		json_put_int(&j, "adapters", (int64_t)config->adapters_n);
		json_put_int(&j, "organs", (int64_t)organs);
		json_close(&j, '}');
		out_line(&line);
	} else {
		out_text("%s: no errors; %zu adapter%s, %zu organ%s",
			shown_text(&arena, config->file, 0), config->adapters_n,
			config->adapters_n == 1 ? "" : "s", organs,
			organs == 1 ? "" : "s");
	}
}

int command_check(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	struct flow_options flow;
	struct err e;
	int code = setup_config(cli, true, &config);

	if (code)
		return code;
	/* What only `run` would refuse is told here as well. */
	if (setup_flow(config, &arena, &flow, &e))
		return out_complain_err(cli, &e);
	print_summary(cli, config);
	return cli_value(cli, "--connect") ? connect_all(cli, config) : 0;
}
