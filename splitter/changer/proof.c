/* proof.c: see proof.h. */
#include "splitter/changer/proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/waiting.h"

enum { SECOND_NS = 1000000000 };
#define MINUTE_NS (INT64_C(60) * SECOND_NS)

/* A drive that does not even begin to load after this time is elsewhere. */
static const int64_t begin_wait_ns = INT64_C(120) * SECOND_NS;

bool proof_has_serials(const struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++)
		if (inventory->elements[i].serial[0] != '\0')
			return true;
	return false;
}

static size_t count_serial(const struct inventory *inventory,
    const char *serial)
{
	size_t count = 0;

	for (size_t i = 0; i < inventory->count; i++)
		count += strcmp(inventory->elements[i].serial, serial) == 0;
	return count;
}

/* Returns whether the drive has this serial number, or this NAA name. */
static bool is_called(const struct tape_node *node, const char *serial)
{
	const size_t prefix = strlen(ELEMENT_NAA);

	if (strcmp(node->serial, serial) == 0)
		return true;
	for (size_t i = 0; i < SCSI_NAMES && node->names83[i][0] != '\0'; i++)
		if (strncmp(serial, ELEMENT_NAA, prefix) == 0 &&
		    strcmp(node->names83[i], serial + prefix) == 0)
			return true;
	return false;
}

static const struct tape_node *find_serial(const struct tape_nodes *nodes,
    const char *serial)
{
	for (size_t i = 0; i < nodes->count; i++)
		if (is_called(&nodes->nodes[i], serial))
			return &nodes->nodes[i];
	return NULL;
}

/* No drive has the serial number; one that does not say its own may be it. */
static void not_found(const struct tape_nodes *nodes,
    struct proven_drive *drive)
{
	for (size_t i = 0; i < nodes->count; i++) {
		const struct tape_node *node = &nodes->nodes[i];

		if (!node->silent || node->serial[0] != '\0')
			continue;
		sentence(drive->why, sizeof drive->why,
		    "no tape drive of this host that answers has the serial "
		    "number %s, and %s does not answer, or only that it is "
		    "busy: try again later, or switch that drive off and on",
		    drive->serial,
		    node->names.st[0] != '\0' ? node->names.st
					      : node->names.sg);
		return;
	}
	sentence(drive->why, sizeof drive->why,
	    "no tape drive of this host has the serial number %s",
	    drive->serial);
}

/*
 * Returns whether an NAA name is that of two drives, as where a bridge names
 * them all.
 */
static bool is_shared(const struct tape_nodes *nodes, const char *name)
{
	const struct tape_node *first = find_serial(nodes, name);

	for (size_t i = 0; i < nodes->count; i++) {
		const struct tape_node *node = &nodes->nodes[i];

		/* Another path to the same drive has its serial number. */
		if (node != first && is_called(node, name) &&
		    (node->serial[0] == '\0' ||
			strcmp(node->serial, first->serial) != 0))
			return true;
	}
	return false;
}

static void compare(const struct inventory *inventory, const struct element *e,
    const struct tape_nodes *nodes, struct proven_drive *drive)
{
	drive->address = e->address;
	memcpy(drive->serial, e->serial, sizeof drive->serial);
	if (e->serial[0] == '\0') {
		snprintf(drive->why, sizeof drive->why,
		    "the changer does not report a serial number for it");
	} else if (count_serial(inventory, e->serial) > 1) {
		snprintf(drive->why, sizeof drive->why,
		    "the changer reports the serial number %s for several "
		    "drives",
		    e->serial);
	} else if ((drive->node = find_serial(nodes, e->serial)) == NULL) {
		not_found(nodes, drive);
	} else if (is_shared(nodes, e->serial)) {
		drive->node = NULL;
		snprintf(drive->why, sizeof drive->why,
		    "several tape drives of this host have the name %s",
		    e->serial);
	} else {
		drive->proof = PROOF_SERIAL;
	}
}

int proof_by_serial(const struct inventory *inventory,
    const struct tape_nodes *nodes, struct proof_list *list)
{
	memset(list, 0, sizeof *list);
	list->drives = calloc(inventory->count + 1, sizeof *list->drives);
	if (list->drives == NULL)
		return -1;
	for (size_t i = 0; i < inventory->count; i++)
		if (inventory->elements[i].kind == ELEMENT_DRIVE)
			compare(inventory, &inventory->elements[i], nodes,
			    &list->drives[list->count++]);
	return 0;
}

struct proven_drive *proof_find(const struct proof_list *list,
    const struct tape_node *node)
{
	for (size_t i = 0; i < list->count; i++) {
		struct proven_drive *drive = &list->drives[i];

		if (drive->proof == PROOF_NOT)
			continue;
		if (drive->node == node ||
		    (drive->proof == PROOF_SERIAL &&
			is_called(node, drive->serial)))
			return drive;
	}
	return NULL;
}

/* A search for the drive into which a cartridge was put. */
struct search {
	const struct proof_wait *wait;
	const struct proof_list *list;
	const struct tape_nodes *nodes;
	bool *was_empty; /* by node, before the cartridge was loaded */
};

/* Finds the nodes that may be the drive that gets the cartridge. */
static void find_empty(struct search *s)
{
	for (size_t i = 0; i < s->nodes->count; i++) {
		const struct tape_node *node = &s->nodes->nodes[i];

		s->was_empty[i] = proof_find(s->list, node) == NULL &&
		    tape_node_state(s->wait->host, node) == TAPE_NODE_EMPTY;
	}
}

static void notice_loading(const struct proof_wait *wait, const char *barcode,
    int64_t waited_ns)
{
	struct scsi_waiting waiting;
	char text[256];

	snprintf(text, sizeof text, "cartridge %s is not ready in any drive%s",
	    barcode,
	    scsi_waiting_text(&waiting, waited_ns, wait->load_wait_ns));
	wait->notice(wait->arg, text);
}

/* Waits until one node has become ready.  NULL with a message. */
static const struct tape_node *wait_ready(const struct search *s,
    const char *barcode, char *err, size_t err_bytes)
{
	const struct proof_wait *wait = s->wait;
	int64_t waited_ns = 0, notice_ns = MINUTE_NS;

	for (;;) {
		const struct tape_node *found = NULL;
		bool busy = false, several = false;

		for (size_t i = 0; i < s->nodes->count; i++) {
			enum tape_node_state state;

			if (!s->was_empty[i])
				continue;
			state =
			    tape_node_state(wait->host, &s->nodes->nodes[i]);
			busy = busy || state == TAPE_NODE_BUSY;
			if (state != TAPE_NODE_READY)
				continue;
			several = found != NULL;
			found = &s->nodes->nodes[i];
		}
		if (found != NULL && !several)
			return found;
		if (several) {
			snprintf(err, err_bytes, "several drives became ready");
			return NULL;
		}
		if (waited_ns >= (busy ? wait->load_wait_ns : begin_wait_ns) ||
		    waited_ns >= wait->load_wait_ns) {
			snprintf(err, err_bytes, "no drive became ready");
			return NULL;
		}
		if (wait->notice != NULL &&
		    scsi_waiting_is_due(&notice_ns, waited_ns))
			notice_loading(wait, barcode, waited_ns);
		if (!wait->sleep(wait->arg, SECOND_NS)) {
			snprintf(err, err_bytes, "interrupted");
			return NULL;
		}
		waited_ns += SECOND_NS;
	}
}

static void prove(struct proven_drive *drive, const struct tape_node *node)
{
	drive->proof = PROOF_LOADED;
	drive->node = node;
	drive->why[0] = '\0';
}

/* Whether a cartridge may be put into the drive to find out what it is. */
static bool may_try(const struct mover *mover, const struct proven_drive *drive)
{
	const struct element *e =
	    inventory_drive(mover_inventory(mover), drive->address);

	return drive->proof == PROOF_NOT && e != NULL && !e->full &&
	    !e->exception && !e->disabled;
}

/*
 * Tries one element.  Returns the node that became ready; NULL, and `*failed`
 * if the search must end.
 */
static const struct tape_node *try_element(struct mover *mover,
    struct search *s, struct proven_drive *drive, const char *barcode,
    bool *failed, char *err, size_t err_bytes)
{
	const struct tape_node *ready;

	find_empty(s);
	*failed = true;
	if (mover_load(mover, drive->address, barcode, err, err_bytes) != 0)
		return NULL;
	ready = wait_ready(s, barcode, drive->why, sizeof drive->why);
	if (ready != NULL)
		prove(drive, ready);
	*failed = false;
	return ready;
}

struct proven_drive *proof_by_loading(struct mover *mover,
    const struct tape_nodes *nodes, const struct tape_node *node,
    const char *barcode, const struct proof_wait *wait, struct proof_list *list,
    char *err, size_t err_bytes)
{
	struct search s = { .wait = wait, .list = list, .nodes = nodes };
	const struct tape_node *ready;
	bool failed = false;

	if (tape_node_state(wait->host, node) != TAPE_NODE_EMPTY) {
		sentence(err, err_bytes,
		    "it must be empty and unused, so that loading cartridge %s "
		    "shows in which element of the changer it is",
		    barcode);
		return NULL;
	}
	s.was_empty = calloc(nodes->count + 1, sizeof *s.was_empty);
	if (s.was_empty == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	snprintf(err, err_bytes,
	    "no drive of the changer became ready as this one when cartridge "
	    "%s was put into it",
	    barcode);
	for (size_t i = 0; i < list->count && !failed; i++) {
		struct proven_drive *drive = &list->drives[i];

		if (!may_try(mover, drive))
			continue;
		ready = try_element(mover, &s, drive, barcode, &failed, err,
		    err_bytes);
		if (ready == node) {
			free(s.was_empty);
			return drive;
		}
		/* The robot takes a cartridge from an unloaded drive only. */
		if (!failed)
			failed = (ready != NULL &&
				     tape_node_unload(wait->host, ready, err,
					 err_bytes) != 0) ||
			    mover_put_away(mover, drive->address, err,
				err_bytes) != 0;
	}
	free(s.was_empty);
	return NULL;
}

void proof_clear(struct proof_list *list)
{
	free(list->drives);
	memset(list, 0, sizeof *list);
}
