/*
 * crc32c.c: the checksum of iSCSI digests, by tables of eight bytes at once or
 * by the instruction of SSE4.2.
 */
#include "vtl/iscsi/crc32c.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

enum { SLICES = 8 };

#define POLYNOMIAL UINT32_C(0x82f63b78)

static uint32_t table[SLICES][256];
static bool has_instruction;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static inline uint32_t byte_step(uint32_t state, uint8_t byte)
{
	return state >> 8 ^ table[0][(state ^ byte) & 0xff];
}

static inline uint32_t little_32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static uint32_t by_tables(uint32_t state, const uint8_t *p, size_t bytes)
{
	for (; bytes >= SLICES; p += SLICES, bytes -= SLICES) {
		const uint32_t low = state ^ little_32(p);
		const uint32_t high = little_32(p + 4);

		state = table[7][low & 0xff] ^ table[6][low >> 8 & 0xff] ^
		    table[5][low >> 16 & 0xff] ^ table[4][low >> 24] ^
		    table[3][high & 0xff] ^ table[2][high >> 8 & 0xff] ^
		    table[1][high >> 16 & 0xff] ^ table[0][high >> 24];
	}
	for (; bytes > 0; p++, bytes--)
		state = byte_step(state, *p);
	return state;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t by_instruction(uint32_t state,
    const uint8_t *p, size_t bytes)
{
	uint64_t wide = state, word;

	for (; bytes >= sizeof word; p += sizeof word, bytes -= sizeof word) {
		memcpy(&word, p, sizeof word);
		wide = _mm_crc32_u64(wide, word);
	}
	state = (uint32_t)wide;
	for (; bytes > 0; p++, bytes--)
		state = _mm_crc32_u8(state, *p);
	return state;
}

static bool find_instruction(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("sse4.2") != 0;
}
#else
static uint32_t by_instruction(uint32_t state, const uint8_t *p, size_t bytes)
{
	return by_tables(state, p, bytes);
}

static bool find_instruction(void)
{
	return false;
}
#endif

static void fill_tables(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t state = i;

		for (unsigned bit = 0; bit < 8; bit++)
			state = state >> 1 ^ (state & 1 ? POLYNOMIAL : 0);
		table[0][i] = state;
	}
	for (unsigned slice = 1; slice < SLICES; slice++)
		for (unsigned i = 0; i < 256; i++)
			table[slice][i] = byte_step(table[slice - 1][i], 0);
	has_instruction = find_instruction();
}

uint32_t crc32c_portable(uint32_t crc, const void *data, size_t bytes)
{
	pthread_once(&once, fill_tables);
	return ~by_tables(~crc, data, bytes);
}

uint32_t crc32c(uint32_t crc, const void *data, size_t bytes)
{
	pthread_once(&once, fill_tables);
	return ~(has_instruction ? by_instruction : by_tables)(~crc, data,
	    bytes);
}
