/* parameters.c: the table of keys, and the negotiation of each. */
#include "vtl/iscsi/parameters.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/pdu.h"

enum rule {
	RULE_ELSEWHERE,    /* answered by login.c or discovery.c */
	RULE_IDENTITY,     /* declared: names and type of the session */
	RULE_DECLARED,     /* a number, not answered */
	RULE_MIN,          /* the lower of two numbers */
	RULE_MAX,          /* the higher of two numbers */
	RULE_AND,          /* Yes if both say Yes */
	RULE_OR,           /* Yes if one says Yes */
	RULE_FIRST_KNOWN,  /* the first word of a list that is in `words` */
	RULE_FIXED_ANSWER, /* always `words` */
};

/* Phases in which a key may be sent. */
enum {
	IN_SECURITY = 1 << ISCSI_TEXT_SECURITY,
	IN_OPERATIONAL = 1 << ISCSI_TEXT_OPERATIONAL,
	IN_FULL = 1 << ISCSI_TEXT_FULL,
	IN_LOGIN = IN_SECURITY | IN_OPERATIONAL
};

enum {
	NOT_STORED = 0, /* `initiator_name` is at 0: no number */
	SEGMENT_MIN_BYTES = 512,
	SEGMENT_MAX_BYTES = 0xffffff,
	TIME_MAX_S = 3600
};

#define FIELD(name) offsetof(struct iscsi_parameters, name)

/*
 * The order is that of the negotiation: the type of the session decides which
 * keys apply, and MaxBurstLength limits FirstBurstLength.
 */
static const struct key {
	const char *name;
	enum rule rule;
	unsigned phases;
	bool normal_only; /* irrelevant in a discovery session */
	size_t field;
	uint32_t min, max, ours;
	const char *words;
} keys[] = {
	{ .name = "SessionType", .rule = RULE_IDENTITY, .phases = IN_LOGIN },
	{ .name = "InitiatorName", .rule = RULE_IDENTITY, .phases = IN_LOGIN },
	{ .name = "InitiatorAlias",
	    .rule = RULE_IDENTITY,
	    .phases = IN_LOGIN | IN_FULL },
	{ .name = "TargetName", .rule = RULE_IDENTITY, .phases = IN_LOGIN },
	{ .name = "AuthMethod", .rule = RULE_ELSEWHERE, .phases = IN_SECURITY },
	{ .name = "CHAP_A", .rule = RULE_ELSEWHERE, .phases = IN_SECURITY },
	{ .name = "CHAP_I", .rule = RULE_ELSEWHERE, .phases = IN_SECURITY },
	{ .name = "CHAP_C", .rule = RULE_ELSEWHERE, .phases = IN_SECURITY },
	{ .name = "CHAP_N", .rule = RULE_ELSEWHERE, .phases = IN_SECURITY },
	{ .name = "CHAP_R", .rule = RULE_ELSEWHERE, .phases = IN_SECURITY },
	{ .name = "SendTargets", .rule = RULE_ELSEWHERE, .phases = IN_FULL },
	{ .name = "HeaderDigest",
	    .rule = RULE_FIRST_KNOWN,
	    .phases = IN_OPERATIONAL,
	    .field = FIELD(header_digest),
	    .words = "None,CRC32C" },
	{ .name = "DataDigest",
	    .rule = RULE_FIRST_KNOWN,
	    .phases = IN_OPERATIONAL,
	    .field = FIELD(data_digest),
	    .words = "None,CRC32C" },
	{ .name = "MaxRecvDataSegmentLength",
	    .rule = RULE_DECLARED,
	    .phases = IN_OPERATIONAL | IN_FULL,
	    .field = FIELD(max_send_bytes),
	    .min = SEGMENT_MIN_BYTES,
	    .max = SEGMENT_MAX_BYTES },
	{ .name = "MaxConnections",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .min = 1,
	    .max = 65535,
	    .ours = 1 },
	{ .name = "InitialR2T",
	    .rule = RULE_OR,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .field = FIELD(initial_r2t),
	    .ours = false },
	{ .name = "ImmediateData",
	    .rule = RULE_AND,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .field = FIELD(immediate_data),
	    .ours = true },
	{ .name = "MaxBurstLength",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .field = FIELD(max_burst_bytes),
	    .min = SEGMENT_MIN_BYTES,
	    .max = SEGMENT_MAX_BYTES,
	    .ours = ISCSI_MAX_BURST_BYTES },
	{ .name = "FirstBurstLength",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .field = FIELD(first_burst_bytes),
	    .min = SEGMENT_MIN_BYTES,
	    .max = SEGMENT_MAX_BYTES,
	    .ours = ISCSI_FIRST_BURST_BYTES },
	{ .name = "MaxOutstandingR2T",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .field = FIELD(max_outstanding_r2t),
	    .min = 1,
	    .max = 65535,
	    .ours = 1 },
	{ .name = "DefaultTime2Wait",
	    .rule = RULE_MAX,
	    .phases = IN_OPERATIONAL,
	    .field = FIELD(time2wait_s),
	    .max = TIME_MAX_S,
	    .ours = 2 },
	{ .name = "DefaultTime2Retain",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .field = FIELD(time2retain_s),
	    .max = TIME_MAX_S,
	    .ours = 0 },
	{ .name = "DataPDUInOrder",
	    .rule = RULE_OR,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .ours = true },
	{ .name = "DataSequenceInOrder",
	    .rule = RULE_OR,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .ours = true },
	{ .name = "ErrorRecoveryLevel",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .max = 2,
	    .ours = 0 },
	{ .name = "TaskReporting",
	    .rule = RULE_FIRST_KNOWN,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .words = "RFC3720" },
	{ .name = "iSCSIProtocolLevel",
	    .rule = RULE_MIN,
	    .phases = IN_OPERATIONAL,
	    .normal_only = true,
	    .max = 31,
	    .ours = 1 },
	/* Obsolete since RFC 7143. */
	{ .name = "IFMarker",
	    .rule = RULE_FIXED_ANSWER,
	    .phases = IN_OPERATIONAL,
	    .words = "No" },
	{ .name = "OFMarker",
	    .rule = RULE_FIXED_ANSWER,
	    .phases = IN_OPERATIONAL,
	    .words = "No" },
	{ .name = "IFMarkInt",
	    .rule = RULE_FIXED_ANSWER,
	    .phases = IN_OPERATIONAL,
	    .words = "Irrelevant" },
	{ .name = "OFMarkInt",
	    .rule = RULE_FIXED_ANSWER,
	    .phases = IN_OPERATIONAL,
	    .words = "Irrelevant" },
};

enum { KEYS = sizeof keys / sizeof *keys };

void iscsi_parameters_init(struct iscsi_parameters *parameters)
{
	*parameters = (struct iscsi_parameters){
		.max_send_bytes = 8192,
		.max_recv_bytes = ISCSI_LOGIN_DATA_BYTES,
		.max_burst_bytes = 262144,
		.first_burst_bytes = 65536,
		.max_outstanding_r2t = 1,
		.time2wait_s = 2,
		.time2retain_s = 20,
		.initial_r2t = true,
		.immediate_data = true,
	};
}

static const struct key *find(const char *name)
{
	for (unsigned i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* Decimal, or hexadecimal with 0x. */
static bool read_number(const char *text, uint32_t min, uint32_t max,
    uint32_t *value)
{
	const bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = text + (hex ? 2 : 0);
	const size_t n =
	    strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
	unsigned long long number;

	/* 16 digits fit, whatever they are. */
	if (n == 0 || n > 16 || digits[n] != '\0')
		return false;
	number = strtoull(digits, NULL, hex ? 16 : 10);
	*value = (uint32_t)number;
	return number >= min && number <= max;
}

static bool read_bool(const char *text, bool *value)
{
	*value = strcmp(text, "Yes") == 0;
	return *value || strcmp(text, "No") == 0;
}

/* An answer that the initiator gives to a key of ours needs no answer. */
static bool is_reserved(const char *value)
{
	return strcmp(value, "NotUnderstood") == 0 ||
	    strcmp(value, "Irrelevant") == 0 || strcmp(value, "Reject") == 0;
}

static const char *take_name(const char *text, char name[ISCSI_NAME_BYTES],
    const char *wrong)
{
	return iscsi_name_read(text, name) == NULL ? NULL : wrong;
}

static const char *take_identity(struct iscsi_parameters *p, const char *name,
    const char *value)
{
	if (strcmp(name, "InitiatorName") == 0)
		return take_name(value, p->initiator_name,
		    "InitiatorName is not an iSCSI name");
	if (strcmp(name, "TargetName") == 0)
		return take_name(value, p->target_name,
		    "TargetName is not an iSCSI name");
	if (strcmp(name, "InitiatorAlias") == 0) {
		snprintf(p->initiator_alias, sizeof p->initiator_alias, "%s",
		    value);
		return NULL;
	}
	p->discovery = strcmp(value, "Discovery") == 0;
	return p->discovery || strcmp(value, "Normal") == 0
	    ? NULL
	    : "SessionType is neither Normal nor Discovery";
}

static void *field_of(struct iscsi_parameters *p, const struct key *key)
{
	return key->field == NOT_STORED ? NULL : (char *)p + key->field;
}

static void store_number(struct iscsi_parameters *p, const struct key *key,
    uint32_t value)
{
	uint32_t *field = field_of(p, key);

	if (field != NULL)
		*field = value;
}

static void store_bool(struct iscsi_parameters *p, const struct key *key,
    bool value)
{
	bool *field = field_of(p, key);

	if (field != NULL)
		*field = value;
}

/* Writes the answer to a number; "Reject" if the number does not fit. */
static void answer_number(struct iscsi_parameters *p, const struct key *key,
    const char *value, char answer[16])
{
	uint32_t number, ours = key->ours;

	if (!read_number(value, key->min, key->max, &number)) {
		strcpy(answer, "Reject");
		return;
	}
	if (key->field == FIELD(first_burst_bytes) && ours > p->max_burst_bytes)
		ours = p->max_burst_bytes;
	if (key->rule == RULE_MIN ? ours < number : ours > number)
		number = ours;
	store_number(p, key, number);
	snprintf(answer, 16, "%u", number);
}

static void answer_bool(struct iscsi_parameters *p, const struct key *key,
    const char *value, char answer[16])
{
	bool theirs;

	if (!read_bool(value, &theirs)) {
		strcpy(answer, "Reject");
		return;
	}
	if (key->rule == RULE_AND)
		theirs = theirs && key->ours;
	else
		theirs = theirs || key->ours;
	store_bool(p, key, theirs);
	strcpy(answer, theirs ? "Yes" : "No");
}

static void answer_list(struct iscsi_parameters *p, const struct key *key,
    const char *value, char answer[16])
{
	strcpy(answer, "Reject");
	for (;; value++) {
		const size_t n = strcspn(value, ",");
		char word[16];

		if (n < sizeof word) {
			memcpy(word, value, n);
			word[n] = '\0';
			if (n > 0 && iscsi_text_list_has(key->words, word)) {
				strcpy(answer, word);
				store_bool(p, key, strcmp(word, "CRC32C") == 0);
				return;
			}
		}
		value += n;
		if (*value == '\0')
			return;
	}
}

/*
 * Takes one key.  *answer is "" if the key is not answered.  Returns why the
 * negotiation fails, or NULL.
 */
static const char *take(struct iscsi_parameters *p, const struct key *key,
    enum iscsi_text_phase phase, const char *value, char answer[16])
{
	uint32_t number;

	answer[0] = '\0';
	if (is_reserved(value))
		return NULL;
	if ((key->phases & 1u << phase) == 0)
		strcpy(answer, "Reject");
	else if (key->normal_only && p->discovery)
		strcpy(answer, "Irrelevant");
	else
		switch (key->rule) {
		case RULE_ELSEWHERE:
			break;
		case RULE_IDENTITY:
			return take_identity(p, key->name, value);
		case RULE_DECLARED:
			if (!read_number(value, key->min, key->max, &number))
				return "MaxRecvDataSegmentLength is not a "
				       "number from 512 to 16777215";
			store_number(p, key, number);
			break;
		case RULE_MIN:
		case RULE_MAX:
			answer_number(p, key, value, answer);
			break;
		case RULE_AND:
		case RULE_OR:
			answer_bool(p, key, value, answer);
			break;
		case RULE_FIRST_KNOWN:
			answer_list(p, key, value, answer);
			break;
		case RULE_FIXED_ANSWER:
			strcpy(answer, key->words);
			break;
		}
	return NULL;
}

static const char *add(struct iscsi_text *answer, const char *key,
    const char *value)
{
	return iscsi_text_add(answer, key, value) ? NULL
						  : "its answer is too long";
}

const char *iscsi_parameters_negotiate(struct iscsi_parameters *parameters,
    enum iscsi_text_phase phase, const struct iscsi_text *text,
    struct iscsi_text *answer)
{
	struct iscsi_pair pair;
	const char *wrong = NULL;
	char value[16];

	for (unsigned i = 0; i < KEYS && wrong == NULL; i++)
		for (size_t at = 0;
		     wrong == NULL && iscsi_text_next(text, &at, &pair);) {
			if (strcmp(pair.key, keys[i].name) != 0)
				continue;
			wrong = take(parameters, &keys[i], phase, pair.value,
			    value);
			if (wrong == NULL && value[0] != '\0')
				wrong = add(answer, pair.key, value);
		}
	for (size_t at = 0; wrong == NULL && iscsi_text_next(text, &at, &pair);)
		if (find(pair.key) == NULL && !is_reserved(pair.value))
			wrong = add(answer, pair.key, "NotUnderstood");
	if (parameters->first_burst_bytes > parameters->max_burst_bytes)
		parameters->first_burst_bytes = parameters->max_burst_bytes;
	return wrong;
}

bool iscsi_parameters_declare(struct iscsi_parameters *parameters,
    struct iscsi_text *answer)
{
	parameters->max_recv_bytes = ISCSI_MAX_RECV_BYTES;
	return iscsi_text_add_number(answer, "MaxRecvDataSegmentLength",
	    ISCSI_MAX_RECV_BYTES);
}
