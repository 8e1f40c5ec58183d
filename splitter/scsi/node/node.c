/* node.c: see node.h. */
#include "splitter/scsi/node/node.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <scsi/sg.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/node/names.h"

enum {
	LEAST_BYTES = 4096,
	/* Bytes of an entry of the adapter's table, as the driver makes them */
	SCATTER_BYTES = 32 << 10,
	VERSION_3 = 30000,
	HOST_NO_CONNECT = 1,
	HOST_TIME_OUT = 3,
	DRIVER_MASK = 0x0f,
	DRIVER_TIMED_OUT = 0x06,
	MS_PER_S = 1000,
	LONGEST_S = 2000000 /* in milliseconds less than INT_MAX */
};

struct node {
	struct scsi_port port; /* first member */
	const struct device_calls *calls;
	struct scsi_node_options options;
	int fd;
	int number; /* of the last command */
	uint32_t largest_bytes;
	bool has_residual;
	/* the command in progress: 0 and NULL without one */
	atomic_llong begun_ns;
	const char *_Atomic doing;
};

static int64_t node_clock_ns(struct scsi_port *port)
{
	const struct node *node = (struct node *)port;

	return node->calls->clock_ns(node->calls->arg);
}

static bool node_sleep_ns(struct scsi_port *port, int64_t ns)
{
	const struct node *node = (struct node *)port;

	if (node->options.sleep != NULL)
		return node->options.sleep(node->options.sleep_arg, ns);
	node->calls->sleep_ns(node->calls->arg, ns);
	return true;
}

static int64_t node_waiting_ns(const struct scsi_port *port, const char **name)
{
	struct node *node = (struct node *)(uintptr_t)port;
	int64_t begun_ns = atomic_load(&node->begun_ns);

	*name = begun_ns == 0 ? NULL : atomic_load(&node->doing);
	return *name == NULL
	    ? 0
	    : node->calls->clock_ns(node->calls->arg) - begun_ns;
}

static void node_close(struct scsi_port *port)
{
	struct node *node = (struct node *)port;

	node->calls->close(node->calls->arg, node->fd);
	free(node);
}

static void prepare(struct node *node, const struct scsi_command *c,
    uint8_t cdb[SCSI_CDB_BYTES], struct scsi_answer *answer, sg_io_hdr_t *h)
{
	static const int directions[] = {
		[SCSI_NO_DATA] = SG_DXFER_NONE,
		[SCSI_DATA_IN] = SG_DXFER_FROM_DEV,
		[SCSI_DATA_OUT] = SG_DXFER_TO_DEV,
	};

	memset(h, 0, sizeof *h);
	memcpy(cdb, c->cdb, SCSI_CDB_BYTES);
	h->interface_id = 'S';
	h->dxfer_direction = SG_DXFER_NONE;
	/* The driver refuses a direction without data. */
	if (c->data_bytes > 0 && c->direction != SCSI_NO_DATA) {
		h->dxfer_direction = directions[c->direction];
		h->dxfer_len = c->data_bytes;
		h->dxferp = c->direction == SCSI_DATA_IN
		    ? c->in
		    : (void *)(uintptr_t)c->out;
	}
	h->cmdp = cdb;
	h->cmd_len = c->cdb_bytes;
	h->sbp = answer->raw;
	h->mx_sb_len = SCSI_SENSE_BYTES;
	h->timeout =
	    (c->timeout_s < LONGEST_S ? c->timeout_s : LONGEST_S) * MS_PER_S;
	node->number = node->number == INT32_MAX ? 1 : node->number + 1;
	h->pack_id = node->number;
}

/*
 * Waits until the driver has an answer, or the caller ends the wait.  Signals
 * are not blocked meanwhile: nothing is in progress that they could disturb.
 * Returns 0 or an errno.
 */
static int wait_for_answer(struct node *node, const struct scsi_command *c,
    const sigset_t *unblocked)
{
	enum { LEAST_NS = 1000000, MOST_NS = 256000000 };
	const struct device_calls *calls = node->calls;
	const int64_t begun_ns = atomic_load(&node->begun_ns);
	int64_t pause_ns = LEAST_NS;
	bool goes_on = true;
	sigset_t all;
	int count = 0;

	for (;;) {
		if (calls->ioctl(calls->arg, node->fd, SG_GET_NUM_WAITING,
			&count) != 0)
			return errno;
		if (count > 0)
			return 0;
		if (!goes_on)
			return ECANCELED;
		pthread_sigmask(SIG_SETMASK, unblocked, &all);
		goes_on = node_sleep_ns(&node->port, pause_ns) &&
		    c->waiting(c->waiting_arg,
			calls->clock_ns(calls->arg) - begun_ns);
		pthread_sigmask(SIG_SETMASK, &all, NULL);
		if (pause_ns < MOST_NS)
			pause_ns *= 2;
	}
}

/*
 * Fetches the answer of the last command.  An interrupted read() is repeated:
 * the driver keeps the answer.  Returns 0 or an errno.
 */
static int fetch(struct node *node, const struct scsi_command *c,
    const sigset_t *unblocked, sg_io_hdr_t *h)
{
	enum { AGAIN_NS = 10000000 };
	const struct device_calls *calls = node->calls;

	for (;;) {
		ssize_t n;
		int err = c->waiting != NULL
		    ? wait_for_answer(node, c, unblocked)
		    : 0;

		if (err != 0)
			return err;
		memset(h, 0, sizeof *h);
		h->interface_id = 'S';
		h->pack_id = -1;
		n = calls->read(calls->arg, node->fd, h, sizeof *h);
		if (n == (ssize_t)sizeof *h && h->pack_id == node->number)
			return 0;
		if (n >= 0)
			continue; /* the answer of another command */
		if (errno == EAGAIN)
			calls->sleep_ns(calls->arg, AGAIN_NS);
		else if (errno != EINTR)
			return errno;
	}
}

static void lose(struct scsi_answer *answer, int error, uint16_t host)
{
	answer->outcome = SCSI_LOST;
	answer->error = error;
	answer->host = host;
}

/*
 * A device whose INQUIRY data is shorter than the request, and no residual:
 * the transport drops residuals.
 */
static void judge_residuals(struct node *node, const struct scsi_command *c,
    const struct scsi_answer *answer)
{
	enum { INQUIRY = 0x12, EVPD = 1, LENGTH_AT = 4 };
	const uint8_t *data = c->in;

	if (c->cdb[0] == INQUIRY && !(c->cdb[1] & EVPD) &&
	    c->direction == SCSI_DATA_IN && c->data_bytes > LENGTH_AT &&
	    answer->status == SCSI_GOOD && answer->residual == 0 &&
	    data[LENGTH_AT] + LENGTH_AT + 1u < c->data_bytes)
		node->has_residual = false;
}

static void take(struct node *node, const struct scsi_command *c,
    const sg_io_hdr_t *h, struct scsi_answer *answer)
{
	answer->raw_bytes =
	    h->sb_len_wr < SCSI_SENSE_BYTES ? h->sb_len_wr : SCSI_SENSE_BYTES;
	scsi_sense_decode(answer->raw, answer->raw_bytes, &answer->sense);
	answer->status = h->status;
	if (h->host_status != 0)
		lose(answer,
		    h->host_status == HOST_TIME_OUT         ? ETIMEDOUT
			: h->host_status == HOST_NO_CONNECT ? ENXIO
							    : EIO,
		    h->host_status);
	else if ((h->driver_status & DRIVER_MASK) == DRIVER_TIMED_OUT)
		lose(answer, ETIMEDOUT, 0);
	if (h->resid > 0)
		answer->residual = (uint32_t)h->resid < c->data_bytes
		    ? (uint32_t)h->resid
		    : c->data_bytes;
	if (answer->outcome == SCSI_ANSWERED)
		judge_residuals(node, c, answer);
	answer->has_residual = node->has_residual;
}

static void exchange(struct node *node, const struct scsi_command *c,
    const sigset_t *unblocked, struct scsi_answer *answer)
{
	const struct device_calls *calls = node->calls;
	uint8_t cdb[SCSI_CDB_BYTES];
	sg_io_hdr_t h;
	ssize_t n;
	int err;

	prepare(node, c, cdb, answer, &h);
	n = calls->write(calls->arg, node->fd, &h, sizeof h);
	if (n != (ssize_t)sizeof h) {
		err = n == -1 ? errno : EIO;
		/* Only after an interrupt it is unknown whether it was sent. */
		answer->outcome = err == EINTR ? SCSI_LOST : SCSI_NOT_SENT;
		answer->error = err;
		return;
	}
	err = fetch(node, c, unblocked, &h);
	if (err != 0)
		lose(answer, err, 0);
	else
		take(node, c, &h, answer);
}

static void node_execute(struct scsi_port *port, const struct scsi_command *c,
    struct scsi_answer *answer)
{
	struct node *node = (struct node *)port;
	sigset_t all, before;

	answer->began_ns = node_clock_ns(port);
	atomic_store(&node->doing, c->name);
	atomic_store(&node->begun_ns, answer->began_ns);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	exchange(node, c, &before, answer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	atomic_store(&node->begun_ns, 0);
	answer->done_ns = node_clock_ns(port);
}

static const struct scsi_port_ops node_ops = {
	.execute = node_execute,
	.clock_ns = node_clock_ns,
	.sleep_ns = node_sleep_ns,
	.waiting_ns = node_waiting_ns,
	.close = node_close,
};

/* Finds the limits of the adapter.  Returns false if this is no sg node. */
static bool find_limits(struct node *node)
{
	const struct device_calls *calls = node->calls;
	int version = 0, entries = 0, want = SCSI_DATA_MAX_BYTES, got = 0;

	if (calls->ioctl(calls->arg, node->fd, SG_GET_VERSION_NUM, &version) !=
		0 ||
	    version < VERSION_3 ||
	    calls->ioctl(calls->arg, node->fd, SG_GET_SG_TABLESIZE, &entries) !=
		0)
		return false;
	if (entries > 0 && entries < want / SCATTER_BYTES)
		want = entries * SCATTER_BYTES;
	/*
	 * The driver keeps a buffer of at most this size: it makes it smaller
	 * if the queue of the device or its memory allow less.
	 */
	if (calls->ioctl(calls->arg, node->fd, SG_SET_RESERVED_SIZE, &want) !=
		0 ||
	    calls->ioctl(calls->arg, node->fd, SG_GET_RESERVED_SIZE, &got) !=
		0 ||
	    got < LEAST_BYTES)
		got = LEAST_BYTES;
	node->largest_bytes = (uint32_t)(got < want ? got : want);
	return true;
}

struct scsi_port *scsi_node_open(const char *path,
    const struct scsi_node_options *options, char *err, size_t err_bytes)
{
	struct node *node = calloc(1, sizeof *node);
	const struct device_calls *calls;

	if (node == NULL) {
		sentence(err, err_bytes, "%s: out of memory", path);
		return NULL;
	}
	if (options != NULL)
		node->options = *options;
	calls = node->options.calls != NULL ? node->options.calls
					    : &device_calls_system;
	node->calls = calls;
	node->port.ops = &node_ops;
	node->has_residual = true;
	snprintf(node->port.name, sizeof node->port.name, "%s", path);
	/* Without O_NONBLOCK open() waits for the other program. */
	node->fd = calls->open(calls->arg, path, O_RDWR | O_EXCL | O_NONBLOCK);
	if (node->fd == -1) {
		sentence(err, err_bytes, "%s: %s", path,
		    scsi_open_text(SCSI_NODE_SG, errno));
		free(node);
		return NULL;
	}
	if (!find_limits(node))
		sentence(err, err_bytes,
		    "%s: this is not a node of the sg driver: name one such "
		    "as /dev/sg3",
		    path);
	else if (calls->set_blocking(calls->arg, node->fd) != 0)
		sentence(err, err_bytes, "%s: %s", path, strerror(errno));
	else
		return &node->port;
	node_close(&node->port);
	return NULL;
}

struct scsi_port *scsi_node_open_device(const char *device,
    const struct scsi_names *names, const struct scsi_node_options *options,
    char *err, size_t err_bytes)
{
	struct scsi_port *port;

	if (names->sg[0] == '\0') {
		sentence(err, err_bytes, "%s: " SCSI_NO_SG_NODE, device);
		return NULL;
	}
	port = scsi_node_open(names->sg, options, err, err_bytes);
	if (port == NULL)
		scsi_add_users(names, NULL, err, err_bytes);
	return port;
}

uint32_t scsi_node_largest_bytes(const struct scsi_port *port)
{
	return ((const struct node *)port)->largest_bytes;
}
