/* bent_port.c: see bent_port.h. */
#include "splitter/changer/tests/bent_port.h"

#include <stdlib.h>
#include <string.h>

struct bent_port {
	struct scsi_port port; /* first: cast to this */
	struct scsi_port *inner;
	struct bend bend;
};

static void execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	struct bent_port *p = (struct bent_port *)port;
	struct scsi_command changed = *command;

	if (p->bend.before != NULL &&
	    p->bend.before(p->bend.arg, &changed, answer))
		return;
	p->inner->ops->execute(p->inner, &changed, answer);
	if (changed.data_bytes < command->data_bytes)
		answer->residual += command->data_bytes - changed.data_bytes;
	if (p->bend.after != NULL)
		p->bend.after(p->bend.arg, command, answer);
}

static int64_t clock_ns(struct scsi_port *port)
{
	struct scsi_port *inner = ((struct bent_port *)port)->inner;

	return inner->ops->clock_ns(inner);
}

static bool sleep_ns(struct scsi_port *port, int64_t ns)
{
	struct scsi_port *inner = ((struct bent_port *)port)->inner;

	return inner->ops->sleep_ns(inner, ns);
}

static int64_t waiting_ns(const struct scsi_port *port, const char **name)
{
	(void)port;
	*name = NULL;
	return 0;
}

static void close_port(struct scsi_port *port)
{
	struct bent_port *p = (struct bent_port *)port;

	p->inner->ops->close(p->inner);
	free(p);
}

struct scsi_port *bent_port_new(struct scsi_port *inner,
    const struct bend *bend)
{
	static const struct scsi_port_ops ops = { execute, clock_ns, sleep_ns,
		waiting_ns, close_port };
	struct bent_port *p = calloc(1, sizeof *p);

	if (p == NULL)
		abort();
	p->port.ops = &ops;
	memcpy(p->port.name, inner->name, sizeof p->port.name);
	p->inner = inner;
	p->bend = *bend;
	return &p->port;
}

void bent_port_sense(struct scsi_answer *answer, uint8_t key, uint8_t asc,
    uint8_t ascq)
{
	const uint8_t raw[18] = { 0x70, 0, key, [7] = 10, [12] = asc, ascq };

	memset(answer, 0, sizeof *answer);
	answer->outcome = SCSI_ANSWERED;
	answer->status = SCSI_CHECK_CONDITION;
	memcpy(answer->raw, raw, sizeof raw);
	answer->raw_bytes = sizeof raw;
	scsi_sense_decode(raw, sizeof raw, &answer->sense);
}
