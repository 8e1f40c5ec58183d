/* portal.c: addresses of a target. */
#include "vtl/iscsi/portal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *read_port(const char *digits, uint16_t *port)
{
	const size_t n = strspn(digits, "0123456789");
	const unsigned long value = strtoul(digits, NULL, 10);

	if (n == 0 || n > 5 || digits[n] != '\0' || value > UINT16_MAX)
		return "has no port from 0 to 65535 after the last ':'";
	*port = (uint16_t)value;
	return NULL;
}

const char *iscsi_portal_read(const char *text, uint16_t default_port,
    struct iscsi_portal *portal)
{
	const bool bracket = text[0] == '[';
	const char *host = text + bracket;
	const size_t n = strcspn(host, bracket ? "]" : ":");
	const char *rest = host + n;

	if (bracket && *rest++ != ']')
		return "has no ']' after its IPv6 address";
	if (!bracket && *rest == ':' && strchr(rest + 1, ':') != NULL)
		return "has several ':'; write an IPv6 address in [ ]";
	if (*rest != '\0' && *rest != ':')
		return "has characters after ']' that are not a port";
	if (n >= sizeof portal->host)
		return "has a host name of more than 255 bytes";
	if (strcspn(host, " \t\n\r/,=[]") < n)
		return "has a character that is not allowed in a host name";
	memcpy(portal->host, host, n);
	portal->host[n] = '\0';
	portal->port = default_port;
	return *rest == ':' ? read_port(rest + 1, &portal->port) : NULL;
}

void iscsi_portal_write(const struct iscsi_portal *portal,
    char text[ISCSI_PORTAL_BYTES])
{
	const bool bracket = strchr(portal->host, ':') != NULL;

	snprintf(text, ISCSI_PORTAL_BYTES, "%s%s%s:%u", bracket ? "[" : "",
	    portal->host, bracket ? "]" : "", portal->port);
}

bool iscsi_portal_of_address(const struct sockaddr *address,
    struct iscsi_portal *portal)
{
	const void *bytes;
	int family = address->sa_family;

	if (family == AF_INET) {
		const struct sockaddr_in *in =
		    (const struct sockaddr_in *)address;

		bytes = &in->sin_addr;
		portal->port = ntohs(in->sin_port);
	} else if (family == AF_INET6) {
		const struct sockaddr_in6 *in6 =
		    (const struct sockaddr_in6 *)address;

		bytes = &in6->sin6_addr;
		portal->port = ntohs(in6->sin6_port);
		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
			family = AF_INET;
			bytes = in6->sin6_addr.s6_addr + 12;
		}
	} else {
		return false;
	}
	return inet_ntop(family, bytes, portal->host, sizeof portal->host) !=
	    NULL;
}
