/* libmicrohttpd alone, as `bench http` meets it: it reads the body and answers. */
#include "gateway/cli/bench_http.h"

#include <microhttpd.h>
#include <signal.h>
#include <string.h>

#include "gateway/cli/bench.h"

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
	const char *path, const char *method, const char *version, const char *bytes,
	size_t *n, void **request)
{
	static char seen;
	static char text[] = "{\"outcome\":\"applied\"}";

	(void)context, (void)path, (void)method, (void)version, (void)bytes;
	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	if (*n) {
		*n = 0;
		return MHD_YES;
	}
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), text, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result = MHD_queue_response(connection, 202, response);

	MHD_destroy_response(response);
	return result;
}

int bench_http_bare(int listener, struct err *e)
{
	sigset_t end;
	int number;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0,
		NULL, NULL, answer, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
		MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_END);

	if (!daemon)
		return err_set(e, ERR_UNAVAILABLE, "libmicrohttpd does not start");
	sigwait(&end, &number);
	MHD_stop_daemon(daemon);
	return 0;
}
