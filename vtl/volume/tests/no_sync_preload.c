/*
 * no_sync_preload.c: a disk on which nothing can be synchronised.
 *
 * With this library in LD_PRELOAD, fsync() and fdatasync() fail: a program that
 * waits for the disk gets an error.
 */
#include <errno.h>
#include <unistd.h>

int fsync(int fd)
{
	(void)fd;
	errno = EIO;
	return -1;
}

int fdatasync(int fd)
{
	return fsync(fd);
}
