/*
 * file_lock.h: locks on bytes of a file, which show that a process is alive.
 *
 * They are the open file description locks of fcntl(2).
 *
 * Invariants:
 *
 *  1. A lock lasts until file_lock_close() or the end of the process, however
 *     it ends.  Closing another descriptor of the file does not release it.
 *  2. No child of fork() and no executed program inherits a lock: in a child
 *  the
 *     descriptor is closed before fork() returns.
 *  3. The holder of a lock may be another thread, another process, another PID
 *     name space, another host that shares the file system.
 *
 * Any thread may call these functions.
 */
#ifndef VTL_FILE_LOCK_H
#define VTL_FILE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum file_lock_open {
	FILE_LOCK_READ,  /* to query, and for shared locks */
	FILE_LOCK_WRITE, /* for exclusive and shared locks */
	FILE_LOCK_CREATE /* as FILE_LOCK_WRITE; creates an empty file */
};

enum file_lock_result {
	FILE_LOCK_TAKEN,
	FILE_LOCK_HELD,  /* another process has a lock */
	FILE_LOCK_FAILED /* errno has the reason */
};

struct file_lock;

/*
 * Opens a regular file for locks.  Follows no symbolic link, and does not wait
 * for a FIFO.  Returns NULL with errno on error; EINVAL or ELOOP means that it
 * is not a regular file.
 */
struct file_lock *file_lock_open(const char *path, enum file_lock_open how);

/* Releases all locks of `lock`, and frees it.  NULL is allowed. */
void file_lock_close(struct file_lock *lock);

/*
 * Returns false in a child of the process that opened the file.  The child has
 * no lock, and may only close `lock`.
 */
bool file_lock_is_open(const struct file_lock *lock);

/* Locks one byte, which may be beyond the end of the file.  Does not wait. */
enum file_lock_result file_lock_take(struct file_lock *lock, int64_t byte,
    bool shared);

/* Releases the lock on a byte. */
void file_lock_release(struct file_lock *lock, int64_t byte);

/*
 * Tests for a lock of another process on the byte.  Returns HELD if there is
 * one, TAKEN if not.  Does not lock the byte.
 */
enum file_lock_result file_lock_test(const struct file_lock *lock,
    int64_t byte);

/* Stores the fstat(2) data of the file.  Returns 0, or -1 with errno. */
int file_lock_stat(const struct file_lock *lock, struct stat *st);

/* Returns whether this process has the file of `st` open for locks. */
bool file_lock_is_own(const struct stat *st);

/*
 * Returns a sentence for a message about a failed lock on a file: what `error`
 * means, and what to do.
 */
const char *file_lock_reason(int error);

#endif
