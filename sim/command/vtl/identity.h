/* identity.h: options of the commands of vtl that set the identity of devices. */
#ifndef SIM_VTL_IDENTITY_H
#define SIM_VTL_IDENTITY_H

#include <argp.h>
#include <stdbool.h>

#include "vtl/changer/identity.h"

/* The names that were given; the others are "". */
struct vtl_names {
	bool has_vendor, has_product, has_revision;
	struct changer_identity identity;
};

/* The keys of the options, whose names a command chooses. */
enum { VTL_KEY_VENDOR = 0x1001, VTL_KEY_PRODUCT, VTL_KEY_REVISION };

/*
 * Parses one of these options, called --PREFIXvendor and so on.  Returns false
 * for other keys.  Ends the program with a message if the text is too long or
 * is not printable ASCII.
 */
bool vtl_parse_name(int key, const char *arg, const char *prefix,
    struct vtl_names *names, struct argp_state *state);

#endif
