#include "gateway/cli/view.h"

#include <sysexits.h>

#include "gateway/cli/output.h"
#include "gateway/cli/setup.h"

int reader_open(const struct cli *cli, struct reader *r)
{
	struct err e;
	int code;

	*r = (struct reader){0};
	code = setup_config(cli, false, &r->config);
	if (code)
		return code;
	if (setup_ledger(r->config, &r->arena, &r->options, &e) ||
		ledger_view_open(&r->options, &r->view, &e))
		return out_complain_err(cli, &e);
	return 0;
}

void reader_close(struct reader *r)
{
	ledger_view_close(r->view);
	config_free(r->config);
	arena_deinit(&r->arena);
}

int reader_find_code(const struct cli *cli, enum ledger_find find, const char *id,
	const struct err *e)
{
	switch (find) {
	case LEDGER_FIND_OK:
		return 0;
	case LEDGER_FIND_NONE:
		out_complain(cli, "id.unknown", "the ledger has no '%s'", id);
		return EX_DATAERR;
	case LEDGER_FIND_FAULT:
		break;
	}
	return out_complain_err(cli, e);
}
