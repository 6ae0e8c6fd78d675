/*
 * SQLite's disk, made to fail: a VFS in front of the real one that counts every open,
 * write, sync and truncation, and fails one of them, or ends the process there. Each
 * file has a method table of its own, since SQLite gives journals another than
 * databases.
 */
#pragma once

#include <stdbool.h>

/* Put it in front of the default VFS, once a process. */
void fault_vfs_install(void);

/* The @n-th call from now on (1: the next) fails once with @code. */
void fault_vfs_fail_at(int n, int code);
/* The @n-th call from now on ends the process without doing anything. */
void fault_vfs_exit_at(int n);
/* All well again. Returns whether the fault was met. */
bool fault_vfs_calm(void);

enum { FAULT_VFS_EXIT = 77 };
