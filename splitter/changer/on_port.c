/* on_port.c: a changer that gets SCSI commands. */
#include <stdio.h>
#include <stdlib.h>

#include "splitter/changer/smc.h"
#include "splitter/scsi/commands.h"

struct on_port {
	struct autochanger changer; /* first: cast to this */
	struct scsi_unit unit;
	struct smc_addresses addresses;
};

static int read_all(struct autochanger *changer, struct inventory *inventory,
    char *err, size_t err_bytes)
{
	struct on_port *c = (struct on_port *)changer;

	return smc_read_elements(&c->unit, &c->addresses, inventory, err,
	    err_bytes);
}

static enum autochanger_move move(struct autochanger *changer,
    const struct element *from, const struct element *to, char *err,
    size_t err_bytes)
{
	struct on_port *c = (struct on_port *)changer;

	return smc_move(&c->unit, from->address, to->address, err, err_bytes);
}

static void close_port(struct autochanger *changer)
{
	struct on_port *c = (struct on_port *)changer;

	c->unit.port->ops->close(c->unit.port);
	free(c);
}

static const struct autochanger_ops ops = { read_all, move, close_port };

struct autochanger *autochanger_on_port(struct scsi_port *port, char *err,
    size_t err_bytes)
{
	struct on_port *c = calloc(1, sizeof *c);

	if (c == NULL) {
		snprintf(err, err_bytes, "out of memory");
		port->ops->close(port);
		return NULL;
	}
	c->changer.ops = &ops;
	snprintf(c->changer.name, sizeof c->changer.name, "%s", port->name);
	scsi_unit_init(&c->unit, port);
	if (smc_get_ready(&c->unit, err, err_bytes) == 0) {
		scsi_send_opcodes(&c->unit, 0);
		if (smc_read_addresses(&c->unit, &c->addresses, err,
			err_bytes) == 0)
			return &c->changer;
	}
	close_port(&c->changer);
	return NULL;
}
