/* `run`: the gateway itself. All of it is gateway/flow; here it is only told what to
 * do. */
#include "gateway/cli/commands.h"
#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"

/* --now stops the clock: a day's work can be played again as of that day. */
static msec_t fixed_now(void *context)
{
	const struct cli *cli = context;

	return cli->now;
}

int command_run(const struct cli *cli)
{
	cleanup_config struct config *config = NULL;
	cleanup_arena struct arena arena = {0};
	struct cli clock = *cli;
	struct flow_options flow;
	struct err e;
	int code = setup_config(cli, true, &config);

	if (code)
		return code;
	if (setup_flow(config, &arena, &flow, &e))
		return out_complain_err(cli, &e);
	flow.once = cli_value(cli, "--once");
	if (cli->now_given) {
		flow.now = fixed_now;
		flow.now_context = &clock;
	}
	return flow_run(&flow, &e) ? out_complain_err(cli, &e) : 0;
}
