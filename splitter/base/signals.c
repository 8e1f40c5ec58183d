/*
 * signals.c: see signals.h.
 *
 * After a signal, no thread may stay in a call that waits for another process
 * (a FIFO without a writer, a pipe that is not read).  So every thread is sent
 * SIGURG, whose handler does nothing and restarts no call.  It is sent again
 * every 100 ms, because a thread may be about to begin such a call.  A parent
 * process uses alarm() for the same purpose.
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
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* One keystroke may send a signal twice: to the process and to its group. */
enum { SECOND_SIGNAL_NS = 1500000000, WAKE_MS = 100 };

static struct {
	pthread_mutex_t lock;
	/* held from sigtimedwait() until `signal` is set */
	pthread_mutex_t taking;
	void (*cancel)(void *arg);
	void *arg;
	atomic_int signal;
	bool hangup;      /* whether SIGHUP is handled */
	int event;        /* eventfd: readable after a signal; or -1 */
	int pending;      /* signalfd: readable while a signal is pending */
	int64_t first_ns; /* time of the first signal */
	/* The children of a parent process; 0: a free place. */
	atomic_int children[SIGNALS_CHILDREN_MAX];
} state = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.taking = PTHREAD_MUTEX_INITIALIZER,
	.event = -1,
	.pending = -1 };

static void get_handled(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	if (state.hangup)
		sigaddset(set, SIGHUP);
}

/*
 * Records a signal.  Returns false if this is a second signal more than 1.5 s
 * after the first one: the process must end.
 */
static bool record_signal(int number)
{
	if (atomic_exchange(&state.signal, number) != 0)
		return clock_now_ns() - state.first_ns <= SECOND_SIGNAL_NS;
	state.first_ns = clock_now_ns();
	return true;
}

static void do_nothing(int number)
{
	(void)number;
}

/*
 * Sets a handler without SA_RESTART, because the signal must end calls that
 * wait.
 */
static int handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	get_handled(&action.sa_mask);
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

/*
 * Waits for a signal and records it.  Returns its number, or -1 after the
 * timeout.
 */
static int take_one(const sigset_t *set, int timeout_ms)
{
	static const struct timespec now = { 0 };
	struct pollfd p = { .fd = state.pending, .events = POLLIN };
	int number;

	poll(&p, 1, timeout_ms);
	pthread_mutex_lock(&state.taking);
	number = sigtimedwait(set, NULL, &now);
	if (number != -1 && !record_signal(number))
		signals_die();
	pthread_mutex_unlock(&state.taking);
	return number;
}

static void *take_signals(void *arg)
{
	bool again = false;
	sigset_t set;
	int number;

	(void)arg;
	get_handled(&set);
	for (;;) {
		number = take_one(&set, again ? WAKE_MS : -1);
		if (again)
			wake_all();
		if (number == -1 || again)
			continue;
		again = true;
		/*
		 * `cancel` must run before the waiting threads wake up and
		 * fail.
		 */
		pthread_mutex_lock(&state.lock);
		if (state.cancel != NULL)
			state.cancel(state.arg);
		pthread_mutex_unlock(&state.lock);
		eventfd_write(state.event, 1);
		wake_all();
	}
	return NULL;
}

/*
 * Decides whether SIGHUP is handled, and sets the handler of SIGURG.  nohup(1)
 * starts programs with SIGHUP ignored, and SIGHUP then stays ignored.
 */
static int begin(void)
{
	struct sigaction hangup;

	if (sigaction(SIGHUP, NULL, &hangup) != 0)
		return -1;
	state.hangup = hangup.sa_handler != SIG_IGN;
	return handle(SIGURG, do_nothing);
}

int signals_begin(void)
{
	pthread_t thread;
	sigset_t set;

	if (begin() != 0)
		return -1;
	get_handled(&set);
	state.event = eventfd(0, EFD_CLOEXEC);
	state.pending = signalfd(-1, &set, SFD_CLOEXEC);
	if (state.event == -1 || state.pending == -1)
		return -1;
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, take_signals, NULL) != 0)
		return -1;
	return pthread_detach(thread) == 0 ? 0 : -1;
}

/* The signal handler of a parent process: forwards the signal. */
static void forward(int number)
{
	int error = errno;
	bool first = record_signal(number), any = false;

	for (size_t i = 0; i < SIGNALS_CHILDREN_MAX; i++) {
		int child = atomic_load(&state.children[i]);

		if (child > 0)
			kill(child, number);
		any |= child > 0;
	}
	if (!any && !first)
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
	    handle(SIGINT, forward) != 0 || handle(SIGTERM, forward) != 0)
		return -1;
	return state.hangup ? handle(SIGHUP, forward) : 0;
}

/* Puts `to` in the place of a child.  Returns NULL if there is no place. */
static atomic_int *replace_child(pid_t from, pid_t to)
{
	for (size_t i = 0; i < SIGNALS_CHILDREN_MAX; i++)
		if (atomic_load(&state.children[i]) == from) {
			atomic_store(&state.children[i], to);
			return &state.children[i];
		}
	return NULL;
}

pid_t signals_fork(void)
{
	pid_t parent = getpid(), child = -1;
	sigset_t set, before;
	atomic_int *place;

	get_handled(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	place = replace_child(0, 0);
	if (signals_signal() != 0)
		errno = EINTR;
	else if (place == NULL)
		errno = EAGAIN;
	else
		child = fork();
	if (child == 0) {
		/*
		 * If the parent died before the call of prctl(), no signal is
		 * sent.
		 */
		if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 ||
		    getppid() != parent)
			_exit(EXIT_FAILURE);
		signal(SIGALRM, SIG_DFL);
		/* Its brothers are no children of the child. */
		memset(state.children, 0, sizeof state.children);
		return 0;
	}
	if (child > 0)
		atomic_store(place, child);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return child;
}

void signals_forget_child(pid_t child)
{
	if (child > 0)
		replace_child(child, 0);
}

int signals_signal(void)
{
	return atomic_load(&state.signal);
}

/*
 * Returns whether a signal was taken or is pending.  A pending signal is sent
 * to the process again: it may have been sent to this thread alone, and the
 * signal thread would never take it.
 */
static bool has_come(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t pending;
	bool came;
	size_t i;

	pthread_mutex_lock(&state.taking);
	came = signals_signal() != 0;
	sigemptyset(&pending);
	sigpending(&pending);
	for (i = 0; i < 2 + (size_t)state.hangup && !came; i++) {
		came = sigismember(&pending, numbers[i]) == 1;
		if (came)
			kill(getpid(), numbers[i]);
	}
	pthread_mutex_unlock(&state.taking);
	return came;
}

bool signals_came(void)
{
	/*
	 * A parent process handles a signal at once, so no signal is pending.
	 */
	if (state.event == -1 || !has_come())
		return signals_signal() != 0;
	signals_wait_readable(-1);
	return true;
}

enum signals_ready signals_wait_either(int first, int second)
{
	struct pollfd fds[3] = {
		{ .fd = first, .events = POLLIN },
		{ .fd = second, .events = POLLIN },
		{ .fd = state.event, .events = POLLIN },
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
	struct pollfd event = { .fd = state.event, .events = POLLIN };
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
	pthread_mutex_lock(&state.lock);
	state.cancel = cancel;
	state.arg = arg;
	if (cancel != NULL && signals_signal() != 0)
		cancel(arg);
	pthread_mutex_unlock(&state.lock);
}

void signals_die(void)
{
	sigset_t set;
	int number = signals_signal();

	get_handled(&set);
	signal(number, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}
