/* drives_changer.h: lists the drives of a robot, and which device each is. */
#ifndef SIM_DRIVES_CHANGER_H
#define SIM_DRIVES_CHANGER_H

#include <stdbool.h>
#include <stddef.h>

struct drives_changer {
	const char *changer; /* a device, or a command as mtx */
	/* Devices whose place is proven by loading one of the volumes. */
	const char **devices;
	size_t devices_count;
	const char **volumes;
	size_t volumes_count;
	bool json;
};

/* Returns the exit status of the command. */
int drives_changer_list(const struct drives_changer *what);

#endif
