/*
 * fake_sysfs.h: folders like /sys, /dev and /proc, in a temporary folder, with
 * the nodes of drives and changers, for tests.
 */
#ifndef SPLITTER_TESTS_FAKE_SYSFS_H
#define SPLITTER_TESTS_FAKE_SYSFS_H

#include "splitter/scsi/node/names.h"

struct fake_sysfs {
	char root[64];
	struct scsi_system system; /* for scsi_find_names() */
};

/* An error of the set-up ends the program. */
void fake_sysfs_make(struct fake_sysfs *fake);
void fake_sysfs_remove(struct fake_sysfs *fake);

/*
 * Adds a device at this address: its sg node /dev/sgN and, with type 1, the st
 * nodes /dev/stN, /dev/nstN, /dev/nstNa, with links in /dev/tape/by-id; with
 * type 8, /dev/schN.  `above` are the folders above its own below /sys/devices,
 * such as "pci/host2/target2:0:0".
 */
void fake_sysfs_add(struct fake_sysfs *fake, const char *address,
    const char *above, unsigned type, unsigned n, unsigned sg);

/* Writes a file below the root, with the folders above it. */
void fake_sysfs_write(struct fake_sysfs *fake, const char *path,
    const char *text);

/* Makes a link below the root to a path below the root. */
void fake_sysfs_link(struct fake_sysfs *fake, const char *path,
    const char *target);

#endif
