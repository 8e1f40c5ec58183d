/* task_function.c: see task_function.h. */
#include "vtl/iscsi/target/tests/task_function.h"

#include <pthread.h>
#include <semaphore.h>

struct waiter {
	struct iscsi_function function;
	sem_t ended;
	pthread_t thread; /* which ended it */
};

static void on_done(struct iscsi_function *function)
{
	struct waiter *waiter = function->arg;

	waiter->thread = pthread_self();
	sem_post(&waiter->ended);
}

size_t task_function_perform(struct iscsi_task_set *set,
    const struct iscsi_abort *which, bool resets, bool *here)
{
	struct waiter waiter = { .function = { .which = *which,
				     .resets = resets,
				     .done = on_done,
				     .arg = &waiter } };

	sem_init(&waiter.ended, 0, 0);
	iscsi_task_set_perform(set, &waiter.function);
	while (sem_wait(&waiter.ended) != 0) {}
	sem_destroy(&waiter.ended);
	if (here != NULL)
		*here = pthread_equal(waiter.thread, pthread_self());
	return waiter.function.count;
}

size_t task_function_reset(struct iscsi_task_set *set)
{
	const struct iscsi_abort all = { .nexus = ISCSI_EVERY_NEXUS };

	return task_function_perform(set, &all, true, NULL);
}
