#include "adapters/url_path.h"

#include <string.h>
#include <strings.h>

/* One or two dots and nothing else, written as they are or escaped. */
static bool is_dots(const char *part, size_t n)
{
	const char *end = part + n;
	int dots = 0;

	for (; part < end; dots++) {
		if (*part == '.')
			part++;
		else if (end - part >= 3 && !strncasecmp(part, "%2e", 3))
			part += 3;
		else
			return false;
	}
	return dots == 1 || dots == 2;
}

bool url_path_climbs(const char *path)
{
	for (const char *at = path; *at == '/';) {
		size_t n = strcspn(++at, "/?#");

		if (is_dots(at, n))
			return true;
		at += n;
	}
	return false;
}

bool url_climbs(const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	return url_path_climbs(host + strcspn(host, "/?#"));
}
