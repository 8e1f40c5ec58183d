/* big_endian.h: fields of SCSI commands, of iSCSI PDUs and of databases. */
#ifndef BASE_BIG_ENDIAN_H
#define BASE_BIG_ENDIAN_H

#include <stdint.h>

static inline uint64_t get_be(const void *field, unsigned bytes)
{
	const uint8_t *p = field;
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | p[i];
	return value;
}

static inline void put_be(void *field, uint64_t value, unsigned bytes)
{
	uint8_t *p = field;

	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

static inline uint16_t get_be16(const void *field)
{
	return (uint16_t)get_be(field, 2);
}

static inline uint32_t get_be24(const void *field)
{
	return (uint32_t)get_be(field, 3);
}

static inline uint32_t get_be32(const void *field)
{
	return (uint32_t)get_be(field, 4);
}

static inline uint64_t get_be64(const void *field)
{
	return get_be(field, 8);
}

static inline void put_be16(void *field, uint64_t value)
{
	put_be(field, value, 2);
}

static inline void put_be24(void *field, uint64_t value)
{
	put_be(field, value, 3);
}

static inline void put_be32(void *field, uint64_t value)
{
	put_be(field, value, 4);
}

static inline void put_be64(void *field, uint64_t value)
{
	put_be(field, value, 8);
}

#endif
