/* identity.h: options of the commands of vtl that set the identity of devices. */
#ifndef SIM_VTL_IDENTITY_H
#define SIM_VTL_IDENTITY_H

#include <argp.h>
#include <stddef.h>

#include "vtl/changer/identity.h"

/*
 * Copies the value of an option to a field of INQUIRY data.  Ends the program
 * with a message if it is not 0 to bytes - 1 printable ASCII characters.
 */
void vtl_parse_inquiry_text(const char *option, const char *arg, char *to,
    size_t bytes, struct argp_state *state);

#endif
