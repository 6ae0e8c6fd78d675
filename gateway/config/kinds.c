#include "gateway/config/kinds.h"

const struct adapter_kind *const adapter_kinds[] = {
	&kind_spool_source,
	&kind_spool_sink,
	&kind_amqp_source,
	&kind_amqp_sink,
	&kind_vxp_source,
	&kind_vxp_sink,
	&kind_http_sink,
	&kind_webhook_sink,
	&kind_http_poll_source,
	&kind_http_source,
};
_Static_assert(sizeof(adapter_kinds) / sizeof(*adapter_kinds) <= KINDS_MAX, "too many");
const size_t adapter_kinds_n = sizeof(adapter_kinds) / sizeof(*adapter_kinds);
