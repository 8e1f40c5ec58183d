/* changer.c: medium changers, for those who embed. */
#include "splitter/api/changer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/struct.h"
#include "splitter/changer/loader.h"
#include "splitter/scsi/node/node.h"

struct splitter_changer {
	struct splitter_changer_config config;
	struct loader *loader;
};

static const struct splitter_changer_config defaults = {
	.load_wait_ns = INT64_MAX, /* as long as the drive may take */
};

void splitter_changer_config_init(struct splitter_changer_config *config,
    size_t config_bytes, unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

/* Opens the sg node of a changer whose node is `path`. */
static struct autochanger *open_device(const char *path, char *err,
    size_t err_bytes)
{
	struct scsi_names names;
	struct scsi_port *port;

	if (scsi_find_changer(path, NULL, &names, err, err_bytes) != 0)
		return NULL;
	port = scsi_node_open_device(path, &names, NULL, err, err_bytes);
	return port != NULL ? autochanger_on_port(port, err, err_bytes) : NULL;
}

static struct autochanger *open_changer(const char *changer, char *err,
    size_t err_bytes)
{
	struct autochanger *c;

	if (strncmp(changer, "/dev/", 5) == 0 &&
	    changer[strcspn(changer, " \t\n")] == '\0')
		return open_device(changer, err, err_bytes);
	c = autochanger_by_command(changer);
	if (c == NULL)
		snprintf(err, err_bytes, "out of memory");
	return c;
}

struct splitter_changer *
splitter_changer_open(const struct splitter_changer_config *config, char *err,
    size_t err_bytes)
{
	struct splitter_changer_config c = defaults;
	struct splitter_changer *changer;
	struct autochanger *inner;

	if (struct_read(config, &c, sizeof c, err, err_bytes) != 0)
		return NULL;
	if (c.changer == NULL || c.changer[0] == '\0' || c.load_wait_ns < 0 ||
	    (c.volumes_count > 0 && c.volumes == NULL)) {
		snprintf(err, err_bytes,
		    "the configuration of the changer is impossible: name a "
		    "device or a command, and set the rest with "
		    "splitter_changer_config_init");
		return NULL;
	}
	changer = calloc(1, sizeof *changer);
	if (changer == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	inner = open_changer(c.changer, err, err_bytes);
	if (inner != NULL) {
		const struct loader_options options = {
			.names = c.volumes,
			.names_count = c.volumes_count,
			.load_wait_ns = c.load_wait_ns,
			.reading = c.reading,
			.sleep = c.sleep,
			.notice = c.notice,
			.arg = c.arg,
		};

		changer->config = c;
		changer->loader = loader_new(inner, &options, err, err_bytes);
	}
	if (changer->loader != NULL)
		return changer;
	free(changer);
	return NULL;
}

static const enum splitter_changer_proof proofs[] = {
	[PROOF_NOT] = SPLITTER_CHANGER_NOT_PROVEN,
	[PROOF_SERIAL] = SPLITTER_CHANGER_SERIAL,
	[PROOF_LOADED] = SPLITTER_CHANGER_LOADED,
};

static void describe(const struct loader *loader,
    const struct proven_drive *drive, const struct element *e,
    struct splitter_changer_drive *d)
{
	const struct element *home = loader_home(loader, e);

	d->number = e->number;
	d->address = e->address;
	d->full = e->full;
	snprintf(d->barcode, sizeof d->barcode, "%s", e->barcode);
	d->slot = e->full && home != NULL ? home->address : 0;
	snprintf(d->serial, sizeof d->serial, "%s", e->serial);
	d->proof = proofs[drive->proof];
	snprintf(d->why, sizeof d->why, "%s", drive->why);
	if (drive->node == NULL)
		return;
	snprintf(d->st, sizeof d->st, "%s", drive->node->names.st);
	snprintf(d->sg, sizeof d->sg, "%s", drive->node->names.sg);
	snprintf(d->by_id, sizeof d->by_id, "%s", drive->node->names.by_id);
}

int splitter_changer_drives(struct splitter_changer *changer,
    void (*each)(void *arg, const struct splitter_changer_drive *drive),
    void *arg, char *err, size_t err_bytes)
{
	const struct proof_list *list = loader_drives(changer->loader);
	const struct inventory *inventory = loader_inventory(changer->loader);

	for (size_t i = 0; i < list->count; i++) {
		const struct element *e =
		    inventory_drive(inventory, list->drives[i].address);
		struct splitter_changer_drive drive = { .number = 0 };

		if (e == NULL) {
			snprintf(err, err_bytes, "drive element %u is missing",
			    list->drives[i].address);
			return -1;
		}
		describe(changer->loader, &list->drives[i], e, &drive);
		each(arg, &drive);
	}
	return 0;
}

int splitter_changer_prove(struct splitter_changer *changer, const char *device,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	return loader_prove(changer->loader, device, barcode, err, err_bytes);
}

const char *splitter_changer_proof(const struct splitter_changer *changer)
{
	return loader_proof(changer->loader);
}

int splitter_changer_change(struct splitter_changer *changer,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes)
{
	return loader_change(changer->loader, wanted->device, wanted->barcode,
	    wanted->empty, barcode, err, err_bytes);
}

int splitter_changer_finish(struct splitter_changer *changer,
    void (*each)(void *arg, const char *barcode, const char *where), void *arg,
    char *err, size_t err_bytes)
{
	return loader_finish(changer->loader, each, arg, err, err_bytes);
}

void splitter_changer_close(struct splitter_changer *changer)
{
	if (changer != NULL)
		loader_free(changer->loader);
	free(changer);
}
