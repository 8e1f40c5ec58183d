/* served_port.c: see served_port.h. */
#include "splitter/scsi/tests/served_port.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSTEAD_MAX = 16, OPCODES = 256, ATTENTIONS_MAX = 40 };

struct served_port {
	struct scsi_port port; /* first: cast to this */
	struct served_library *library;
	unsigned device, nexus;
	bool drops, ends;
	int64_t busy_until_ns;
	struct served_instead instead[INSTEAD_MAX];
	unsigned insteads;
	unsigned counts[OPCODES];
};

/*
 * Takes what happens to this command instead of its own answer.  Returns false:
 * nothing.
 */
static bool take_instead(struct served_port *p, uint8_t opcode,
    struct served_instead *found)
{
	unsigned i;

	for (i = 0; i < p->insteads; i++) {
		struct served_instead *one = &p->instead[i];

		if (one->opcode != -1 && one->opcode != opcode)
			continue;
		if (one->after > 0) {
			one->after--;
			continue;
		}
		*found = *one;
		if (!one->for_good) {
			p->insteads--;
			memmove(one, one + 1, (p->insteads - i) * sizeof *one);
		}
		return true;
	}
	return false;
}

static void deliver(struct served_port *p, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	struct served_call call = { .device = p->device,
		.nexus = p->nexus,
		.cdb = command->cdb,
		.cdb_bytes = command->cdb_bytes,
		.in = command->direction == SCSI_DATA_IN ? command->in : NULL,
		.out =
		    command->direction == SCSI_DATA_OUT ? command->out : NULL,
		.bytes = command->direction != SCSI_NO_DATA
		    ? command->data_bytes
		    : 0 };

	served_library_execute(p->library, &call);
	answer->outcome = SCSI_ANSWERED;
	answer->status = call.status;
	answer->raw_bytes = (uint8_t)call.sense_bytes;
	memcpy(answer->raw, call.sense, call.sense_bytes);
	answer->residual = call.residual > 0 ? (uint32_t)call.residual : 0;
}

static void put_instead(const struct served_instead *instead,
    const struct scsi_command *command, struct scsi_answer *answer)
{
	uint32_t bytes = instead->data_bytes < command->data_bytes
	    ? instead->data_bytes
	    : command->data_bytes;

	if (bytes > 0)
		memcpy(command->in, instead->data, bytes);
	answer->outcome = instead->outcome;
	answer->status = instead->status;
	answer->residual = instead->residual;
	answer->raw_bytes = instead->sense_bytes;
	memcpy(answer->raw, instead->sense, sizeof answer->raw);
	if (instead->outcome == SCSI_ANSWERED)
		return;
	answer->error = instead->error != 0 ? instead->error : EIO;
	if (instead->outcome == SCSI_LOST)
		answer->host = instead->host != 0 ? instead->host : 3;
}

/* Returns false: the caller ended the wait. */
static bool wait_while_busy(struct served_port *p, const struct scsi_command *c,
    struct scsi_answer *answer)
{
	enum { SECOND_NS = 1000000000 };
	const int64_t begun_ns = served_library_now_ns(p->library);
	int64_t now_ns;

	while ((now_ns = served_library_now_ns(p->library)) <
	    p->busy_until_ns) {
		served_library_sleep(p->library,
		    p->busy_until_ns - now_ns < SECOND_NS
			? p->busy_until_ns - now_ns
			: SECOND_NS);
		if (c->waiting == NULL ||
		    (!p->ends &&
			c->waiting(c->waiting_arg,
			    served_library_now_ns(p->library) - begun_ns)))
			continue;
		answer->outcome = SCSI_LOST;
		answer->error = ECANCELED;
		return false;
	}
	return true;
}

static void execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	struct served_port *p = (struct served_port *)port;
	struct served_instead instead;
	bool replaced;

	p->counts[command->cdb[0]]++;
	replaced = take_instead(p, command->cdb[0], &instead);
	answer->began_ns = served_library_now_ns(p->library);
	if (!wait_while_busy(p, command, answer))
		return;
	if (!replaced || instead.executed)
		deliver(p, command, answer);
	if (replaced)
		put_instead(&instead, command, answer);
	answer->has_residual = !p->drops;
	if (p->drops)
		answer->residual = 0;
	scsi_sense_decode(answer->raw, answer->raw_bytes, &answer->sense);
	answer->done_ns = served_library_now_ns(p->library);
}

static int64_t clock_ns(struct scsi_port *port)
{
	return served_library_now_ns(((struct served_port *)port)->library);
}

static bool sleep_ns(struct scsi_port *port, int64_t ns)
{
	struct served_port *p = (struct served_port *)port;

	served_library_sleep(p->library, ns);
	return !p->ends;
}

static int64_t waiting_ns(const struct scsi_port *port, const char **name)
{
	(void)port;
	*name = NULL;
	return 0;
}

static void close_port(struct scsi_port *port)
{
	free(port);
}

struct served_port *served_port_open(struct served_library *library,
    unsigned device, unsigned nexus)
{
	static const struct scsi_port_ops ops = {
		.execute = execute,
		.clock_ns = clock_ns,
		.sleep_ns = sleep_ns,
		.waiting_ns = waiting_ns,
		.close = close_port,
	};
	struct served_port *p = calloc(1, sizeof *p);

	if (p == NULL)
		abort();
	p->port.ops = &ops;
	snprintf(p->port.name, sizeof p->port.name, "/dev/sg%u", device);
	p->library = library;
	p->device = device;
	p->nexus = nexus;
	return p;
}

void served_port_close(struct served_port *p)
{
	free(p);
}

struct scsi_port *served_port_scsi(struct served_port *p)
{
	return &p->port;
}

void served_port_clear_attentions(struct served_port *p)
{
	const struct scsi_command ready = {
		.cdb_bytes = 6, .timeout_s = 60, .name = "TEST UNIT READY"
	};
	struct scsi_answer answer;
	unsigned i;

	for (i = 0; i < ATTENTIONS_MAX; i++)
		if (scsi_execute(&p->port, &ready, &answer) ||
		    answer.sense.key != 6)
			return;
}

void served_port_drop_residuals(struct served_port *p, bool drop)
{
	p->drops = drop;
}

void served_port_end_sleeps(struct served_port *p)
{
	p->ends = true;
}

void served_port_busy_until(struct served_port *p, int64_t at_ns)
{
	p->busy_until_ns = at_ns;
}

void served_port_instead(struct served_port *p,
    const struct served_instead *instead)
{
	if (p->insteads == INSTEAD_MAX)
		abort();
	p->instead[p->insteads++] = *instead;
}

void served_port_check(struct served_port *p, int opcode, bool executed,
    const struct served_sense *s)
{
	const uint32_t information = (uint32_t)s->information;

	served_port_instead(p,
	    &(struct served_instead){ .opcode = opcode,
		.executed = executed,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = {
		    (uint8_t)((s->information >= 0 ? 0x80 : 0) |
			(s->deferred ? 0x71 : 0x70)),
		    0, s->key | s->bits, (uint8_t)(information >> 24),
		    (uint8_t)(information >> 16), (uint8_t)(information >> 8),
		    (uint8_t)information, 10, 0, 0, 0, 0, s->asc, s->ascq,
		},
		.sense_bytes = 18 });
}

unsigned served_port_count(const struct served_port *p, int opcode)
{
	unsigned i, sum = 0;

	if (opcode >= 0)
		return p->counts[opcode & 0xff];
	for (i = 0; i < OPCODES; i++)
		sum += p->counts[i];
	return sum;
}
