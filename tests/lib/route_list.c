/* What the server serves, a line each: for the test that compares schemas/openapi.yaml.
 */
#include <stdio.h>

#include "gateway/web/web.h"

int main(void)
{
	const char *method, *path;

	for (size_t i = 0; web_route(i, &method, &path); i++)
		printf("%s %s\n", method, path);
	return 0;
}
