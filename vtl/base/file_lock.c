/*
 * file_lock.c: see file_lock.h.
 *
 * A child of fork() shares the open file descriptions of its parent, and so the
 * locks.  All locks are in a list, and a handler that fork() calls in the child
 * closes their descriptors.  This releases no lock of the parent, which still
 * has the description open.
 */
#include "vtl/base/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_lock {
	int fd; /* -1: this process is a child that inherited the lock */
	dev_t device;
	ino_t inode;
	struct file_lock *next;
};

static struct {
	pthread_mutex_t mutex;
	struct file_lock *first;
	bool watched; /* fork() calls the handlers */
} all = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void before_fork(void)
{
	pthread_mutex_lock(&all.mutex);
}

static void after_fork(void)
{
	pthread_mutex_unlock(&all.mutex);
}

static void in_child(void)
{
	struct file_lock *lock;

	for (lock = all.first; lock != NULL; lock = lock->next) {
		close(lock->fd);
		lock->fd = -1;
	}
	all.first = NULL;
	pthread_mutex_unlock(&all.mutex);
}

/* Opens the file and adds it to the list.  Returns 0, or an error. */
static int open_listed(struct file_lock *lock, const char *path, int flags)
{
	struct stat st;
	int error = 0;

	if (!all.watched)
		error = pthread_atfork(before_fork, after_fork, in_child);
	if (error != 0)
		return error;
	all.watched = true;
	lock->fd = open(path, flags, 0666);
	if (lock->fd == -1)
		return errno;
	error = fstat(lock->fd, &st) != 0 ? errno
	    : S_ISREG(st.st_mode)         ? 0
					  : EINVAL;
	if (error != 0) {
		close(lock->fd);
		return error;
	}
	lock->device = st.st_dev;
	lock->inode = st.st_ino;
	lock->next = all.first;
	all.first = lock;
	return 0;
}

struct file_lock *file_lock_open(const char *path, enum file_lock_open how)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
	    (how == FILE_LOCK_READ ? O_RDONLY : O_RDWR) |
	    (how == FILE_LOCK_CREATE ? O_CREAT : 0);
	struct file_lock *lock = calloc(1, sizeof *lock);
	int error = ENOMEM;

	if (lock != NULL) {
		/*
		 * While the mutex is held, no child is created between opening
		 * the descriptor and adding it to the list.
		 */
		pthread_mutex_lock(&all.mutex);
		error = open_listed(lock, path, flags);
		pthread_mutex_unlock(&all.mutex);
	}
	if (error == 0)
		return lock;
	free(lock);
	errno = error;
	return NULL;
}

void file_lock_close(struct file_lock *lock)
{
	struct file_lock **at;

	if (lock == NULL)
		return;
	pthread_mutex_lock(&all.mutex);
	for (at = &all.first; *at != NULL && *at != lock; at = &(*at)->next)
		;
	if (*at == lock)
		*at = lock->next;
	pthread_mutex_unlock(&all.mutex);
	if (lock->fd != -1)
		close(lock->fd);
	free(lock);
}

bool file_lock_is_open(const struct file_lock *lock)
{
	return lock->fd != -1;
}

static struct flock one_byte(int64_t byte, short type)
{
	return (struct flock){ .l_type = type,
		.l_whence = SEEK_SET,
		.l_start = byte,
		.l_len = 1 };
}

enum file_lock_result file_lock_take(struct file_lock *lock, int64_t byte,
    bool shared)
{
	struct flock f = one_byte(byte, shared ? F_RDLCK : F_WRLCK);

	if (fcntl(lock->fd, F_OFD_SETLK, &f) == 0)
		return FILE_LOCK_TAKEN;
	return errno == EAGAIN || errno == EACCES ? FILE_LOCK_HELD
						  : FILE_LOCK_FAILED;
}

void file_lock_release(struct file_lock *lock, int64_t byte)
{
	struct flock f = one_byte(byte, F_UNLCK);

	fcntl(lock->fd, F_OFD_SETLK, &f);
}

enum file_lock_result file_lock_test(const struct file_lock *lock, int64_t byte)
{
	struct flock f = one_byte(byte, F_WRLCK);

	if (fcntl(lock->fd, F_OFD_GETLK, &f) != 0)
		return FILE_LOCK_FAILED;
	return f.l_type == F_UNLCK ? FILE_LOCK_TAKEN : FILE_LOCK_HELD;
}

int file_lock_stat(const struct file_lock *lock, struct stat *st)
{
	return fstat(lock->fd, st);
}

bool file_lock_is_own(const struct stat *st)
{
	const struct file_lock *lock;

	pthread_mutex_lock(&all.mutex);
	for (lock = all.first; lock != NULL; lock = lock->next)
		if (lock->device == st->st_dev && lock->inode == st->st_ino)
			break;
	pthread_mutex_unlock(&all.mutex);
	return lock != NULL;
}

const char *file_lock_reason(int error)
{
	switch (error) {
	case ENOLCK:
	case ENOSYS:
	case EOPNOTSUPP:
	case EINVAL:
		return "its file system has no file locks, which keep two "
		       "programs apart: put it on one that has";
	case EFBIG: /* EFBIG is returned because SIGXFSZ is ignored */
		return "the file may not grow: raise the limit for files "
		       "(ulimit -f), and write again";
	default:
		return strerror(error);
	}
}
