/*
 * A watched folder (inotify), scanned at the start and whenever the watch overflowed.
 *
 * Only whole files are taken. A file that was closed after writing or moved in is whole
 * when nobody has it open for writing, which a read lease tells: the kernel refuses one
 * while there is a writer, whose closing is then reported. Where leases cannot be had
 * (a file of another user without CAP_LEASE, some file systems) a file must look the
 * same, size and time, twice, quiet_ms apart.
 *
 * Refused: names that begin with a dot or end in .tmp or .part, and whatever is no
 * regular file; they stay where they are. Symbolic links are not followed.
 *
 * A crash between the commit and the move leaves the file where it was: it is taken
 * again, answered as a duplicate, and then moved.
 */
#include "adapters/spool_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/spool_away.h"
#include "adapters/spool_folder.h"
#include "adapters/spool_names.h"
#include "gateway/base/day.h"
#include "gateway/base/mem.h"

enum {
	QUIET_MS = 1000,
	LOOK_EVERY = 64, /* deliveries between two looks at the watch */
};

/* Entries one behind the other; the head is at[first]. */
struct line {
	struct spool_entry **at;
	size_t first, n, cap;
};

struct spool {
	const struct spool_source_options *options;
	struct spool_folders folders;
	int watch;
	int parent;    /* the watch of the folder above, to hear of a deletion */
	bool overflow; /* the watch lost something: scan again */
	struct spool_names names;

	struct line waiting, young; /* young: in the order of look_at */
	int given;                  /* since the last look at the watch */

	int fd; /* of the delivery, -1: none */
	char *path;
};

static void spool_close(void *source)
{
	struct spool *s = source;

	if (!s)
		return;
	spool_folders_close(&s->folders);
	if (s->watch >= 0)
		close(s->watch);
	if (s->fd >= 0)
		close(s->fd);
	spool_names_deinit(&s->names);
	free(s->waiting.at);
	free(s->young.at);
	free(s->path);
	free(s);
}
MEM_CLEANUP(spool, struct spool, spool_close)

static bool has_end(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && !strcmp(name + n - m, end);
}

static bool is_ours(const char *name)
{
	return name[0] != '.' && !has_end(name, ".tmp") && !has_end(name, ".part");
}

static void line_add(struct line *line, struct spool_entry *entry)
{
	if (line->n == line->cap) {
		line->cap = line->cap ? line->cap * 2 : 256;
		line->at =
			mem_resize(line->at, line->cap * sizeof(struct spool_entry *));
	}
	line->at[line->n++] = entry;
}

static struct spool_entry *line_head(const struct line *line)
{
	return line->first < line->n ? line->at[line->first] : NULL;
}

/* The head has had its turn. Room at the front is used again once it is half of all. */
static void line_advance(struct line *line)
{
	line->first++;
	if (line->first * 2 < line->n)
		return;
	line->n -= line->first;
	memmove(line->at, line->at + line->first, line->n * sizeof(*line->at));
	line->first = 0;
}

/* Something may be there under @name. */
static void notice(struct spool *s, const char *name)
{
	if (!is_ours(name))
		return;
	struct spool_entry *entry = spool_names_find(&s->names, name);

	if (!entry)
		line_add(&s->waiting, spool_names_add(&s->names, name));
	else if (entry->state == SPOOL_TAKEN)
		entry->again = true;
}

static int by_name(const void *a, const void *b)
{
	const struct spool_entry *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* A restricted file that a crash kept from being deleted: it is judged again. */
static void bring_back(struct spool *s, const char *name)
{
	const char *visible = name + 1;

	if (renameat2(s->folders.in, name, s->folders.in, visible, RENAME_NOREPLACE) ==
		0)
		notice(s, visible);
}

static int scan(struct spool *s, struct err *e)
{
	struct line *line = &s->waiting;
	size_t before = line->n;
	int fd = openat(s->folders.in, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		return err_errno(e, "cannot list %s", s->options->path);
	s->overflow = false;
	for (struct dirent *d; (d = readdir(dir));) {
		if (d->d_type != DT_REG && d->d_type != DT_UNKNOWN)
			continue;
		if (!strncmp(d->d_name, SPOOL_DOOMED, strlen(SPOOL_DOOMED)))
			bring_back(s, d->d_name);
		notice(s, d->d_name);
	}
	closedir(dir);
	if (line->n - before > 1)
		qsort(line->at + before, line->n - before, sizeof(*line->at), by_name);
	return 0;
}

/* We hold the folder open, so that it is never freed and IN_DELETE_SELF never comes:
 * its parent is asked who was deleted. */
static bool is_deleted(const struct spool *s)
{
	struct stat about;

	return fstat(s->folders.in, &about) == 0 && about.st_nlink == 0;
}

static int hear(struct spool *s, const struct inotify_event *event, struct err *e)
{
	if (event->wd == s->parent
			? is_deleted(s)
			: event->mask & (IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED))
		return err_set(e, ERR_UNAVAILABLE, "the folder %s went away",
			s->options->path);
	if (event->mask & IN_Q_OVERFLOW)
		s->overflow = true;
	else if (event->wd != s->parent && event->len && !(event->mask & IN_ISDIR))
		notice(s, event->name);
	return 0;
}

static int look_at_watch(struct spool *s, struct err *e)
{
	_Alignas(struct inotify_event) char bytes[16 * 1024];
	ssize_t n;

	s->given = 0;
	while ((n = read(s->watch, bytes, sizeof(bytes))) > 0)
		for (ssize_t at = 0; at < n;) {
			struct inotify_event event;

			memcpy(&event, bytes + at, sizeof(event));
			const void *whole = bytes + at;

			if (hear(s, whole, e) < 0)
				return -1;
			at += (ssize_t)(sizeof(event) + event.len);
		}
	if (n < 0 && errno != EAGAIN)
		return err_errno(e, "cannot watch %s", s->options->path);
	return 0;
}

static int spool_open(const void *options, void **ret_source, struct err *e)
{
	cleanup(spool) struct spool *s = mem_alloc(sizeof(*s));
	const uint32_t mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVE_SELF | IN_ONLYDIR;
	char parent[PATH_MAX];

	s->options = options;
	s->watch = s->fd = -1;
	if (spool_folders_open(&s->folders, s->options->path, e) < 0)
		return -1;
	s->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (s->watch < 0 || inotify_add_watch(s->watch, s->options->path, mask) < 0)
		return err_errno(e, "cannot watch %s", s->options->path);
	snprintf(parent, sizeof(parent), "%s/..", s->options->path);
	/* A parent we may not read is none we can watch: then only a move is heard. */
	s->parent = inotify_add_watch(s->watch, parent, IN_DELETE | IN_ONLYDIR);
	/* Watched first, so that nothing comes unseen between the two. */
	if (scan(s, e) < 0)
		return -1;
	*ret_source = STEAL(s);
	return 0;
}

enum readiness {
	READY,
	NOT_YET,  /* look again later */
	IN_WORK,  /* somebody writes; its closing will be heard */
	NOT_OURS, /* gone, or no regular file */
	UNREADABLE,
	BROKEN
};

/* Without a lease: is it as it was quiet_ms ago? */
static enum readiness has_held_still(
	struct spool *s, struct spool_entry *entry, const struct spool_print *now)
{
	int quiet_ms = s->options->quiet_ms ? s->options->quiet_ms : QUIET_MS;
	bool same = entry->state == SPOOL_YOUNG && spool_print_same(&entry->print, now);

	if (same && clock_ticks() >= entry->look_at)
		return READY;
	if (!same) {
		entry->print = *now;
		entry->look_at = clock_ticks() + (int64_t)quiet_ms * 1000000;
	}
	return NOT_YET;
}

static enum readiness is_whole(
	struct spool *s, struct spool_entry *entry, int fd, const struct stat *st)
{
	struct spool_print now = spool_print_of(st);

	if (!s->options->no_lease) {
		/* Whoever opens it in this moment makes the kernel signal us: by a
		 * signal that does nothing. */
		fcntl(fd, F_SETSIG, SIGURG);
		if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
			fcntl(fd, F_SETLEASE, F_UNLCK);
			return READY;
		}
		if (errno == EAGAIN)
			return IN_WORK;
	}
	return has_held_still(s, entry, &now);
}

static enum readiness open_failed(void)
{
	switch (errno) {
	case ENOENT: /* gone */
	case ELOOP:  /* a symbolic link */
	case ENXIO:  /* a socket or a pipe */
	case ENODEV:
		return NOT_OURS;
	case EACCES:
	case EPERM:
		return UNREADABLE;
	default:
		return BROKEN;
	}
}

/* Open the file of @entry; s->fd is it when READY. */
static enum readiness entry_open(struct spool *s, struct spool_entry *entry)
{
	/* O_NONBLOCK: a pipe must not hold us up. */
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat st;
	int fd = openat(s->folders.in, entry->name, flags);
	enum readiness ready;

	if (fd < 0) {
		ready = open_failed();
		if (ready != UNREADABLE)
			return ready;
		if (fstatat(s->folders.in, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISREG(st.st_mode))
			return NOT_OURS;
		entry->print = spool_print_of(&st);
		return UNREADABLE;
	}
	if (fstat(fd, &st) < 0)
		ready = BROKEN;
	else
		ready = S_ISREG(st.st_mode) ? is_whole(s, entry, fd, &st) : NOT_OURS;
	if (ready == READY) {
		/* Once more: it may have been written until the lease was granted. */
		fstat(fd, &st);
		entry->print = spool_print_of(&st);
		s->fd = fd;
	} else {
		close(fd);
	}
	return ready;
}

static void give(struct spool *s, struct spool_entry *entry, struct delivery *delivery)
{
	size_t n = strlen(s->options->path) + strlen(entry->name) + 2;

	free(s->path);
	s->path = mem_alloc(n);
	memcpy(s->path, s->options->path, strlen(s->options->path));
	s->path[strlen(s->options->path)] = '/';
	memcpy(s->path + strlen(s->options->path) + 1, entry->name,
		strlen(entry->name));
	entry->state = SPOOL_TAKEN;
	entry->again = false;
	s->given++;
	*delivery = (struct delivery){
		.handle = (uint64_t)(uintptr_t)entry,
		.path = s->path,
		.fd = s->fd,
		.origin = entry->name,
	};
}

/* The next entry whose turn it is; NULL when all that is left must wait. */
static struct spool_entry *turn_next(struct spool *s)
{
	struct spool_entry *young = line_head(&s->young);
	struct spool_entry *waiting = line_head(&s->waiting);

	if (young && clock_ticks() >= young->look_at) {
		line_advance(&s->young);
		return young;
	}
	if (waiting)
		line_advance(&s->waiting);
	return waiting;
}

static void wait_young(struct spool *s, struct spool_entry *entry)
{
	entry->state = SPOOL_YOUNG;
	line_add(&s->young, entry);
}

static enum source_next spool_next(
	void *source, struct delivery *ret_delivery, struct err *e)
{
	struct spool *s = source;

	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if ((!line_head(&s->waiting) || s->given >= LOOK_EVERY) &&
		look_at_watch(s, e) < 0)
		return SOURCE_NEXT_FAULT;
	if (s->overflow && !line_head(&s->waiting) && scan(s, e) < 0)
		return SOURCE_NEXT_FAULT;
	for (struct spool_entry *entry; (entry = turn_next(s));) {
		switch (entry_open(s, entry)) {
		case READY:
		case UNREADABLE:
			give(s, entry, ret_delivery);
			return SOURCE_NEXT_OK;
		case NOT_YET:
			wait_young(s, entry);
			break;
		case IN_WORK:
		case NOT_OURS:
			spool_names_remove(&s->names, entry);
			break;
		case BROKEN:
			err_errno(e, "cannot read %s", entry->name);
			return SOURCE_NEXT_FAULT;
		}
	}
	return SOURCE_NEXT_NONE;
}

static int spool_fd(void *source)
{
	return ((struct spool *)source)->watch;
}

static int spool_settle(void *source, const struct settled *at, size_t n, struct err *e)
{
	struct spool *s = source;

	for (size_t i = 0; i < n; i++) {
		struct spool_entry *entry =
			(struct spool_entry *)(uintptr_t)at[i].handle;

		if (spool_put_away(&s->folders, entry->name, &entry->print, &at[i], e) <
			0)
			return -1;
		if (entry->again) {
			entry->state = SPOOL_WAITING;
			line_add(&s->waiting, entry);
		} else {
			spool_names_remove(&s->names, entry);
		}
	}
	return 0;
}

static int spool_drained(void *source, bool *ret_drained, struct err *e)
{
	struct spool *s = source;

	if (look_at_watch(s, e) < 0)
		return -1;
	*ret_drained = !line_head(&s->waiting) && !line_head(&s->young) && !s->overflow;
	return 0;
}

static const char *spool_peer(const void *options)
{
	return ((const struct spool_source_options *)options)->path;
}

static int spool_probe(const void *options, char ret_note[PROBE_NOTE], struct err *e)
{
	return spool_folder_probe(spool_peer(options), ret_note, e);
}

const struct source_ops spool_source_ops = {
	.type = "spool",
	.peer = spool_peer,
	.probe = spool_probe,
	.open = spool_open,
	.close = spool_close,
	.next = spool_next,
	.fd = spool_fd,
	.settle = spool_settle,
	.drained = spool_drained,
};
