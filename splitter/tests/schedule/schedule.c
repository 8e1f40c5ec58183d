/* schedule.c: threads that run one at a time, in an order given by a seed. */
#include "splitter/tests/schedule/schedule.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/buffer/sync.h"
#include "splitter/base/random.h"

enum {
	TASKS = 8,
	DRAWS_MAX = 1000000, /* a schedule with more draws counts as endless */
	SPURIOUS_ONE_IN = 12,
	/* one draw in this many changes which tasks are fast */
	CHANGE_ONE_IN = 40
};

enum state { READY, WANTS_LOCK, WAITS, JOINS, UNTIL, ENDED, JOINED };

struct task {
	const char *name, *place;
	enum state state;
	/* the lock that the task wants or will get back */
	struct sync_lock *lock;
	const struct sync_cond *cond; /* the condition that the task waits on */
	bool not_for_ever;            /* the task may wake without a signal */
	const struct task *other;     /* the task that it joins */
	bool (*so)(void *arg);
	void *so_arg;
	const struct sync_lock *holds;
	unsigned weight; /* the probability that it is drawn */
	sem_t baton;
	pthread_t thread;
	void *(*body)(void *);
	void *arg;
};

/* Used only by the task that has the baton. */
static struct task tasks[TASKS];
static struct task *current;
static unsigned task_count, refuse_in;
static uint64_t seed, random_state, trace, draws, draws_in_all;
static bool spurious;
static cpu_set_t cpus_before;

static uint64_t below(uint64_t n)
{
	return random_mix(random_state += RANDOM_STEP) % n;
}

static const struct task *holder(const struct sync_lock *lock)
{
	unsigned i;

	for (i = 0; i < task_count; i++)
		if (tasks[i].holds == lock)
			return &tasks[i];
	return NULL;
}

static bool can_run(const struct task *t)
{
	switch (t->state) {
	case READY:
		return true;
	case WANTS_LOCK:
		return holder(t->lock) == NULL;
	case JOINS:
		return t->other->state == ENDED;
	case UNTIL:
		return t->so(t->so_arg);
	case WAITS:
		return t->not_for_ever && holder(t->lock) == NULL;
	default:
		return false;
	}
}

static void print_place(const struct task *t)
{
	const struct task *other = t->other;

	fprintf(stderr, "  %-10s ", t->name);
	switch (t->state) {
	case WANTS_LOCK:
		other = holder(t->lock);
		fprintf(stderr, "wants the lock, which %s has\n",
		    other == NULL ? "no task" : other->name);
		break;
	case WAITS:
		fprintf(stderr, "waits at \"%s\"\n", t->place);
		break;
	case UNTIL:
		fprintf(stderr, "is held at \"%s\"\n", t->place);
		break;
	case JOINS:
		fprintf(stderr, "waits for %s to end\n", other->name);
		break;
	case READY:
		fprintf(stderr, "can run, at \"%s\"\n", t->place);
		break;
	default:
		fprintf(stderr, "has ended\n");
		break;
	}
}

/*
 * Reports that the schedule is stuck.  The tasks cannot be ended from outside,
 * so the program ends.
 */
static void __attribute__((noreturn)) stuck(const char *how)
{
	unsigned i;

	fflush(stdout);
	fprintf(stderr, "%s, seed %" PRIu64 ", after %" PRIu64 " draws:\n", how,
	    seed, draws);
	for (i = 0; i < task_count; i++)
		print_place(&tasks[i]);
	_exit(SCHEDULE_STUCK);
}

/*
 * Chooses new weights.  Some tasks are drawn rarely, so that the others run as
 * far as possible.
 */
static void weigh(void)
{
	unsigned i;

	for (i = 0; i < task_count; i++)
		tasks[i].weight = 1u << 3 * below(3);
}

/* Wakes a waiting task without a signal. */
static void wake_one_for_nothing(void)
{
	struct task *t = &tasks[below(task_count)];

	if (t->state == WAITS)
		t->state = WANTS_LOCK;
}

static struct task *draw(void)
{
	unsigned runnable[TASKS], total = 0, i;
	uint64_t at;

	if (++draws > DRAWS_MAX)
		stuck("no end");
	draws_in_all++;
	if (below(CHANGE_ONE_IN) == 0)
		weigh();
	for (i = 0; i < task_count; i++) {
		runnable[i] = can_run(&tasks[i]) ? tasks[i].weight : 0;
		total += runnable[i];
	}
	if (total == 0)
		stuck("deadlock");
	at = below(total);
	for (i = 0; at >= runnable[i]; i++)
		at -= runnable[i];
	if (spurious && below(SPURIOUS_ONE_IN) == 0)
		wake_one_for_nothing();
	trace = (trace ^ i) * 0x100000001b3u;
	return &tasks[i];
}

static void take_baton(struct task *t)
{
	while (sem_wait(&t->baton) != 0)
		;
}

/* Hands the baton to the task that is drawn. */
static void pass(struct task *self)
{
	bool ends = self->state == ENDED;
	struct task *next = draw();

	if (next->state == WANTS_LOCK || next->state == WAITS)
		next->holds = next->lock;
	if (next->state == JOINS)
		tasks[next->other - tasks].state = JOINED;
	next->state = READY;
	if (next == self)
		return;
	current = next;
	sem_post(&next->baton);
	if (!ends)
		take_baton(self);
}

/* Puts the current task into this state until it is drawn. */
static void pause_in(enum state how, const char *place)
{
	current->state = how;
	current->place = place;
	pass(current);
}

static struct task *add_task(const char *name)
{
	struct task *t = &tasks[task_count++];

	assert(task_count <= TASKS);
	memset(t, 0, sizeof *t);
	t->name = name;
	t->place = "its beginning";
	t->state = READY;
	t->weight = 1u << 3 * below(3);
	sem_init(&t->baton, 0, 0);
	return t;
}

/*
 * Keeps the tasks on one processor, where they hand over the baton faster than
 * on two.
 */
static void stay_here(void)
{
	cpu_set_t here;
	int cpu = sched_getcpu();

	sched_getaffinity(0, sizeof cpus_before, &cpus_before);
	CPU_ZERO(&here);
	CPU_SET(cpu < 0 ? 0 : cpu, &here);
	sched_setaffinity(0, sizeof here, &here);
}

void schedule_begin(uint64_t new_seed)
{
	seed = random_state = new_seed;
	trace = draws = 0;
	task_count = refuse_in = 0;
	spurious = below(2) == 0;
	stay_here();
	current = add_task("main");
}

uint64_t schedule_end(void)
{
	unsigned i;

	assert(current == tasks);
	for (i = 0; i < task_count; i++) {
		assert(i == 0 || tasks[i].state == JOINED);
		sem_destroy(&tasks[i].baton);
	}
	current = NULL;
	sched_setaffinity(0, sizeof cpus_before, &cpus_before);
	return trace;
}

uint64_t schedule_drawn(void)
{
	return draws_in_all;
}

void schedule_point(const char *place)
{
	pause_in(READY, place);
}

void schedule_until(bool (*so)(void *arg), void *arg, const char *place)
{
	current->so = so;
	current->so_arg = arg;
	pause_in(UNTIL, place);
}

void schedule_refuse_start(unsigned nth)
{
	refuse_in = nth;
}

void sync_lock_init(struct sync_lock *lock)
{
	assert(holder(lock) == NULL);
}

void sync_lock_destroy(struct sync_lock *lock)
{
	unsigned i;

	assert(holder(lock) == NULL);
	for (i = 0; i < task_count; i++)
		assert(tasks[i].state != WANTS_LOCK || tasks[i].lock != lock);
}

void sync_lock(struct sync_lock *lock)
{
	assert(current->holds == NULL);
	current->lock = lock;
	pause_in(WANTS_LOCK, "a lock");
}

void sync_unlock(struct sync_lock *lock)
{
	assert(current->holds == lock);
	current->holds = NULL;
	schedule_point("an unlock");
}

void sync_cond_init(struct sync_cond *cond)
{
	(void)cond;
}

void sync_cond_destroy(struct sync_cond *cond)
{
	unsigned i;

	for (i = 0; i < task_count; i++)
		assert(tasks[i].state != WAITS || tasks[i].cond != cond);
}

static void wait_on(struct sync_cond *cond, struct sync_lock *lock,
    bool for_ever, const char *place)
{
	assert(current->holds == lock);
	current->holds = NULL;
	current->lock = lock;
	current->cond = cond;
	current->not_for_ever = !for_ever;
	pause_in(WAITS, place);
	assert(current->holds == lock);
}

void sync_wait(struct sync_cond *cond, struct sync_lock *lock,
    const char *place)
{
	wait_on(cond, lock, true, place);
}

/* Ignores `ns`: the schedule chooses when the wait ends. */
void sync_wait_at_most(struct sync_cond *cond, struct sync_lock *lock,
    uint32_t ns, const char *place)
{
	(void)ns;
	wait_on(cond, lock, false, place);
}

void sync_signal(struct sync_cond *cond)
{
	unsigned waiting = 0, i;
	uint64_t chosen;

	assert(current->holds != NULL);
	for (i = 0; i < task_count; i++)
		waiting += tasks[i].state == WAITS && tasks[i].cond == cond;
	chosen = waiting > 0 ? below(waiting) : 0;
	for (i = 0; i < task_count; i++)
		if (tasks[i].state == WAITS && tasks[i].cond == cond &&
		    chosen-- == 0)
			tasks[i].state = WANTS_LOCK;
	schedule_point("a signal");
}

static void *run_task(void *arg)
{
	struct task *t = arg;
	void *result;

	take_baton(t);
	result = t->body(t->arg);
	assert(t->holds == NULL);
	t->state = ENDED;
	pass(t);
	return result;
}

int sync_start(struct sync_thread *thread, void *(*body)(void *), void *arg,
    const char *name)
{
	struct task *t;
	int error;

	if (refuse_in > 0 && --refuse_in == 0)
		return EAGAIN;
	t = add_task(name);
	t->body = body;
	t->arg = arg;
	error = pthread_create(&t->thread, NULL, run_task, t);
	if (error != 0) {
		sem_destroy(&t->baton);
		task_count--;
		return error;
	}
	thread->thread = t->thread;
	schedule_point("a start");
	return 0;
}

void sync_join(struct sync_thread *thread)
{
	unsigned i;

	for (i = 1; i < task_count; i++)
		if (tasks[i].state != JOINED &&
		    pthread_equal(tasks[i].thread, thread->thread))
			break;
	assert(i < task_count);
	current->other = &tasks[i];
	pause_in(JOINS, "a join");
	pthread_join(thread->thread, NULL);
}
