/* key.c: the keys by which runs are recognised (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "splitter/base/first_line.h"

enum { TAPELAB = 0x544c, HOST_BITS = 24, START_BITS = 24 };

void hold_host(const struct scsi_hold_options *options,
    char host[HOLD_HOST_BYTES])
{
	if (options->host != NULL) {
		snprintf(host, HOLD_HOST_BYTES, "%s", options->host);
		return;
	}
	first_line_read("/etc/machine-id", host, HOLD_HOST_BYTES);
	if (host[0] == '\0' && gethostname(host, HOLD_HOST_BYTES - 1) != 0)
		snprintf(host, HOLD_HOST_BYTES, "localhost");
	host[HOLD_HOST_BYTES - 1] = '\0';
}

static uint64_t host_part(const char *host)
{
	uint64_t hash = XXH3_64bits(host, strlen(host));

	return (uint64_t)TAPELAB << HOST_BITS |
	    (hash & ((UINT64_C(1) << HOST_BITS) - 1));
}

uint64_t hold_key(const char *host, int64_t started_s)
{
	uint64_t start =
	    (uint64_t)started_s & ((UINT64_C(1) << START_BITS) - 1);

	return host_part(host) << START_BITS | start;
}

bool hold_key_is_own(uint64_t key, const char *host)
{
	return key >> START_BITS == host_part(host);
}

bool hold_key_is_tapelab(uint64_t key)
{
	return key >> (START_BITS + HOST_BITS) == TAPELAB;
}
