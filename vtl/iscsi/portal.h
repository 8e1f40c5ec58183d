/*
 * portal.h: addresses at which a target listens or is advertised:
 * HOST[:PORT], with an IPv6 address in [ ].
 */
#ifndef VTL_ISCSI_PORTAL_H
#define VTL_ISCSI_PORTAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	ISCSI_HOST_BYTES = 256,
	ISCSI_PORTAL_BYTES = ISCSI_HOST_BYTES + 9 /* "[HOST]:65535" */
};

struct iscsi_portal {
	char host[ISCSI_HOST_BYTES]; /* without [ ] */
	uint16_t port;
};

/*
 * Reads HOST[:PORT], [HOST][:PORT] or :PORT (an empty host).  A port that is
 * not named is `default_port`.  Returns NULL; or what is wrong with the text, a
 * part of a sentence for a person.
 */
const char *iscsi_portal_read(const char *text, uint16_t default_port,
    struct iscsi_portal *portal);

/* Writes "HOST:PORT", or "[HOST]:PORT" if the host has a colon. */
void iscsi_portal_write(const struct iscsi_portal *portal,
    char text[ISCSI_PORTAL_BYTES]);

/*
 * Sets the portal to the numeric address of a socket.  An IPv4 address that is
 * mapped into IPv6 is written as IPv4.  Returns false if it is of another
 * family.
 */
bool iscsi_portal_of_address(const struct sockaddr *address,
    struct iscsi_portal *portal);

#endif
