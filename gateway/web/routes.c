/* The table of what is served, and finding one's place in it. */
#include <stdio.h>
#include <string.h>

#include "gateway/web/exchange.h"

const struct route web_routes[] = {
	{"POST", "/in/{adapter}", in_begin, in_act},
	{"POST", "/queues/{queue}/pull", queues_begin, queues_act_pull},
	{"POST", "/queues/{queue}/ack", queues_begin, queues_act_ack},
	{"POST", "/queues/{queue}/reject", queues_begin, queues_act_reject},
	{"GET", "/livez", NULL, live_act},
	{"GET", "/readyz", monitor_begin, monitor_act},
	{"GET", "/metrics", monitor_begin, monitor_act},
};
const size_t web_routes_n = sizeof(web_routes) / sizeof(*web_routes);
_Static_assert(sizeof(web_routes) / sizeof(*web_routes) <= WEB_ROUTES_MAX, "too many");

bool web_route(size_t number, const char **ret_method, const char **ret_path)
{
	if (number >= web_routes_n)
		return false;
	*ret_method = web_routes[number].method;
	*ret_path = web_routes[number].path;
	return true;
}

/* Does @path fit @pattern? What stands for `{…}`, at least one byte, goes to @name. */
static bool fits(const char *pattern, const char *path, char name[WEB_NAME_MAX])
{
	while (*pattern) {
		if (*pattern == '{') {
			size_t n = strcspn(path, "/");

			if (!n || n >= WEB_NAME_MAX)
				return false;
			memcpy(name, path, n);
			name[n] = '\0';
			path += n;
			pattern = strchr(pattern, '}') + 1;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return !*path;
}

static bool serves(const struct route *route, const char *method)
{
	bool head = !strcmp(method, "HEAD") && !strcmp(route->method, "GET");

	return head || !strcmp(route->method, method);
}

void route_find(struct exchange *x, const char *method, const char *path)
{
	const struct route *other = NULL;

	for (size_t i = 0; i < web_routes_n; i++) {
		if (!fits(web_routes[i].path, path, x->name))
			continue;
		if (serves(&web_routes[i], method)) {
			x->route = i;
			return;
		}
		other = &web_routes[i];
	}
	if (!other) {
		reply_problem(&x->reply, PROBLEM_NOT_FOUND, "there is no such path");
		return;
	}
	reply_problem(
		&x->reply, PROBLEM_METHOD, "this path is served by %s", other->method);
	x->reply.allow = strcmp(other->method, "GET") ? other->method : "GET, HEAD";
}
