/* initiator.c: see initiator.h. */
#include "vtl/iscsi/target/tests/initiator.h"

#include <check.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_S = 60, NAME_BYTES = 256 };

struct iscsi_context *initiator_new(const char *last)
{
	char name[NAME_BYTES];
	struct iscsi_context *initiator;

	snprintf(name, sizeof name, "iqn.2026-11.org.example:%s", last);
	initiator = iscsi_create_context(name);
	ck_assert_ptr_nonnull(initiator);
	iscsi_set_session_type(initiator, ISCSI_SESSION_NORMAL);
	iscsi_set_noautoreconnect(initiator, 1);
	iscsi_set_timeout(initiator, TIMEOUT_S);
	return initiator;
}

void initiator_free(struct iscsi_context *initiator)
{
	iscsi_destroy_context(initiator);
}

const char *initiator_log_in(struct iscsi_context *initiator,
    const char *address, const char *target)
{
	iscsi_set_targetname(initiator, target);
	return iscsi_connect_sync(initiator, address) == 0 &&
		iscsi_login_sync(initiator) == 0
	    ? NULL
	    : iscsi_get_error(initiator);
}

void initiator_must_log_in(struct iscsi_context *initiator, const char *address,
    const char *target)
{
	const char *error = initiator_log_in(initiator, address, target);

	ck_assert_msg(error == NULL, "%s", error);
}

void initiator_log_out(struct iscsi_context *initiator)
{
	ck_assert_msg(iscsi_logout_sync(initiator) == 0, "%s",
	    iscsi_get_error(initiator));
	iscsi_destroy_context(initiator);
}

void initiator_set_digests(struct iscsi_context *initiator)
{
	iscsi_set_header_digest(initiator, ISCSI_HEADER_DIGEST_CRC32C);
}

void initiator_set_user(struct iscsi_context *initiator, const char *user,
    const char *secret)
{
	ck_assert_int_eq(iscsi_set_initiator_username_pwd(initiator, user,
			     secret),
	    0);
}

void initiator_expect_target(struct iscsi_context *initiator, const char *user,
    const char *secret)
{
	ck_assert_int_eq(iscsi_set_target_username_pwd(initiator, user, secret),
	    0);
}

void initiator_set_isid(struct iscsi_context *initiator, unsigned number)
{
	iscsi_set_isid_random(initiator, number, 0);
}

static const char *describe(const struct scsi_task *task)
{
	static char text[128];
	const struct scsi_sense *sense = &task->sense;
	int n;

	if (task->status == SCSI_STATUS_GOOD)
		n = snprintf(text, sizeof text, "good");
	else if (task->status == SCSI_STATUS_CHECK_CONDITION)
		n = snprintf(text, sizeof text, "%X/%02X/%02X", sense->key,
		    sense->ascq >> 8, sense->ascq & 0xff);
	else
		n = snprintf(text, sizeof text, "status %d", task->status);
	if (task->residual_status != SCSI_RESIDUAL_NO_RESIDUAL)
		snprintf(text + n, sizeof text - (size_t)n, " %s %zu",
		    task->residual_status == SCSI_RESIDUAL_UNDERFLOW ? "under"
								     : "over",
		    task->residual);
	return text;
}

static struct scsi_task *new_task(const char *text, int direction, int bytes)
{
	static const int lengths[] = { 6, 10, 10, 10, 16, 12, 6, 6 };
	unsigned char cdb[16] = { 0 };
	struct scsi_task *task;
	int n = 0;
	char *end;

	for (; *text != '\0'; text = end) {
		ck_assert_int_lt(n, 16);
		cdb[n++] = (unsigned char)strtoul(text, &end, 16);
		ck_assert_ptr_ne(text, end);
	}
	task = scsi_create_task(lengths[cdb[0] >> 5], cdb, direction, bytes);
	ck_assert_ptr_nonnull(task);
	return task;
}

static const char *run(struct iscsi_context *initiator, int lun,
    struct scsi_task *task, struct iscsi_data *out)
{
	const char *text;

	ck_assert_msg(iscsi_scsi_command_sync(initiator, lun, task, out) !=
		NULL,
	    "%s", iscsi_get_error(initiator));
	text = describe(task);
	scsi_free_scsi_task(task);
	return text;
}

const char *initiator_do(struct iscsi_context *initiator, int lun,
    const char *cdb)
{
	return run(initiator, lun, new_task(cdb, SCSI_XFER_NONE, 0), NULL);
}

const char *initiator_read(struct iscsi_context *initiator, int lun,
    const char *cdb, void *data, int bytes)
{
	struct scsi_task *task = new_task(cdb, SCSI_XFER_READ, bytes);

	scsi_task_add_data_in_buffer(task, bytes, data);
	return run(initiator, lun, task, NULL);
}

const char *initiator_write(struct iscsi_context *initiator, int lun,
    const char *cdb, const void *data, int bytes)
{
	struct iscsi_data out = { .size = (size_t)bytes,
		.data = (unsigned char *)data };

	return run(initiator, lun, new_task(cdb, SCSI_XFER_WRITE, bytes), &out);
}

const char *initiator_cdb(unsigned opcode, unsigned flags, unsigned length)
{
	static char text[32];

	snprintf(text, sizeof text, "%x %x %x %x %x 0", opcode, flags,
	    length >> 16, length >> 8 & 0xff, length & 0xff);
	return text;
}

/* Serves the connection until *done, or until nothing is left to send. */
static void serve(struct iscsi_context *initiator, const bool *done)
{
	while (done != NULL ? !*done : iscsi_out_queue_length(initiator) > 0) {
		struct pollfd fd = { .fd = iscsi_get_fd(initiator),
			.events = (short)iscsi_which_events(initiator) };

		ck_assert_int_ge(poll(&fd, 1, TIMEOUT_S * 1000), 1);
		ck_assert_msg(iscsi_service(initiator, fd.revents) == 0, "%s",
		    iscsi_get_error(initiator));
	}
}

static void ignore(struct iscsi_context *initiator, int status, void *data,
    void *arg)
{
	(void)initiator;
	(void)status;
	(void)data;
	(void)arg;
}

struct scsi_task *initiator_begin(struct iscsi_context *initiator, int lun,
    const char *cdb, const void *data, int bytes)
{
	struct scsi_task *task = new_task(cdb, SCSI_XFER_WRITE, bytes);
	struct iscsi_data out = { .size = (size_t)bytes,
		.data = (unsigned char *)data };

	ck_assert_int_eq(iscsi_scsi_command_async(initiator, lun, task, ignore,
			     &out, NULL),
	    0);
	serve(initiator, NULL);
	return task;
}

struct many {
	int left;
	bool done;
	const char *answer;
};

static void on_read(struct iscsi_context *initiator, int status, void *data,
    void *arg)
{
	struct scsi_task *task = data;
	struct many *many = arg;

	(void)initiator;
	(void)status;
	if (strcmp(many->answer, "good") == 0)
		many->answer = describe(task);
	scsi_free_scsi_task(task);
	many->done = --many->left == 0;
}

const char *initiator_read_many(struct iscsi_context *initiator, int lun,
    const char *cdb, uint8_t *data, int bytes, int count)
{
	struct many many = { .left = count, .answer = "good" };

	for (int i = 0; i < count; i++) {
		struct scsi_task *task = new_task(cdb, SCSI_XFER_READ, bytes);

		scsi_task_add_data_in_buffer(task, bytes,
		    data + (size_t)i * (size_t)bytes);
		ck_assert_int_eq(iscsi_scsi_command_async(initiator, lun, task,
				     on_read, NULL, &many),
		    0);
	}
	serve(initiator, &many.done);
	return many.answer;
}

void initiator_forget(struct scsi_task *task)
{
	scsi_free_scsi_task(task);
}

bool initiator_abort(struct iscsi_context *initiator, struct scsi_task *task)
{
	bool complete = iscsi_task_mgmt_abort_task_sync(initiator, task) == 0;

	scsi_free_scsi_task(task);
	return complete;
}

bool initiator_reset(struct iscsi_context *initiator, int lun)
{
	return iscsi_task_mgmt_lun_reset_sync(initiator, (uint32_t)lun) == 0;
}

struct echo {
	const char *data;
	bool same, done;
};

static void on_echo(struct iscsi_context *initiator, int status, void *data,
    void *arg)
{
	const struct iscsi_data *echo = data;
	struct echo *e = arg;

	(void)initiator;
	e->done = true;
	e->same = status == SCSI_STATUS_GOOD && echo->size == strlen(e->data) &&
	    memcmp(echo->data, e->data, echo->size) == 0;
}

bool initiator_nop(struct iscsi_context *initiator, const char *data)
{
	struct echo e = { .data = data };

	ck_assert_int_eq(iscsi_nop_out_async(initiator, on_echo,
			     (unsigned char *)data, (int)strlen(data), &e),
	    0);
	serve(initiator, &e.done);
	return e.same;
}

void initiator_discover(const char *last, const char *address, char *text,
    int room)
{
	struct iscsi_context *initiator = initiator_new(last);
	struct iscsi_discovery_address *list;

	iscsi_set_session_type(initiator, ISCSI_SESSION_DISCOVERY);
	text[0] = '\0';
	ck_assert_int_eq(iscsi_connect_sync(initiator, address), 0);
	ck_assert_msg(iscsi_login_sync(initiator) == 0, "%s",
	    iscsi_get_error(initiator));
	list = iscsi_discovery_sync(initiator);
	for (struct iscsi_discovery_address *a = list; a != NULL; a = a->next) {
		size_t at = strlen(text);

		snprintf(text + at, (size_t)room - at, "%s %s\n",
		    a->target_name, a->portals->portal);
	}
	iscsi_free_discovery_data(initiator, list);
	initiator_log_out(initiator);
}
