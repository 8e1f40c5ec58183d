/*
 * chap.h: the values of CHAP (RFC 1994; RFC 7143, clause 12.1.3).
 *
 * A response is a hash of the identifier (1 byte), the secret and the
 * challenge.
 *
 * Any thread may call these functions.
 */
#ifndef VTL_ISCSI_CHAP_H
#define VTL_ISCSI_CHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values of CHAP_A. */
enum chap_algorithm { CHAP_NO_ALGORITHM = 0, CHAP_MD5 = 5, CHAP_SHA256 = 7 };

enum {
	CHAP_CHALLENGE_MAX_BYTES = 1024, /* of an initiator */
	CHAP_RESPONSE_MAX_BYTES = 32,
	CHAP_TEXT_BYTES = 2 + 2 * CHAP_RESPONSE_MAX_BYTES + 1
};

/*
 * Returns the first algorithm of a list, such as "8,7,6,5", that tapelab has.
 */
enum chap_algorithm chap_choose(const char *list);

/*
 * Returns the length of a response, 16 or 32.  Our challenges have this length:
 * longer ones broke libiscsi and open-iscsi.
 */
size_t chap_response_bytes(enum chap_algorithm algorithm);

/* Computes the response. */
void chap_respond(enum chap_algorithm algorithm, uint8_t identifier,
    const char *secret, const uint8_t *challenge, size_t challenge_bytes,
    uint8_t response[CHAP_RESPONSE_MAX_BYTES]);

/* Compares in a time that does not depend on the content. */
bool chap_equal(const uint8_t *a, const uint8_t *b, size_t bytes);

/*
 * Reads a binary value: 0x and hexadecimal digits, or 0b and base64 (RFC 7143,
 * clause 6.1).  Returns false if it is neither, has no bytes, or has more than
 * `room` bytes.
 */
bool chap_decode(const char *text, uint8_t *value, size_t room, size_t *bytes);

/* Writes at most CHAP_RESPONSE_MAX_BYTES as 0x and hexadecimal digits. */
void chap_encode(const uint8_t *value, size_t bytes,
    char text[CHAP_TEXT_BYTES]);

#endif
