/*
 * From argv to a struct cli, by the table of commands. Global options may stand before
 * and after the command; `--name value` and `--name=value` are the same; `--` ends
 * them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/cli/command.h"

/* Fill @cli from the arguments after the program's name; its words point into @argv and
 * the array is the caller's to free. -1: ERR_USAGE, with the nearest name where one is
 * near. */
int arguments_parse(struct cli *cli, int argc, char **argv, struct err *e);

/* `congvan NAME ARGUMENTS [OPTIONS]` for people. */
void arguments_usage(const struct command *command, struct buf *out);

/* The one of @n names that @word most likely meant, NULL if none is near. */
const char *arguments_nearest(const char *word, const char *const *names, size_t n);

/* Is @word the first of several in @name? */
bool arguments_is_group(const char *name, const char *word);

/* The command of these words; @second may be NULL. *@ret_words says how many it took.
 */
const struct command *arguments_find_command(
	const char *first, const char *second, size_t *ret_words);
