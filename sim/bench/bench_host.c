/* bench_host.c: see bench_host.h. */
#include "sim/bench/bench_host.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "splitter/base/big_endian.h"

enum { ATTENTIONS_MAX = 10, DEPTH_MAX = 64, POLL_MS = 1000 };
enum { DISK_BLOCK = 512, DISK_RING = 1 << 30 };

void bench_die(const char *what, const char *why)
{
	fprintf(stderr, "iscsi_main: %s: %s\n", what, why);
	exit(1);
}

int64_t bench_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Returns the task, which has ended, with any status. */
static struct scsi_task *run(struct iscsi_context *iscsi, int lun,
    const uint8_t *cdb, int cdb_bytes, void *in, const void *out, int bytes)
{
	int direction = in != NULL ? SCSI_XFER_READ
	    : out != NULL          ? SCSI_XFER_WRITE
				   : SCSI_XFER_NONE;
	unsigned char copy[BENCH_CDB_MAX] = { 0 };
	struct iscsi_data data = { 0 };
	struct scsi_task *task;

	memcpy(copy, cdb, (size_t)cdb_bytes);
	task = scsi_create_task(cdb_bytes, copy, direction, bytes);
	if (task == NULL)
		bench_die("a command", "out of memory");
	if (in != NULL && scsi_task_add_data_in_buffer(task, bytes, in) != 0)
		bench_die("a command", "out of memory");
	data.size = (size_t)bytes;
	data.data = (unsigned char *)(uintptr_t)out;
	if (iscsi_scsi_command_sync(iscsi, lun, task,
		out != NULL ? &data : NULL) == NULL)
		bench_die("a command", iscsi_get_error(iscsi));
	return task;
}

struct iscsi_context *bench_open(const char *portal, const char *target,
    int lun)
{
	struct iscsi_context *iscsi =
	    iscsi_create_context("iqn.2026-11.tapelab:bench");
	const uint8_t ready[6] = { 0 };
	bool good = false;

	if (iscsi == NULL)
		bench_die(portal, "out of memory");
	iscsi_set_targetname(iscsi, target);
	iscsi_set_session_type(iscsi, ISCSI_SESSION_NORMAL);
	iscsi_set_noautoreconnect(iscsi, 1);
	/* iscsi_full_connect_sync() fails while a drive loads. */
	if (iscsi_connect_sync(iscsi, portal) != 0 ||
	    iscsi_login_sync(iscsi) != 0)
		bench_die(portal, iscsi_get_error(iscsi));
	for (int i = 0; i < ATTENTIONS_MAX && !good; i++) {
		struct scsi_task *task =
		    run(iscsi, lun, ready, sizeof ready, NULL, NULL, 0);

		/* An empty drive is not ready, and that is all right. */
		good = task->status == SCSI_STATUS_GOOD ||
		    task->sense.key == SCSI_SENSE_NOT_READY;
		scsi_free_scsi_task(task);
	}
	if (!good)
		bench_die(target, "the unit is not ready");
	return iscsi;
}

void bench_close(struct iscsi_context *iscsi)
{
	iscsi_logout_sync(iscsi);
	iscsi_destroy_context(iscsi);
}

int bench_command(struct iscsi_context *iscsi, int lun, const uint8_t *cdb,
    int cdb_bytes, void *in, const void *out, int bytes)
{
	struct scsi_task *task =
	    run(iscsi, lun, cdb, cdb_bytes, in, out, bytes);
	char what[32];
	int got = bytes;

	snprintf(what, sizeof what, "command %02X", cdb[0]);
	if (task->status != SCSI_STATUS_GOOD)
		bench_die(what, iscsi_get_error(iscsi));
	if (task->residual_status == SCSI_RESIDUAL_UNDERFLOW)
		got -= (int)task->residual;
	scsi_free_scsi_task(task);
	return got;
}

void bench_do(struct iscsi_context *iscsi, int lun, const uint8_t *cdb,
    int cdb_bytes)
{
	bench_command(iscsi, lun, cdb, cdb_bytes, NULL, NULL, 0);
}

/* A transfer in progress. */
struct transfer {
	struct iscsi_context *iscsi;
	int lun;
	enum bench_work work;
	uint32_t block;
	uint64_t begun, done;
	unsigned in_flight;
};

/* One of its commands; used again when that has ended. */
struct place {
	struct transfer *transfer;
	uint64_t number; /* of its block */
	unsigned char *buffer;
	bool busy;
};

static void ended(struct iscsi_context *iscsi, int status, void *command_data,
    void *private_data)
{
	struct place *place = private_data;
	struct transfer *t = place->transfer;
	struct scsi_task *task = command_data;

	if (status != SCSI_STATUS_GOOD)
		bench_die("transfer", iscsi_get_error(iscsi));
	if (task->residual_status != SCSI_RESIDUAL_NO_RESIDUAL)
		bench_die("transfer", "a block of another length");
	if (t->work == BENCH_READ_TAPE &&
	    get_be64(place->buffer) != place->number)
		bench_die("transfer", "not the block that was written");
	scsi_free_scsi_task(task);
	place->busy = false;
	t->in_flight--;
	t->done++;
}

static void begin(struct transfer *t, struct place *place)
{
	bool reads = t->work == BENCH_READ_TAPE;
	unsigned char cdb[10] = { reads ? 0x08 : 0x0a };
	struct iscsi_data data = { .size = t->block, .data = place->buffer };
	struct scsi_task *task;
	int cdb_bytes = 6;

	place->number = t->begun++;
	if (!reads)
		put_be64(place->buffer, place->number);
	put_be24(cdb + 2, t->block);
	if (t->work == BENCH_WRITE_DISK) {
		uint64_t ring = DISK_RING / t->block;

		cdb_bytes = sizeof cdb;
		memset(cdb, 0, sizeof cdb);
		cdb[0] = 0x2a;
		put_be32(cdb + 2,
		    place->number % ring * (t->block / DISK_BLOCK));
		put_be16(cdb + 7, t->block / DISK_BLOCK);
	}
	task = scsi_create_task(cdb_bytes, cdb,
	    reads ? SCSI_XFER_READ : SCSI_XFER_WRITE, (int)t->block);
	if (task == NULL ||
	    (reads &&
		scsi_task_add_data_in_buffer(task, (int)t->block,
		    place->buffer) != 0))
		bench_die("transfer", "out of memory");
	place->busy = true;
	t->in_flight++;
	if (iscsi_scsi_command_async(t->iscsi, t->lun, task, ended,
		reads ? NULL : &data, place) != 0)
		bench_die("transfer", iscsi_get_error(t->iscsi));
}

/* Makes buffers with data that cannot be compressed. */
static void make_places(struct transfer *t, struct place *places,
    unsigned depth)
{
	uint64_t seed = 1;

	if (depth == 0 || depth > DEPTH_MAX || t->block < 8)
		bench_die("transfer", "an impossible size");
	for (unsigned i = 0; i < depth; i++) {
		places[i] = (struct place){ t, 0, malloc(t->block), false };
		if (places[i].buffer == NULL)
			bench_die("transfer", "out of memory");
		for (uint32_t k = 0; k < t->block; k++) {
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			places[i].buffer[k] = (unsigned char)(seed >> 56);
		}
	}
}

/* Begins commands until `depth` are outstanding; waits until one ends. */
static void transfer_some(struct transfer *t, struct place *places,
    unsigned depth, uint64_t count)
{
	for (unsigned i = 0; i < depth && t->begun < count; i++)
		if (!places[i].busy)
			begin(t, &places[i]);
	bench_wait(t->iscsi, NULL);
}

/* Waits for what is outstanding. */
static void end_transfer(struct transfer *t, struct place *places,
    unsigned depth)
{
	while (t->in_flight > 0)
		bench_wait(t->iscsi, NULL);
	for (unsigned i = 0; i < depth; i++)
		free(places[i].buffer);
}

void bench_transfer(struct iscsi_context *iscsi, int lun, enum bench_work work,
    uint32_t block, uint64_t count, unsigned depth)
{
	struct transfer t = { iscsi, lun, work, block, 0, 0, 0 };
	struct place places[DEPTH_MAX];

	make_places(&t, places, depth);
	while (t.done < count)
		transfer_some(&t, places, depth, count);
	end_transfer(&t, places, depth);
}

uint64_t bench_stream(struct iscsi_context *iscsi, int lun, uint32_t block,
    unsigned depth, int64_t from_ns, int64_t until_ns)
{
	struct transfer t = { iscsi, lun, BENCH_WRITE_TAPE, block, 0, 0, 0 };
	struct place places[DEPTH_MAX];
	uint64_t before;

	make_places(&t, places, depth);
	while (bench_now_ns() < from_ns)
		transfer_some(&t, places, depth, UINT64_MAX);
	before = t.done;
	while (bench_now_ns() < until_ns)
		transfer_some(&t, places, depth, UINT64_MAX);
	before = t.done - before;
	end_transfer(&t, places, depth);
	return before;
}

void bench_wait(struct iscsi_context *a, struct iscsi_context *b)
{
	struct iscsi_context *each[2] = { a, b };
	struct pollfd fds[2];
	nfds_t n = b != NULL ? 2 : 1;

	for (nfds_t i = 0; i < n; i++)
		fds[i] = (struct pollfd){ .fd = iscsi_get_fd(each[i]),
			.events = (short)iscsi_which_events(each[i]) };
	if (poll(fds, n, POLL_MS) < 0)
		bench_die("poll", "failed");
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents != 0 &&
		    iscsi_service(each[i], fds[i].revents) != 0)
			bench_die("the connection", iscsi_get_error(each[i]));
}
