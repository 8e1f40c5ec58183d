/*
 * crc32c.h: the checksum of iSCSI digests (RFC 7143, clause 13.1): CRC with the
 * reflected polynomial 82F63B78h.  Uses the instruction of SSE4.2 if the
 * processor has it.  Any thread may call these functions.
 */
#ifndef VTL_ISCSI_CRC32C_H
#define VTL_ISCSI_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * Returns the checksum of earlier bytes, whose checksum is `crc`, followed by
 * these bytes.  `crc` is 0 at the beginning.
 */
uint32_t crc32c(uint32_t crc, const void *data, size_t bytes);

/* The same without special instructions. */
uint32_t crc32c_portable(uint32_t crc, const void *data, size_t bytes);

#endif
