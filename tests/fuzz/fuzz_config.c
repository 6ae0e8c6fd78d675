/*
 * The configuration's door: the bytes are read as adapters.yaml, as organs.yaml and as
 * calendar.yaml. Whatever they are, the answer is a configuration or a complaint, and
 * every complaint has its place.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gateway/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory with a name of its own; -1 when the system gives none. */
static int file_of(const void *bytes, size_t n, char path[64])
{
	int fd = memfd_create("config", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	if (write(fd, bytes, n) == (ssize_t)n)
		return fd;
	close(fd);
	return -1;
}

static void load(const char *path)
{
	struct config_complaints complaints = {0};
	struct config *config = NULL;
	int result = config_load(path, "/nowhere", &config, &complaints);
	size_t errors = 0;

	for (size_t i = 0; i < complaints.list.n; i++) {
		const struct config_complaint *c = &complaints.list.at[i];

		assert(c->line > 0 && c->column > 0 && c->key[0] && c->message[0]);
		errors += !c->warning;
	}
	assert(result == 0 ? config && !errors : !config && errors);
	config_free(config);
	config_complaints_deinit(&complaints);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], main_path[64], text[256];
	int fd = file_of(data, size, path);

	if (fd < 0)
		return 0;
	load(path);

	int n = snprintf(text, sizeof(text), "site: H99\norgans: %s\ncalendar: %s\n",
		path, path);
	int main_fd = file_of(text, (size_t)n, main_path);

	if (main_fd >= 0) {
		load(main_path);
		close(main_fd);
	}
	close(fd);
	return 0;
}
