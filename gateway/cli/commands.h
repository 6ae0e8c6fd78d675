/* The commands' functions and options, for the table in command.c and for no one else.
 */
#pragma once

#include "gateway/cli/command.h"

int command_run(const struct cli *cli);
int command_check(const struct cli *cli);
int command_parse(const struct cli *cli);
int command_lint(const struct cli *cli);
int command_test(const struct cli *cli);
int command_ingest(const struct cli *cli);
int command_tasks(const struct cli *cli);
int command_task(const struct cli *cli);
int command_suggestion(const struct cli *cli);
int command_explain(const struct cli *cli);
int command_suggestions(const struct cli *cli);
int command_quarantine_list(const struct cli *cli);
int command_quarantine_show(const struct cli *cli);
int command_quarantine_replay(const struct cli *cli);
int command_quarantine_discard(const struct cli *cli);
int command_outbox(const struct cli *cli);
int command_dead_letter_list(const struct cli *cli);
int command_dead_letter_show(const struct cli *cli);
int command_dead_letter_replay(const struct cli *cli);
int command_dead_letter_discard(const struct cli *cli);
int command_sink_resume(const struct cli *cli);
int command_verify(const struct cli *cli);
int command_organs_list(const struct cli *cli);
int command_organs_find(const struct cli *cli);
int command_organs_import(const struct cli *cli);
int command_topology(const struct cli *cli);
int command_backup(const struct cli *cli);
int command_calendar(const struct cli *cli);
int command_calendar_add(const struct cli *cli);
int command_bench(const struct cli *cli);
int command_version(const struct cli *cli);
int command_help(const struct cli *cli);
