/* sweep.c: see sweep.h. */
#include "splitter/tests/failing/sweep.h"
#include "splitter/tests/part.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

const char *sweep_folder(void)
{
	return folder;
}

/* Counts the files in a folder; `last` is the name of the last one. */
static unsigned entries(const char *path, char *last, size_t bytes)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	unsigned count = 0;

	ck_assert_ptr_nonnull(dir);
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(last, bytes, "%s", e->d_name);
		count++;
	}
	closedir(dir);
	return count;
}

/* The state that must be the same before and after a run. */
struct state {
	struct failing_ledger held;
	unsigned descriptors, files;
	char file[256]; /* the name of one of the files */
};

static void take_state(struct state *s)
{
	char ignored[256];

	failing_held(&s->held);
	s->descriptors = entries("/proc/self/fd", ignored, sizeof ignored);
	s->files = entries(folder, s->file, sizeof s->file);
}

static void compare(const struct state *before, const struct state *after,
    struct sweep_run *r)
{
	if (memcmp(&before->held, &after->held, sizeof before->held) != 0)
		snprintf(r->wrong, sizeof r->wrong,
		    "not released: %ld allocations, %ld mappings, %ld threads",
		    after->held.allocations - before->held.allocations,
		    after->held.mappings - before->held.mappings,
		    after->held.threads - before->held.threads);
	else if (before->descriptors != after->descriptors)
		snprintf(r->wrong, sizeof r->wrong,
		    "%u file descriptors were not closed",
		    after->descriptors - before->descriptors);
	else if (before->files != after->files)
		snprintf(r->wrong, sizeof r->wrong, "%s was not removed",
		    after->file);
}

/* Checks whether the failure that the body reported is true. */
static void judge(bool any_failed, struct sweep_run *r)
{
	const char *wrong = NULL;

	if (!r->reported)
		return;
	if (!any_failed)
		wrong = "it reports a failure, but no call failed";
	else if (r->how >= FAILING_SHORT)
		wrong =
		    "it reports a failure that it could have continued after";
	else if (!failing_named(r->kind, r->message))
		wrong = "the message does not name the failure";
	if (wrong != NULL)
		snprintf(r->wrong, sizeof r->wrong, "%s: \"%.900s\"", wrong,
		    r->message);
}

/* Does one run.  Returns whether a call failed in the run. */
static bool run_one(const struct sweep *s, struct sweep_run *r)
{
	struct state before, after;
	bool any_failed;

	r->wrong[0] = r->message[0] = '\0';
	r->reported = false;
	take_state(&before);
	failing_begin(r->kind, r->how, r->nth);
	s->body(s->arg, r);
	any_failed = failing_end();
	take_state(&after);
	if (r->wrong[0] == '\0')
		compare(&before, &after, r);
	if (r->wrong[0] == '\0')
		judge(any_failed, r);
	ck_assert_msg(r->wrong[0] == '\0', "%s: %s %lu %s: %s", s->name,
	    failing_kind_name(r->kind), r->nth, failing_how_name(r->how),
	    r->wrong);
	return any_failed;
}

/*
 * After ALL calls of a kind only some fail; after OWN calls, those of the share.
 */
enum { ALL = 32, OWN = 8 };

static bool sweeps_all(void)
{
	return getenv("SWEEP_ALL") != NULL;
}

static unsigned long all(void)
{
	return part_only() ? OWN : ALL;
}

/* Returns how far it is from a call to the next one that fails. */
static unsigned long step(const struct sweep_run *r)
{
	if (r->nth < all())
		return 1;
	if (part_only())
		return r->nth / 4;
	if (r->kind == FAILING_DATABASE || SANITIZED > 1)
		return r->nth / 8;
	return sweeps_all() ? 1 : r->nth / 16;
}

/* Returns the first N from `nth` that is in the share of this sweep. */
static unsigned long in_share(const struct sweep *s, unsigned long nth)
{
	if (s->shares < 2 || nth <= OWN || sweeps_all())
		return nth;
	while (nth % s->shares != s->share)
		nth++;
	return nth;
}

/* Returns the N to try after this run; 0: no more runs. */
static unsigned long after(const struct sweep *s, const struct sweep_run *r)
{
	/*
	 * With short or interrupted calls all later calls are affected, so two
	 * runs suffice.
	 */
	if (r->how >= FAILING_SHORT)
		return r->nth == 1 ? 2 : 0;
	return in_share(s, r->nth + step(r));
}

/* Does all runs in which calls of a kind fail in one manner. */
static void run_all(const struct sweep *s, enum failing_kind kind,
    enum failing_how how, unsigned long *runs, unsigned long *reported)
{
	struct sweep_run r = { .kind = kind, .how = how, .nth = 1 };

	while (r.nth > 0 && run_one(s, &r)) {
		++*runs;
		*reported += r.reported;
		r.nth = after(s, &r);
	}
}

void sweep(const struct sweep *s)
{
	struct sweep_run first = { .nth = 0 };
	unsigned long runs = 0, reported = 0;
	int kind, how;

	/*
	 * The folder is in memory if possible, because durable volumes are
	 * flushed.
	 */
	snprintf(folder, sizeof folder, "%s/tapelab-sweep-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	setenv("TMPDIR", folder, 1);
	/* Memory that libraries keep after their first use is not a leak. */
	s->body(s->arg, &first);
	ck_assert_msg(first.wrong[0] == '\0' && !first.reported, "%s: %s%s",
	    s->name, first.wrong, first.message);
	for (kind = 0; kind < FAILING_KINDS; kind++)
		for (how = 0;
		     how < (kind == FAILING_READ || kind == FAILING_WRITE
				   ? FAILING_HOWS
				   : FAILING_SHORT);
		     how++)
			run_all(s, kind, how, &runs, &reported);
	rmdir(folder);
	printf("%s: %lu runs, %lu of which reported a failure\n", s->name, runs,
	    reported);
	fflush(stdout);
	ck_assert_msg(reported >= s->reported_min / SANITIZED / part_step(3),
	    "%s: only %lu runs failed", s->name, reported);
}
