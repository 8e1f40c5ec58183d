/* slow_spool.c: a spool that lets other tasks run within its operations. */
#include "splitter/tests/schedule/slow_spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/buffer/spool.h"
#include "splitter/tests/schedule/schedule.h"

static int append(struct cache *c, uint64_t offset, const void *data,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct slow_spool *s = (struct slow_spool *)c;
	unsigned i;
	int rc = -1;

	schedule_point("spool: before it appends");
	snprintf(err, err_bytes, "injected failure of the spool");
	if (++s->appends != s->fail_nth)
		rc = s->spool->ops->append(s->spool, offset, data, bytes, err,
		    err_bytes);
	for (i = 0; i < s->pauses; i++)
		schedule_point("spool: appending");
	if (rc == 0)
		s->upto = offset + bytes;
	else
		s->failed = true;
	return rc;
}

static int read_back(struct cache *c, uint64_t offset, void *buf,
    uint64_t bytes, char *err, size_t err_bytes)
{
	struct slow_spool *s = (struct slow_spool *)c;

	schedule_point("tape: before it reads the spool");
	return s->spool->ops->read(s->spool, offset, buf, bytes, err,
	    err_bytes);
}

static void forget(struct cache *c, uint64_t offset)
{
	struct slow_spool *s = (struct slow_spool *)c;

	s->spool->ops->forget(s->spool, offset);
	s->forgotten = offset;
	s->forgot = true;
	schedule_point("tape: the spool has forgotten");
}

static const struct cache_ops ops = {
	.append = append,
	.read = read_back,
	.forget = forget,
};

void slow_spool_init(struct slow_spool *s, uint64_t bytes, unsigned pauses,
    uint64_t fail_nth)
{
	char err[256];

	memset(s, 0, sizeof *s);
	s->base.ops = &ops;
	s->pauses = pauses;
	s->fail_nth = fail_nth;
	s->spool = spool_new(P_tmpdir, 0, bytes, err, sizeof err);
	if (s->spool == NULL) {
		fprintf(stderr, "%s\n", err);
		abort();
	}
}

void slow_spool_clear(struct slow_spool *s)
{
	s->spool->ops->free(s->spool);
}

void slow_spool_step(struct slow_spool *s, bool warning)
{
	if (s->failed && warning)
		s->reported = true;
	if (s->reported && s->forgot)
		s->failed = s->reported = false;
	s->forgot = false;
}

bool slow_spool_has(const struct slow_spool *s, uint64_t offset)
{
	return s->failed || s->upto >= offset || s->forgotten >= offset;
}
