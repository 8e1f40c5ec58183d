/*
 * fake_host.h: the folders /sys and /dev of a host with tape drives, made in a
 * temporary folder, for tests.
 */
#ifndef SPLITTER_CHANGER_FAKE_HOST_H
#define SPLITTER_CHANGER_FAKE_HOST_H

#include "splitter/scsi/node/names.h"

struct fake_host {
	char root[64];
	struct scsi_system system; /* whose root this is */
};

void fake_host_make(struct fake_host *host);

/*
 * Adds the drive N: /dev/nstN, /dev/sgN+1, and a link in /dev/tape/by-id.
 * `serial` is that of page 80h as the kernel keeps it; NULL: it has no such
 * page.
 */
void fake_host_add(struct fake_host *host, unsigned n, const char *serial);

/* The kernel keeps a page of INQUIRY of the drive `n`. */
void fake_host_keep(struct fake_host *host, unsigned n, unsigned code,
    const void *page, size_t bytes);

/* The kernel keeps the product of the drive `n`. */
void fake_host_product(struct fake_host *host, unsigned n, const char *product);

/* Writes the path of a node, "nst0", and returns it. */
const char *fake_host_node(const struct fake_host *host, const char *name,
    char path[SCSI_PATH_BYTES]);

void fake_host_free(struct fake_host *host);

#endif
