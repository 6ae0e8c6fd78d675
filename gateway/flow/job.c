#include "gateway/flow/job.h"

#include <stdlib.h>

#include "gateway/base/mem.h"

struct job *job_new(void)
{
	return mem_alloc(sizeof(struct job));
}

void job_free(struct job *job)
{
	if (!job)
		return;
	intake_item_deinit(&job->item);
	free(job);
}

int mailbox_init(struct mailbox *m, struct err *e)
{
	*m = (struct mailbox){0};
	if (bell_init(&m->bell, e) < 0)
		return -1;
	m->last = &m->first;
	return pthread_mutex_init(&m->lock, NULL) ? err_set(e, ERR_IO, "mutex") : 0;
}

void mailbox_deinit(struct mailbox *m)
{
	struct job *next;

	for (struct job *job = m->first; job; job = next) {
		next = job->next;
		job_free(job);
	}
	pthread_mutex_destroy(&m->lock);
	bell_deinit(&m->bell);
}

void mailbox_put(struct mailbox *m, struct job *job)
{
	pthread_mutex_lock(&m->lock);
	bool was_empty = !m->first;

	*m->last = job;
	while (*m->last)
		m->last = &(*m->last)->next;
	pthread_mutex_unlock(&m->lock);
	if (was_empty)
		bell_ring(&m->bell);
}

struct job *mailbox_take(struct mailbox *m)
{
	pthread_mutex_lock(&m->lock);
	struct job *all = m->first;

	m->first = NULL;
	m->last = &m->first;
	pthread_mutex_unlock(&m->lock);
	return all;
}
