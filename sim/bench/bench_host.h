/*
 * bench_host.h: an iSCSI initiator for measurements, on libiscsi.
 *
 * Every failure ends the program with a message.  One thread.
 */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdint.h>

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

enum { BENCH_CDB_MAX = 16 };

/* Prints "iscsi_main: ..." and ends the program. */
void bench_die(const char *what, const char *why) __attribute__((noreturn));

int64_t bench_now_ns(void);

/*
 * Logs in to a target, and sends TEST UNIT READY to the LUN until no unit
 * attention is left.
 */
struct iscsi_context *bench_open(const char *portal, const char *target,
    int lun);
void bench_close(struct iscsi_context *iscsi);

/*
 * Sends a command that must succeed.  `in` has room for `bytes` bytes of
 * data-in; NULL: `out` has `bytes` bytes of data-out, or there is no data.
 * Returns the number of bytes that came.
 */
int bench_command(struct iscsi_context *iscsi, int lun, const uint8_t *cdb,
    int cdb_bytes, void *in, const void *out, int bytes);

/* The same without data. */
void bench_do(struct iscsi_context *iscsi, int lun, const uint8_t *cdb,
    int cdb_bytes);

enum bench_work {
	BENCH_WRITE_TAPE, /* WRITE(6), one block each */
	BENCH_READ_TAPE,  /* READ(6), of what was written so */
	BENCH_WRITE_DISK  /* WRITE(10), of a disk of 512-byte blocks */
};

/*
 * Transfers `count` blocks of `block` bytes with up to `depth` commands
 * outstanding.  Each block begins with its number, which is checked when it is
 * read.  Blocks of a disk are written in a ring of 1 GiB.
 */
void bench_transfer(struct iscsi_context *iscsi, int lun, enum bench_work work,
    uint32_t block, uint64_t count, unsigned depth);

/*
 * Writes blocks of a tape, and returns how many were written between two times
 * of bench_now_ns().
 */
uint64_t bench_stream(struct iscsi_context *iscsi, int lun, uint32_t block,
    unsigned depth, int64_t from_ns, int64_t until_ns);

/* Waits for events of up to two contexts, and lets libiscsi handle them. */
void bench_wait(struct iscsi_context *a, struct iscsi_context *b);

#endif
