#include "adapters/spool_away.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/spool_folder.h"
#include "gateway/base/buf.h"
#include "gateway/base/json.h"

enum {
	KEEP_OF_NAME = 200, /* bytes; leaves room for what is put behind it */
	ATTEMPTS = 1000,
};

static int folder_open(int at, const char *path, int *ret_fd, struct err *e)
{
	if (mkdirat(at, path, 0770) < 0 && errno != EEXIST)
		return err_errno(e, "cannot make %s", path);
	*ret_fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? err_errno(e, "cannot open %s", path) : 0;
}

int spool_folders_open(struct spool_folders *f, const char *path, struct err *e)
{
	*f = (struct spool_folders){-1, -1, -1};
	if (spool_folder_make(path, e) < 0 ||
		folder_open(AT_FDCWD, path, &f->in, e) < 0)
		return -1;
	if (folder_open(f->in, "done", &f->done, e) < 0 ||
		folder_open(f->in, "failed", &f->failed, e) < 0)
		return err_wrap(e, "%s", path);
	return 0;
}

void spool_folders_close(struct spool_folders *f)
{
	int *all[] = {&f->in, &f->done, &f->failed};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (*all[i] >= 0)
			close(*all[i]);
		*all[i] = -1;
	}
}

/* Rename, but never over another file: EEXIST then. */
static int rename_free(int from, const char *name, int to, const char *target)
{
	if (renameat2(from, name, to, target, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* A file system that cannot: we alone put files there. */
	if (faccessat(to, target, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(from, name, to, target);
}

/* The name itself, or, from the second attempt on, with when it came put behind it. */
static void target_name(
	char target[NAME_MAX + 1], const char *name, msec_t at, int attempt)
{
	int keep = (int)strlen(name);

	if (attempt == 0 && keep <= KEEP_OF_NAME) {
		memcpy(target, name, (size_t)keep + 1);
		return;
	}
	if (keep > KEEP_OF_NAME)
		keep = KEEP_OF_NAME;
	snprintf(target, NAME_MAX + 1, "%.*s.%lld-%d", keep, name, (long long)at,
		attempt);
}

/* Move @from's file @name to @to, under @wanted or the like of it. */
static int move(int from, const char *name, int to, const char *wanted, msec_t at,
	char target[NAME_MAX + 1], struct err *e)
{
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		target_name(target, wanted, at, attempt);
		if (rename_free(from, name, to, target) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return err_errno(e, "cannot move %s", name);
}

/* 0 is null. */
static void put_number(struct json *j, const char *name, int64_t value)
{
	if (value)
		json_put_int(j, name, value);
	else
		json_put_text(j, name, NULL);
}

/* NAME.reason.json: why it is here. */
static void reason_write(struct buf *out, const struct settled *s)
{
	char at[INSTANT_TEXT];
	struct json j = {.out = out};

	json_open(&j, '{');
	json_put_text(&j, "outcome", s->outcome);
	json_key(&j, "error");
	if (s->error_code) {
		json_open(&j, '{');
		json_put_text(&j, "code", s->error_code);
		put_number(&j, "line", s->error_line);
		put_number(&j, "column", s->error_column);
		json_put_text(&j, "message", s->error_message);
		json_close(&j, '}');
	} else {
		json_text(&j, NULL);
	}
	put_number(&j, "quarantine", s->quarantine);
	json_put_text(&j, "at", instant_text(s->at, at));
	json_close(&j, '}');
	buf_add_char(out, '\n');
}

static int reason_save(
	int folder, const char *target, const struct settled *s, struct err *e)
{
	char name[NAME_MAX + 1];
	cleanup_buf struct buf text = {0};

	reason_write(&text, s);
	snprintf(name, sizeof(name), "%.240s.reason.json", target);
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);

	if (fd < 0)
		return err_errno(e, "cannot write %s", name);
	ssize_t written = write(fd, text.data, text.n);

	if (close(fd) < 0 || written != (ssize_t)text.n)
		return err_errno(e, "cannot write %s", name);
	return 0;
}

/*
 * Looked at after it was moved, when nobody can change the name under us any more: is
 * it what was given? If not it goes back, which the folder's watch sees as a new file.
 */
static int check_moved(const struct spool_folders *f, const char *name, int to,
	const char *target, const struct spool_print *print, bool *ret_same,
	struct err *e)
{
	struct stat st;
	char back[NAME_MAX + 1];

	*ret_same = true;
	if (fstatat(to, target, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : err_errno(e, "cannot look at %s", target);
	struct spool_print now = spool_print_of(&st);

	*ret_same = spool_print_same(print, &now);
	if (*ret_same)
		return 0;
	int64_t changed = (int64_t)st.st_mtim.tv_sec * 1000;

	return move(to, target, f->in, name, changed, back, e) < 0
		       ? err_wrap(e, "%s changed while it was taken", name)
		       : 0;
}

static int folder_for(const struct spool_folders *f, enum settlement how)
{
	switch (how) {
	case SETTLEMENT_ACCEPTED:
		return f->done;
	case SETTLEMENT_SET_ASIDE:
		return f->failed;
	case SETTLEMENT_RESTRICTED:
		break;
	}
	return f->in;
}

int spool_put_away(const struct spool_folders *f, const char *name,
	const struct spool_print *print, const struct settled *settled, struct err *e)
{
	char target[NAME_MAX + 1];
	const char *wanted =
		settled->how == SETTLEMENT_RESTRICTED ? SPOOL_DOOMED : name;
	int to = folder_for(f, settled->how);
	struct err why = {0};
	bool same;

	if (move(f->in, name, to, wanted, settled->at, target, &why) < 0) {
		if (why.system == ENOENT)
			return 0;
		if (e)
			*e = why;
		return -1;
	}
	if (check_moved(f, name, to, target, print, &same, e) < 0)
		return -1;
	if (!same || settled->how == SETTLEMENT_ACCEPTED)
		return 0;
	if (settled->how == SETTLEMENT_RESTRICTED)
		return unlinkat(to, target, 0) < 0 && errno != ENOENT
			       ? err_errno(e, "cannot delete a restricted file")
			       : 0;
	return reason_save(to, target, settled, e);
}
