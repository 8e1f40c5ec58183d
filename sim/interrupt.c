/* interrupt.c: SIGINT, SIGTERM and SIGHUP, taken by a thread. */
#include "sim/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* A signal often comes twice, to the process and to its group. */
enum { AGAIN_S = 1 };

static struct {
	pthread_mutex_t lock;
	void (*cancel)(void *arg);
	void *arg;
	atomic_int signal;
	bool hangup;		/* SIGHUP is ours too */
	int event;		/* readable once a signal has come; or -1 */
} it = { .lock = PTHREAD_MUTEX_INITIALIZER, .event = -1 };

static void taken(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	if (it.hangup)
		sigaddset(set, SIGHUP);
}

static time_t now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void *take_signals(void *arg)
{
	sigset_t set;
	time_t first_s = 0;
	int signal;

	(void)arg;
	taken(&set);
	for (;;) {
		if (sigwait(&set, &signal) != 0)
			continue;
		if (atomic_exchange(&it.signal, signal) != 0) {
			if (now_s() - first_s > AGAIN_S)
				interrupt_die();
			continue;
		}
		first_s = now_s();
		eventfd_write(it.event, 1);
		pthread_mutex_lock(&it.lock);
		if (it.cancel != NULL)
			it.cancel(it.arg);
		pthread_mutex_unlock(&it.lock);
	}
	return NULL;
}

int interrupt_begin(void)
{
	struct sigaction hangup;
	pthread_t thread;
	sigset_t set;

	/* nohup(1) has it ignored, and means it. */
	if (sigaction(SIGHUP, NULL, &hangup) != 0)
		return -1;
	it.hangup = hangup.sa_handler != SIG_IGN;
	it.event = eventfd(0, EFD_CLOEXEC);
	if (it.event == -1)
		return -1;
	taken(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, take_signals, NULL) != 0)
		return -1;
	return pthread_detach(thread) == 0 ? 0 : -1;
}

int interrupt_signal(void)
{
	return atomic_load(&it.signal);
}

bool interrupt_wait_readable(int fd)
{
	struct pollfd fds[2] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = it.event, .events = POLLIN },
	};

	while (poll(fds, 2, -1) == -1 && errno == EINTR)
		;
	return interrupt_signal() == 0;
}

bool interrupt_sleep(int64_t ns)
{
	struct pollfd event = { .fd = it.event, .events = POLLIN };
	const struct timespec t = { ns / 1000000000, ns % 1000000000 };

	/* The signals are blocked here: nothing else ends it. */
	ppoll(&event, 1, &t, NULL);
	return interrupt_signal() == 0;
}

void interrupt_on(void (*cancel)(void *arg), void *arg)
{
	pthread_mutex_lock(&it.lock);
	it.cancel = cancel;
	it.arg = arg;
	if (cancel != NULL && interrupt_signal() != 0)
		cancel(arg);
	pthread_mutex_unlock(&it.lock);
}

void interrupt_die(void)
{
	sigset_t set;
	int number = interrupt_signal();

	taken(&set);
	signal(number, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}
