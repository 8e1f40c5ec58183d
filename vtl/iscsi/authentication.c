/* authentication.c: the security stage of a login. */
#include "vtl/iscsi/authentication.h"

#include <stdlib.h>
#include <string.h>

static const char no_room[] = "the answer is too long";
static const char no_random[] = "the system has no random bytes";

static const char *choose_method(struct authentication *a, bool needs_chap,
    const char *methods, struct iscsi_text *answer)
{
	const char *method = needs_chap ? "CHAP" : "None";

	if (!iscsi_text_list_has(methods, method))
		return needs_chap
		    ? "it offers no CHAP, which the server requires"
		    : "it requires CHAP, and the server has no CHAP file";
	a->state =
	    needs_chap ? AUTHENTICATION_ALGORITHM : AUTHENTICATION_PASSED;
	return iscsi_text_add(answer, "AuthMethod", method) ? NULL : no_room;
}

static const char *send_challenge(struct authentication *a,
    const struct authentication_source *source, const char *algorithms,
    struct iscsi_text *answer)
{
	char text[CHAP_TEXT_BYTES];
	size_t bytes;

	a->algorithm = chap_choose(algorithms);
	if (a->algorithm == CHAP_NO_ALGORITHM)
		return "it offers neither MD5 nor SHA-256 for CHAP";
	bytes = chap_response_bytes(a->algorithm);
	if (!source->random(source->arg, &a->identifier, 1) ||
	    !source->random(source->arg, a->challenge, bytes))
		return no_random;
	chap_encode(a->challenge, bytes, text);
	a->state = AUTHENTICATION_RESPONSE;
	return iscsi_text_add_number(answer, "CHAP_A", a->algorithm) &&
		iscsi_text_add_number(answer, "CHAP_I", a->identifier) &&
		iscsi_text_add(answer, "CHAP_C", text)
	    ? NULL
	    : no_room;
}

/* Returns whether name and response are those of the line `entry`. */
static bool is_right(const struct authentication *a,
    const struct chap_entry *entry, const char *name, const char *response)
{
	uint8_t expected[CHAP_RESPONSE_MAX_BYTES];
	uint8_t given[CHAP_RESPONSE_MAX_BYTES];
	const size_t bytes = chap_response_bytes(a->algorithm);
	size_t given_bytes;
	bool right;

	/* An unknown initiator takes the same time. */
	chap_respond(a->algorithm, a->identifier,
	    entry == NULL ? "no such initiator" : entry->secret, a->challenge,
	    bytes, expected);
	right = chap_decode(response, given, sizeof given, &given_bytes) &&
	    given_bytes == bytes && chap_equal(given, expected, bytes) &&
	    entry != NULL && strcmp(name, entry->user) == 0;
	explicit_bzero(expected, sizeof expected);
	return right;
}

/* Reads a number from 0 to 255. */
static bool read_identifier(const char *text, uint8_t *identifier)
{
	const size_t n = strspn(text, "0123456789");
	const unsigned long value = strtoul(text, NULL, 10);

	*identifier = (uint8_t)value;
	return n > 0 && n <= 3 && text[n] == '\0' && value <= UINT8_MAX;
}

/* Responds to a challenge of the initiator. */
static const char *respond(const struct authentication *a,
    const struct chap_entry *entry, const char *identifier,
    const char *challenge, struct iscsi_text *answer)
{
	uint8_t value[CHAP_CHALLENGE_MAX_BYTES], number;
	uint8_t response[CHAP_RESPONSE_MAX_BYTES];
	const size_t own = chap_response_bytes(a->algorithm);
	char text[CHAP_TEXT_BYTES];
	size_t bytes;

	if (identifier == NULL || challenge == NULL ||
	    !read_identifier(identifier, &number) ||
	    !chap_decode(challenge, value, sizeof value, &bytes))
		return "its challenge for mutual CHAP is not valid";
	if (bytes == own && memcmp(value, a->challenge, own) == 0)
		return "it sent the challenge of the target back";
	if (entry->target_user[0] == '\0')
		return "it wants mutual CHAP, and its line in the CHAP file "
		       "has no user and secret of the target";
	chap_respond(a->algorithm, number, entry->target_secret, value, bytes,
	    response);
	chap_encode(response, own, text);
	return iscsi_text_add(answer, "CHAP_N", entry->target_user) &&
		iscsi_text_add(answer, "CHAP_R", text)
	    ? NULL
	    : no_room;
}

static const char *check_response(struct authentication *a,
    const struct chap_entry *entry, const char *name,
    const struct iscsi_text *request, struct iscsi_text *answer)
{
	const char *response = iscsi_text_find(request, "CHAP_R");
	const char *identifier = iscsi_text_find(request, "CHAP_I");
	const char *challenge = iscsi_text_find(request, "CHAP_C");
	const char *wrong = NULL;

	if (response == NULL)
		return "it sent no CHAP_R";
	if (!is_right(a, entry, name, response))
		return "its CHAP user or secret is wrong";
	if (identifier != NULL || challenge != NULL)
		wrong = respond(a, entry, identifier, challenge, answer);
	if (wrong == NULL)
		a->state = AUTHENTICATION_PASSED;
	return wrong;
}

static const char *step(struct authentication *a,
    const struct iscsi_access *access,
    const struct authentication_source *source, const char *initiator,
    bool transit, const struct iscsi_text *request, struct iscsi_text *answer)
{
	const bool needs_chap = iscsi_access_needs_chap(access);
	const char *value;

	switch (a->state) {
	case AUTHENTICATION_START:
		if ((value = iscsi_text_find(request, "AuthMethod")) != NULL)
			return choose_method(a, needs_chap, value, answer);
		if (transit && !needs_chap)
			a->state = AUTHENTICATION_PASSED;
		break;
	case AUTHENTICATION_ALGORITHM:
		if ((value = iscsi_text_find(request, "CHAP_A")) != NULL)
			return send_challenge(a, source, value, answer);
		break;
	case AUTHENTICATION_RESPONSE:
		if ((value = iscsi_text_find(request, "CHAP_N")) != NULL)
			return check_response(a,
			    iscsi_access_entry(access, initiator), value,
			    request, answer);
		break;
	case AUTHENTICATION_PASSED:
		break;
	}
	return transit && a->state != AUTHENTICATION_PASSED
	    ? "it did not authenticate, which the server requires"
	    : NULL;
}

enum iscsi_login_status
authentication_step(struct authentication *authentication,
    const struct iscsi_access *access,
    const struct authentication_source *source, const char *initiator,
    bool transit, const struct iscsi_text *request, struct iscsi_text *answer,
    const char **why)
{
	*why = step(authentication, access, source, initiator, transit, request,
	    answer);
	if (*why == NULL)
		return ISCSI_LOGIN_OK;
	return *why == no_random || *why == no_room
	    ? ISCSI_LOGIN_NO_RESOURCES
	    : ISCSI_LOGIN_AUTHENTICATION_FAILED;
}
