/*
 * proof.h: which node of this host is the drive in an element.
 *
 * Nothing is believed that was configured.  A drive is proven by its serial
 * number, which the changer reports for the element (DVCID) and the drive in
 * page 80h of INQUIRY; or by its NAA name, where the changer reports that, and the
 * drive in page 83h.  If the changer reports no serial number at all, a named
 * cartridge is put into one empty drive after the other, and the node that
 * becomes ready is that drive.  A serial number that two elements have, or that
 * no node has, proves nothing.
 */
#ifndef SPLITTER_CHANGER_PROOF_H
#define SPLITTER_CHANGER_PROOF_H

#include "splitter/changer/mover.h"
#include "splitter/changer/nodes.h"

enum proof { PROOF_NOT, PROOF_SERIAL, PROOF_LOADED };

enum { PROOF_WHY_BYTES = 256 };

/* A drive element. */
struct proven_drive {
	unsigned address;
	char serial[ELEMENT_SERIAL_BYTES]; /* as the changer reports it */
	enum proof proof;
	/* Its node; NULL: not proven.  With several paths, the first. */
	const struct tape_node *node;
	char why[PROOF_WHY_BYTES]; /* not proven, or "" */
};

struct proof_list {
	struct proven_drive *drives; /* by address */
	size_t count;
};

/*
 * Compares serial numbers, for every drive element.  `nodes` stays the caller's
 * and must remain.  0; -1 if there is no memory.
 */
int proof_by_serial(const struct inventory *inventory,
    const struct tape_nodes *nodes, struct proof_list *list);

/*
 * Returns the element of a drive, by its node or by another path to it; NULL:
 * not proven.
 */
struct proven_drive *proof_find(const struct proof_list *list,
    const struct tape_node *node);

/* Whether the changer reports the serial number of one drive at least. */
bool proof_has_serials(const struct inventory *inventory);

struct proof_wait {
	const struct nodes_host *host;
	int64_t load_wait_ns;
	/* Sleeps; false: do not wait any longer. */
	bool (*sleep)(void *arg, int64_t ns);
	/* A message for a person, each minute; NULL: none. */
	void (*notice)(void *arg, const char *message);
	void *arg;
};

/*
 * Finds the element of `node` by putting `barcode` into one empty drive after
 * the other that is not proven.  Each other node that becomes ready is proven
 * as well.  Ends with the cartridge in that drive.  Returns the drive; NULL
 * with a message, and the cartridge is in its slot, if that was possible.
 */
struct proven_drive *proof_by_loading(struct mover *mover,
    const struct tape_nodes *nodes, const struct tape_node *node,
    const char *barcode, const struct proof_wait *wait, struct proof_list *list,
    char *err, size_t err_bytes);

/* Frees the list, which is empty then. */
void proof_clear(struct proof_list *list);

#endif
