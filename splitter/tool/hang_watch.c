/* hang_watch.c: see hang_watch.h. */
#include "splitter/tool/hang_watch.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "splitter/tool/report.h"

#define MINUTE_NS INT64_C(60000000000)
#define FIRST_NS  (5 * MINUTE_NS)

struct hang_watch {
	hang_watch_fn *waiting_ns;
	const struct tape_library *library;
	const char *device;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ends; /* with the lock */
};

bool hang_watch_is_due(int64_t age_ns, int64_t *told_ns)
{
	if (age_ns < *told_ns) /* another command */
		*told_ns = 0;
	if (age_ns < (*told_ns == 0 ? FIRST_NS : 2 * *told_ns))
		return false;
	*told_ns = age_ns;
	return true;
}

static void look(const struct hang_watch *watch, int64_t *told_ns)
{
	const char *doing = NULL;
	int64_t age_ns = watch->waiting_ns(watch->library, &doing);

	if (hang_watch_is_due(age_ns, told_ns) && doing != NULL)
		report_print(
		    "%s: the drive has not ended a command for %" PRId64
		    " min: %s",
		    watch->device, age_ns / MINUTE_NS, doing);
}

static void *run(void *arg)
{
	struct hang_watch *watch = arg;
	int64_t told_ns = 0;
	struct timespec until;

	pthread_mutex_lock(&watch->lock);
	while (!watch->ends) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&watch->changed, &watch->lock, &until);
		if (!watch->ends)
			look(watch, &told_ns);
	}
	pthread_mutex_unlock(&watch->lock);
	return NULL;
}

struct hang_watch *hang_watch_begin(hang_watch_fn *waiting_ns,
    const struct tape_library *library, const char *device)
{
	struct hang_watch *watch = calloc(1, sizeof *watch);
	sigset_t all, before;
	int failed;

	if (watch == NULL)
		return NULL;
	watch->waiting_ns = waiting_ns;
	watch->library = library;
	watch->device = device;
	pthread_mutex_init(&watch->lock, NULL);
	pthread_cond_init(&watch->changed, NULL);
	/* Signals are for the other threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failed = pthread_create(&watch->thread, NULL, run, watch);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed == 0)
		return watch;
	free(watch);
	return NULL;
}

void hang_watch_end(struct hang_watch *watch)
{
	if (watch == NULL)
		return;
	pthread_mutex_lock(&watch->lock);
	watch->ends = true;
	pthread_cond_signal(&watch->changed);
	pthread_mutex_unlock(&watch->lock);
	pthread_join(watch->thread, NULL);
	pthread_cond_destroy(&watch->changed);
	pthread_mutex_destroy(&watch->lock);
	free(watch);
}
