/* chap.c: the hashes of CHAP, and its binary values. */
#include "vtl/iscsi/chap.h"

#include <assert.h>
#include <nettle/base16.h>
#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha2.h>
#include <string.h>

#include "splitter/base/hex.h"

enum chap_algorithm chap_choose(const char *list)
{
	for (;; list++) {
		const size_t n = strcspn(list, ",");

		if (n == 1 && *list == '0' + CHAP_MD5)
			return CHAP_MD5;
		if (n == 1 && *list == '0' + CHAP_SHA256)
			return CHAP_SHA256;
		list += n;
		if (*list == '\0')
			return CHAP_NO_ALGORITHM;
	}
}

size_t chap_response_bytes(enum chap_algorithm algorithm)
{
	return algorithm == CHAP_MD5 ? MD5_DIGEST_SIZE : SHA256_DIGEST_SIZE;
}

void chap_respond(enum chap_algorithm algorithm, uint8_t identifier,
    const char *secret, const uint8_t *challenge, size_t challenge_bytes,
    uint8_t response[CHAP_RESPONSE_MAX_BYTES])
{
	const uint8_t *secret_bytes = (const uint8_t *)secret;

	if (algorithm == CHAP_MD5) {
		struct md5_ctx md5;

		md5_init(&md5);
		md5_update(&md5, 1, &identifier);
		md5_update(&md5, strlen(secret), secret_bytes);
		md5_update(&md5, challenge_bytes, challenge);
		md5_digest(&md5, MD5_DIGEST_SIZE, response);
		explicit_bzero(&md5, sizeof md5);
	} else {
		struct sha256_ctx sha256;

		assert(algorithm == CHAP_SHA256);
		sha256_init(&sha256);
		sha256_update(&sha256, 1, &identifier);
		sha256_update(&sha256, strlen(secret), secret_bytes);
		sha256_update(&sha256, challenge_bytes, challenge);
		sha256_digest(&sha256, SHA256_DIGEST_SIZE, response);
		explicit_bzero(&sha256, sizeof sha256);
	}
}

bool chap_equal(const uint8_t *a, const uint8_t *b, size_t bytes)
{
	volatile uint8_t differing = 0;

	for (size_t i = 0; i < bytes; i++)
		differing = differing | (uint8_t)(a[i] ^ b[i]);
	return differing == 0;
}

/* Both decoders skip blanks, which are not allowed here. */
static bool decode_hex(const char *text, uint8_t *value, size_t room,
    size_t *bytes)
{
	struct base16_decode_ctx decoder;
	uint8_t byte;
	int n;

	base16_decode_init(&decoder);
	for (; *text != '\0'; text++) {
		n = base16_decode_single(&decoder, &byte, *text);
		if (n < 0 || *text == ' ' || (n == 1 && *bytes == room))
			return false;
		if (n == 1)
			value[(*bytes)++] = byte;
	}
	return base16_decode_final(&decoder) == 1;
}

static bool decode_base64(const char *text, uint8_t *value, size_t room,
    size_t *bytes)
{
	struct base64_decode_ctx decoder;
	uint8_t byte;
	int n;

	base64_decode_init(&decoder);
	for (; *text != '\0'; text++) {
		n = base64_decode_single(&decoder, &byte, *text);
		if (n < 0 || *text == ' ' || (n == 1 && *bytes == room))
			return false;
		if (n == 1)
			value[(*bytes)++] = byte;
	}
	return base64_decode_final(&decoder) == 1;
}

bool chap_decode(const char *text, uint8_t *value, size_t room, size_t *bytes)
{
	const char form = text[0] == '0' ? text[1] : '\0';

	*bytes = 0;
	if (form == 'x' || form == 'X')
		return decode_hex(text + 2, value, room, bytes) && *bytes > 0;
	if (form == 'b' || form == 'B')
		return decode_base64(text + 2, value, room, bytes) &&
		    *bytes > 0;
	return false;
}

void chap_encode(const uint8_t *value, size_t bytes, char text[CHAP_TEXT_BYTES])
{
	assert(bytes <= CHAP_RESPONSE_MAX_BYTES);
	memcpy(text, "0x", 2);
	hex_write(text + 2, value, bytes);
}
