#include "tests/lib/fake_http_process.h"

#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

static void spawn_with_pipes(struct fake_http *fake, char *const *words)
{
	posix_spawn_file_actions_t actions;
	int to[2], from[2];

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, to[0], 0);
	posix_spawn_file_actions_adddup2(&actions, from[1], 1);
	assert_int_equal(
		posix_spawnp(&fake->pid, words[0], &actions, NULL, words, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(to[0]);
	close(from[1]);
	fake->in = fdopen(to[1], "w");
	fake->out = fdopen(from[0], "r");
}

void fake_http_start(struct fake_http *fake, struct scratch *s, const char *json,
	const char *certificate, bool ask_client)
{
	const char *source = getenv("CONGVAN_SOURCE");
	char *program = arena_printf(
		&s->arena, "%s/tests/lib/fake_http.py", source ? source : ".");
	char *words[] = {arena_dup(&s->arena, "python3"), program,
		arena_dup(&s->arena, scratch_path(s, "case.json")),
		arena_dup(&s->arena, "--folder"),
		arena_dup(&s->arena, scratch_path(s, "tls")),
		arena_dup(&s->arena, certificate),
		ask_client ? arena_dup(&s->arena, "client") : NULL, NULL};

	*fake = (struct fake_http){0};
	scratch_write(s, "case.json", json);
	spawn_with_pipes(fake, words);
	assert_int_equal(fscanf(fake->out, "%127s %127s %127s", fake->url,
				 fake->ca_file, fake->client_file),
		3);
}

void fake_http_stop(struct fake_http *fake)
{
	char complaints[4096];
	int status;

	fclose(fake->in);
	assert_int_equal(fscanf(fake->out, " requests %d connections %d ",
				 &fake->requests, &fake->connections),
		2);
	size_t n = fread(complaints, 1, sizeof(complaints) - 1, fake->out);

	complaints[n] = '\0';
	fclose(fake->out);
	assert_int_equal(waitpid(fake->pid, &status, 0), fake->pid);
	assert_string_equal(complaints, "");
	assert_int_equal(status, 0);
}
