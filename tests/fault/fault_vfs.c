#include "tests/fault/fault_vfs.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

struct fault_file {
	sqlite3_file base;
	sqlite3_io_methods methods; /* its own: only what the real file can do */
	sqlite3_file *real;         /* in the bytes that follow */
};

static struct {
	int countdown; /* 0: all is well */
	int code;      /* 0: end the process */
	bool met;
} plan;

static sqlite3_vfs *below;
static sqlite3_vfs shim;

void fault_vfs_fail_at(int n, int code)
{
	plan.countdown = n;
	plan.code = code;
	plan.met = false;
}

void fault_vfs_exit_at(int n)
{
	fault_vfs_fail_at(n, SQLITE_OK);
}

bool fault_vfs_calm(void)
{
	plan.countdown = 0;
	return plan.met;
}

/* Is it this call's turn? Then the result code it fails with, else SQLITE_OK. */
static int turn(void)
{
	if (plan.countdown == 0 || --plan.countdown > 0)
		return SQLITE_OK;
	if (plan.code == SQLITE_OK)
		_exit(FAULT_VFS_EXIT);
	plan.met = true;
	return plan.code;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct fault_file *)(void *)file)->real;
}

#define REAL(file) (real_of(file)->pMethods)

static int file_close(sqlite3_file *f)
{
	return REAL(f)->xClose(real_of(f));
}

static int file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return REAL(f)->xRead(real_of(f), to, n, at);
}

static int file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	int code = turn();

	return code ? code : REAL(f)->xWrite(real_of(f), from, n, at);
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int code = turn();

	return code ? code : REAL(f)->xTruncate(real_of(f), size);
}

static int file_sync(sqlite3_file *f, int flags)
{
	int code = turn();

	return code ? code : REAL(f)->xSync(real_of(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *ret_size)
{
	return REAL(f)->xFileSize(real_of(f), ret_size);
}

static int file_lock(sqlite3_file *f, int kind)
{
	return REAL(f)->xLock(real_of(f), kind);
}

static int file_unlock(sqlite3_file *f, int kind)
{
	return REAL(f)->xUnlock(real_of(f), kind);
}

static int file_check_lock(sqlite3_file *f, int *ret_locked)
{
	return REAL(f)->xCheckReservedLock(real_of(f), ret_locked);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
	return REAL(f)->xFileControl(real_of(f), op, arg);
}

static int file_sector_size(sqlite3_file *f)
{
	return REAL(f)->xSectorSize(real_of(f));
}

static int file_device(sqlite3_file *f)
{
	return REAL(f)->xDeviceCharacteristics(real_of(f));
}

static int file_shm_map(
	sqlite3_file *f, int page, int size, int extend, void volatile **ret_at)
{
	return REAL(f)->xShmMap(real_of(f), page, size, extend, ret_at);
}

static int file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return REAL(f)->xShmLock(real_of(f), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
	REAL(f)->xShmBarrier(real_of(f));
}

static int file_shm_unmap(sqlite3_file *f, int remove)
{
	return REAL(f)->xShmUnmap(real_of(f), remove);
}

/* Version 2 at most: memory-mapped reading is left out, everything else passes through.
 */
static void fill_methods(struct fault_file *f)
{
	f->methods = (sqlite3_io_methods){
		.iVersion = f->real->pMethods->iVersion < 2 ? 1 : 2,
		.xClose = file_close,
		.xRead = file_read,
		.xWrite = file_write,
		.xTruncate = file_truncate,
		.xSync = file_sync,
		.xFileSize = file_size,
		.xLock = file_lock,
		.xUnlock = file_unlock,
		.xCheckReservedLock = file_check_lock,
		.xFileControl = file_control,
		.xSectorSize = file_sector_size,
		.xDeviceCharacteristics = file_device,
		.xShmMap = file_shm_map,
		.xShmLock = file_shm_lock,
		.xShmBarrier = file_shm_barrier,
		.xShmUnmap = file_shm_unmap,
	};
	f->base.pMethods = &f->methods;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
	int *ret_flags)
{
	struct fault_file *f = (struct fault_file *)(void *)file;
	int code = turn();

	(void)vfs;
	f->base.pMethods = NULL;
	f->real = (sqlite3_file *)(void *)(f + 1);
	if (code)
		return code == SQLITE_FULL ? SQLITE_CANTOPEN : code;
	code = below->xOpen(below, name, f->real, flags, ret_flags);
	if (code == SQLITE_OK)
		fill_methods(f);
	return code;
}

void fault_vfs_install(void)
{
	below = sqlite3_vfs_find(NULL);
	shim = *below;
	shim.zName = "fault";
	shim.pNext = NULL;
	shim.szOsFile = (int)sizeof(struct fault_file) + below->szOsFile;
	shim.xOpen = vfs_open;
	sqlite3_vfs_register(&shim, 1);
}
