/*
 * failing_impl.h: shared by the stand-ins, with their names.
 *
 *   failing.c         the countdown and the ledger
 *   failing_memory.c  allocations
 *   failing_system.c  system calls and threads
 *
 * failing.syms makes the code under test call the stand-ins; each replaces the
 * call of its name.
 */
#ifndef SPLITTER_TESTS_FAILING_IMPL_H
#define SPLITTER_TESTS_FAILING_IMPL_H

#include <stdarg.h>
#include <locale.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "splitter/tests/failing/failing.h"

/* Counts a call.  Returns whether the call must fail, and then sets errno. */
bool failing_now(enum failing_kind kind);

/*
 * Counts a call that may process less than `*bytes`, and reduces `*bytes` for a
 * short call.  Returns whether the call must fail, and then sets errno.
 */
bool failing_transfer(enum failing_kind kind, size_t *bytes);

/* Notes that a resource was acquired (1) or released (-1). */
void failing_allocated(long change);
void failing_mapped(long change);
void failing_started(long change);

void *failing_malloc(size_t bytes);
void *failing_calloc(size_t count, size_t bytes);
void *failing_realloc(void *old, size_t bytes);
void *failing_reallocarray(void *old, size_t count, size_t bytes);
void failing_free(void *p);
char *failing_strdup(const char *text);
char *failing_strndup(const char *text, size_t bytes);
int failing_asprintf(char **text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int failing_asprintf_chk(char **text, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int failing_vasprintf(char **text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
int failing_vasprintf_chk(char **text, int flag, const char *format,
    va_list args) __attribute__((format(printf, 3, 0)));
ssize_t failing_getdelim(char **line, size_t *bytes, int end, FILE *from);
FILE *failing_open_memstream(char **bytes, size_t *count);
locale_t failing_newlocale(int mask, const char *name, locale_t base);
void failing_freelocale(locale_t locale);
void *failing_createState(void);
int failing_freeState(void *state);

int failing_open(const char *path, int flags, ...);
int failing_mkostemp(char *path, int flags);
char *failing_mkdtemp(char *path);
int failing_mkdir(const char *path, mode_t mode);
FILE *failing_fopen(const char *path, const char *mode);
FILE *failing_fdopen(int fd, const char *mode);
int failing_pipe2(int fds[2], int flags);
int failing_stat(const char *path, struct stat *st);
int failing_fstat(int fd, struct stat *st);
int failing_fcntl(int fd, int command, ...);
ssize_t failing_write(int fd, const void *bytes, size_t count);
ssize_t failing_pwrite(int fd, const void *bytes, size_t count, off_t at);
int failing_ftruncate(int fd, off_t bytes);
int failing_rename(const char *from, const char *to);
int failing_close(int fd);
ssize_t failing_read(int fd, void *bytes, size_t count);
ssize_t failing_pread(int fd, void *bytes, size_t count, off_t at);
void *failing_mmap(void *at, size_t bytes, int protection, int flags, int fd,
    off_t offset);
int failing_munmap(void *at, size_t bytes);
int failing_thread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*body)(void *), void *arg);
int failing_thread_join(pthread_t thread, void **result);
int failing_spawnp(pid_t *pid, const char *file,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const argv[],
    char *const environment[]);

#endif
