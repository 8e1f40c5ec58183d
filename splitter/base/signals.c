/*
 * interrupt.c: SIGINT, SIGTERM and SIGHUP, taken by a thread; or by a handler,
 * in a process that starts others.
 *
 * Once one has come, no thread stays in a call that waits for somebody else (a
 * FIFO that nobody opens, a pipe that nobody reads): each is sent SIGURG, whose
 * handler does nothing and restarts nothing, again and again, for a thread may
 * be about to begin such a call.  A parent has an alarm for that.
 */
#include "splitter/base/signals.h"
#include "splitter/base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* A signal often comes twice, to the process and to its group. */
enum { AGAIN_NS = 1500000000, WAKE_MS = 100 };

static struct {
	pthread_mutex_t lock;
	pthread_mutex_t taking; /* from where it is pending to `signal` */
	void (*cancel)(void *arg);
	void *arg;
	atomic_int signal;
	bool hangup;      /* SIGHUP is ours too */
	int event;        /* readable once a signal has come; or -1 */
	int pending;      /* readable while one is not yet taken */
	atomic_int child; /* of a parent; 0: none */
	int64_t first_ns; /* when the first signal came */
} it = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.taking = PTHREAD_MUTEX_INITIALIZER,
	.event = -1,
	.pending = -1 };

static void taken(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	if (it.hangup)
		sigaddset(set, SIGHUP);
}

/* The first signal, or one that comes with it; false: it is enough now. */
static bool note(int number)
{
	if (atomic_exchange(&it.signal, number) != 0)
		return clock_now_ns() - it.first_ns <= AGAIN_NS;
	it.first_ns = clock_now_ns();
	return true;
}

static void nothing(int number)
{
	(void)number;
}

/* No SA_RESTART: what waits is to end. */
static int handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	taken(&action.sa_mask);
	return sigaction(number, &action, NULL);
}

/* Wakes every other thread of the process. */
static void wake_all(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	pid_t thread;

	if (tasks == NULL) {
		kill(getpid(), SIGURG);
		return;
	}
	while ((task = readdir(tasks)) != NULL) {
		thread = (pid_t)strtol(task->d_name, NULL, 10);
		if (thread > 0 && thread != gettid())
			tgkill(getpid(), thread, SIGURG);
	}
	closedir(tasks);
}

/* Waits for a signal and notes it; which, or -1. */
static int take(const sigset_t *set, int timeout_ms)
{
	static const struct timespec now = { 0 };
	struct pollfd p = { .fd = it.pending, .events = POLLIN };
	int number;

	poll(&p, 1, timeout_ms);
	pthread_mutex_lock(&it.taking);
	number = sigtimedwait(set, NULL, &now);
	if (number != -1 && !note(number))
		signals_die();
	pthread_mutex_unlock(&it.taking);
	return number;
}

static void *take_signals(void *arg)
{
	bool again = false;
	sigset_t set;
	int number;

	(void)arg;
	taken(&set);
	for (;;) {
		number = take(&set, again ? WAKE_MS : -1);
		if (again)
			wake_all();
		if (number == -1 || again)
			continue;
		again = true;
		/* Wake the waiters last: whatever fails then is cancelled. */
		pthread_mutex_lock(&it.lock);
		if (it.cancel != NULL)
			it.cancel(it.arg);
		pthread_mutex_unlock(&it.lock);
		eventfd_write(it.event, 1);
		wake_all();
	}
	return NULL;
}

/* nohup(1) has SIGHUP ignored, and means it. */
static int begin(void)
{
	struct sigaction hangup;

	if (sigaction(SIGHUP, NULL, &hangup) != 0)
		return -1;
	it.hangup = hangup.sa_handler != SIG_IGN;
	return handle(SIGURG, nothing);
}

int signals_begin(void)
{
	pthread_t thread;
	sigset_t set;

	if (begin() != 0)
		return -1;
	taken(&set);
	it.event = eventfd(0, EFD_CLOEXEC);
	it.pending = signalfd(-1, &set, SFD_CLOEXEC);
	if (it.event == -1 || it.pending == -1)
		return -1;
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, take_signals, NULL) != 0)
		return -1;
	return pthread_detach(thread) == 0 ? 0 : -1;
}

/* In a handler: the child ends properly, or at once where that is asked. */
static void pass_on(int number)
{
	int error = errno, child = atomic_load(&it.child);
	bool first = note(number);

	if (child > 0)
		kill(child, number);
	else if (!first)
		signals_die();
	alarm(1);
	errno = error;
}

static void wake_again(int number)
{
	(void)number;
	alarm(1);
}

int signals_begin_parent(void)
{
	if (begin() != 0 || handle(SIGALRM, wake_again) != 0 ||
	    handle(SIGINT, pass_on) != 0 || handle(SIGTERM, pass_on) != 0)
		return -1;
	return it.hangup ? handle(SIGHUP, pass_on) : 0;
}

pid_t signals_fork(void)
{
	pid_t parent = getpid(), child = -1;
	sigset_t set, before;

	taken(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	if (signals_signal() != 0)
		errno = EINTR;
	else
		child = fork();
	if (child == 0) {
		/* Unless it has died already. */
		if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 ||
		    getppid() != parent)
			_exit(EXIT_FAILURE);
		signal(SIGALRM, SIG_DFL);
		return 0;
	}
	if (child > 0)
		atomic_store(&it.child, child);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child;
}

void signals_forget_child(void)
{
	atomic_store(&it.child, 0);
}

int signals_signal(void)
{
	return atomic_load(&it.signal);
}

/*
 * Whether a signal waits for the thread that takes it, or was taken.  One that
 * was sent to this thread alone is sent to the process, once more: else nobody
 * would take it.
 */
static bool has_come(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t pending;
	bool came;
	size_t i;

	pthread_mutex_lock(&it.taking);
	came = signals_signal() != 0;
	sigemptyset(&pending);
	sigpending(&pending);
	for (i = 0; i < 2 + (size_t)it.hangup && !came; i++) {
		came = sigismember(&pending, numbers[i]) == 1;
		if (came)
			kill(getpid(), numbers[i]);
	}
	pthread_mutex_unlock(&it.taking);
	return came;
}

bool signals_came(void)
{
	/* A parent takes it in a handler: it is never pending. */
	if (it.event == -1 || !has_come())
		return signals_signal() != 0;
	signals_wait_readable(-1);
	return true;
}

enum signals_ready signals_wait_either(int first, int second)
{
	struct pollfd fds[3] = {
		{ .fd = first, .events = POLLIN },
		{ .fd = second, .events = POLLIN },
		{ .fd = it.event, .events = POLLIN },
	};

	while (poll(fds, 3, -1) == -1 && errno == EINTR)
		;
	if (fds[2].revents != 0)
		return SIGNALS_CAME;
	return fds[0].revents == 0 && fds[1].revents != 0 ? SIGNALS_SECOND
							  : SIGNALS_FIRST;
}

bool signals_wait_readable(int fd)
{
	return signals_wait_either(fd, -1) != SIGNALS_CAME;
}

bool signals_sleep(int64_t ns)
{
	struct pollfd event = { .fd = it.event, .events = POLLIN };
	const struct timespec t = { ns / 1000000000, ns % 1000000000 };

	return ppoll(&event, 1, &t, NULL) <= 0;
}

bool signals_again(int error)
{
	return error == EINTR && signals_signal() == 0;
}

int signals_open(const char *path, int flags)
{
	int fd;

	do
		fd = open(path, flags | O_CLOEXEC, 0666);
	while (fd == -1 && signals_again(errno));
	return fd;
}

void signals_on(void (*cancel)(void *arg), void *arg)
{
	pthread_mutex_lock(&it.lock);
	it.cancel = cancel;
	it.arg = arg;
	if (cancel != NULL && signals_signal() != 0)
		cancel(arg);
	pthread_mutex_unlock(&it.lock);
}

void signals_die(void)
{
	sigset_t set;
	int number = signals_signal();

	taken(&set);
	signal(number, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}
