/*
 * file_lock.h: locks on bytes of a file, which say that somebody is alive.
 *
 * They are the open file description locks of fcntl(2).
 *
 * Invariants:
 *
 *  1. A lock lasts until file_lock_close() or the end of the process, however
 *     it ends.  Closing another descriptor of the same file does not end it.
 *  2. No child of fork() and no program that is executed keeps it: in a child
 *     the descriptor is closed before fork() returns.
 *  3. Who holds a lock does not matter: another thread, another process,
 *     another PID name space, another host that shares the file system.
 *
 * Any thread may call these functions.
 */
#ifndef VTL_FILE_LOCK_H
#define VTL_FILE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum file_lock_open {
	FILE_LOCK_READ,  /* to ask, and for shared locks */
	FILE_LOCK_WRITE, /* for all locks */
	FILE_LOCK_CREATE /* likewise; an empty file is made */
};

enum file_lock_result {
	FILE_LOCK_TAKEN,
	FILE_LOCK_HELD,  /* by another */
	FILE_LOCK_FAILED /* errno says why */
};

struct file_lock;

/*
 * Opens a regular file for locks; follows no symbolic link and waits for no
 * FIFO.  NULL and errno; EINVAL or ELOOP: it is not a regular file.
 */
struct file_lock *file_lock_open(const char *path, enum file_lock_open how);

/* Ends its locks.  NULL is allowed. */
void file_lock_close(struct file_lock *lock);

/*
 * False in a child of the process that opened it: there it holds nothing, and
 * may only be closed.
 */
bool file_lock_is_open(const struct file_lock *lock);

/* Locks one byte, which need not be in the file.  Does not wait. */
enum file_lock_result file_lock_take(struct file_lock *lock, int64_t byte,
    bool shared);

/* Ends the lock on a byte. */
void file_lock_drop(struct file_lock *lock, int64_t byte);

/*
 * Whether another holds a lock on the byte: HELD, or TAKEN where nobody does
 * (the byte is not locked by this).
 */
enum file_lock_result file_lock_ask(const struct file_lock *lock, int64_t byte);

/* What fstat(2) says of the file.  0, or -1 and errno. */
int file_lock_stat(const struct file_lock *lock, struct stat *st);

/* Whether this process has the file of `st` open for locks. */
bool file_lock_is_here(const struct stat *st);

/*
 * What an error of file_lock_take(), or of another lock on a file, means, and
 * what to do: a sentence for a message.
 */
const char *file_lock_reason(int error);

#endif
