/*
 * login_fuzz.c: a hostile initiator logs in, and sends Text requests, for
 * libFuzzer (see `make fuzz`).
 *
 * The first byte of an input has the configuration: bit 0, CHAP is required;
 * bit 1, only one initiator is allowed.  Then requests follow: byte 1 of the
 * PDU, a byte whose bits change other fields, the length of the data (2 bytes),
 * the data.  Replies must keep the limits, and no initiator may get in without
 * a right response.
 *
 *     login_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/discovery.h"
#include "vtl/iscsi/login.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { WITH_CHAP = 1, WITH_RULE = 2, HEAD = 4 };

#define INITIATOR "iqn.2026-11.org.example:a"
#define TARGET    "iqn.2026-11.tapelab:lib"

static const char chap[] =
    INITIATOR " backup one-way-secret tapelab secret-of-library\n";

/* The initial inputs: flags, data with newlines for zero bytes. */
static const struct seed {
	uint8_t options;
	struct {
		uint8_t flags;
		const char *data;
	} requests[4];
} seeds[] = {
	{ 0,
	    { { 0x87,
		  "InitiatorName=" INITIATOR "\nTargetName=" TARGET "\n"
		  "SessionType=Normal\nHeaderDigest=None,CRC32C\n"
		  "DataDigest=CRC32C\nInitialR2T=No\nImmediateData=Yes\n"
		  "MaxBurstLength=262144\nFirstBurstLength=0x40000\n"
		  "MaxOutstandingR2T=1\nErrorRecoveryLevel=2\nIFMarker=No\n"
		  "MaxConnections=8\nMaxRecvDataSegmentLength=512\n"
		  "DataPDUInOrder=Yes\niSCSIProtocolLevel=1\n" },
		{ 0x80, "SendTargets=\n" },
		{ 0x80, "MaxRecvDataSegmentLength=1024\n" } } },
	{ WITH_RULE,
	    { { 0x81,
		  "InitiatorName=" INITIATOR "\nSessionType=Discovery\n"
		  "AuthMethod=CHAP,None\n" },
		{ 0x87, "MaxRecvDataSegmentLength=512\nMaxConnections=1\n" },
		{ 0x40, "SendTar" }, { 0x80, "gets=All\n" } } },
	{ WITH_CHAP,
	    { { 0x00,
		  "InitiatorName=" INITIATOR "\nTargetName=" TARGET "\n"
		  "AuthMethod=CHAP\n" },
		{ 0x00, "CHAP_A=8,7,6,5\n" },
		{ 0x83,
		    "CHAP_N=backup\nCHAP_I=1\nCHAP_C=0b863a\nCHAP_R=0x"
		    "ea7c8a36dcdf1b53b5f19a5fd7df08a0a8b825c5dd87b0cb"
		    "9a3cf657ea425e6c\n" } } },
	{ WITH_CHAP,
	    { { 0x01,
		  "InitiatorName=" INITIATOR "\nTargetName=" TARGET "\n"
		  "AuthMethod=CHAP,None\n" },
		{ 0x00, "CHAP_A=5\n" },
		{ 0x81,
		    "CHAP_N=backup\nCHAP_I=1\nCHAP_C=0x863ab53bad\n"
		    "CHAP_R=0xc1eb23e8c2a7945268daa69f142bfd54\n" },
		{ 0x87, "HeaderDigest=CRC32C\n" } } },
};

static void write_seed(const char *name, const struct seed *seed)
{
	FILE *f = fopen(name, "w");

	if (f == NULL) {
		perror(name);
		exit(1);
	}
	fputc(seed->options, f);
	for (unsigned i = 0; i < 4 && seed->requests[i].data != NULL; i++) {
		const char *text = seed->requests[i].data;
		const size_t bytes = strlen(text);

		fputc(seed->requests[i].flags, f);
		fputc(0, f);
		fputc((int)(bytes >> 8), f);
		fputc((int)(bytes & 0xff), f);
		for (; *text != '\0'; text++)
			fputc(*text == '\n' ? '\0' : *text, f);
	}
	fclose(f);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char name[512];

	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0)
		return 0;
	for (unsigned i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		snprintf(name, sizeof name, "%s/login%u", (*argv)[2], i);
		write_seed(name, &seeds[i]);
	}
	exit(0);
}

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static unsigned entered;
static uint8_t random_byte;

static enum iscsi_login_status find_target(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, TARGET) == 0 ? ISCSI_LOGIN_OK
					 : ISCSI_LOGIN_NOT_FOUND;
}

static enum iscsi_login_status enter(void *arg, const struct iscsi_login *login,
    uint16_t *tsih)
{
	const struct iscsi_parameters *p = iscsi_login_parameters(login);
	char name[ISCSI_NAME_BYTES];

	(void)arg;
	check(iscsi_name_read(p->initiator_name, name) == NULL, "bad name");
	check(p->discovery || strcmp(p->target_name, TARGET) == 0, "no target");
	entered++;
	if (*tsih != 0)
		return ISCSI_LOGIN_NO_SESSION;
	*tsih = 1;
	return ISCSI_LOGIN_OK;
}

static bool count_up(void *arg, uint8_t *bytes, size_t count)
{
	(void)arg;
	while (count-- > 0)
		*bytes++ = random_byte++;
	return true;
}

static const char *target(void *arg, unsigned i)
{
	static char name[64];

	(void)arg;
	snprintf(name, sizeof name, TARGET "%.u", i);
	return i < 40 ? name : NULL;
}

static struct iscsi_access *make_access(unsigned options)
{
	struct iscsi_access *access = iscsi_access_create();
	char message[CHAP_MESSAGE_BYTES];

	if (options & WITH_CHAP)
		iscsi_access_take_chap(access,
		    chap_file_parse("f", chap, sizeof chap - 1, message));
	if (options & WITH_RULE)
		check(iscsi_access_allow(access, INITIATOR "=0", message) == 0,
		    message);
	return access;
}

/* Takes a request from the input.  Returns false at its end. */
static bool next_request(const uint8_t **data, size_t *bytes,
    enum iscsi_opcode opcode, struct iscsi_pdu *pdu)
{
	/* Each bit changes a byte: version, LUN or ISID, TSIH, tags. */
	static const uint8_t places[8] = { 0, 3, 8, 13, 15, 16, 20, 21 };
	size_t n;

	if (*bytes < HEAD)
		return false;
	n = get_be16(*data + 2);
	if (n > *bytes - HEAD)
		n = *bytes - HEAD;
	memset(pdu, 0, sizeof *pdu);
	iscsi_pdu_set_data(pdu, *data + HEAD, (uint32_t)n);
	pdu->bhs[0] = (uint8_t)opcode;
	pdu->bhs[1] = (*data)[0];
	for (unsigned bit = 0; bit < 8; bit++)
		if ((*data)[1] >> bit & 1)
			pdu->bhs[places[bit]] ^= 1;
	*data += HEAD + n;
	*bytes -= HEAD + n;
	return true;
}

/* Logs in.  Returns whether the full feature phase begins. */
static bool log_in(struct iscsi_login *login, const uint8_t **data,
    size_t *bytes)
{
	struct iscsi_pdu request, reply;
	enum iscsi_login_step step = ISCSI_LOGIN_ANSWER;

	while (step == ISCSI_LOGIN_ANSWER &&
	    next_request(data, bytes, ISCSI_LOGIN, &request)) {
		step = iscsi_login_step(login, &request, &reply);
		if (step != ISCSI_LOGIN_CLOSE)
			check(reply.data_bytes <= ISCSI_LOGIN_DATA_BYTES &&
				iscsi_opcode(&reply) == ISCSI_LOGIN_RESPONSE,
			    "a reply that cannot be");
		check((step == ISCSI_LOGIN_FAILED ||
			  step == ISCSI_LOGIN_CLOSE) ==
			(iscsi_login_reason(login)[0] != '\0'),
		    "a reason that does not fit");
	}
	return step == ISCSI_LOGIN_DONE;
}

static void send_texts(struct iscsi_parameters *parameters, const uint8_t *data,
    size_t bytes)
{
	const struct iscsi_discovery_owner owner = { .target = target,
		.portal = "[::1]:3260" };
	struct iscsi_discovery *discovery = iscsi_discovery_create();
	uint32_t tag = ISCSI_NO_TAG;
	struct iscsi_pdu request, reply;

	while (next_request(&data, &bytes, ISCSI_TEXT, &request)) {
		iscsi_put(&request, ISCSI_AT_TTT, tag ^ request.bhs[21]);
		if (iscsi_discovery_step(discovery, &owner, parameters,
			&request, &reply) != 0) {
			tag = ISCSI_NO_TAG;
			continue;
		}
		check(reply.data_bytes <= parameters->max_send_bytes,
		    "more than the initiator accepts");
		tag = iscsi_get(&reply, ISCSI_AT_TTT);
	}
	iscsi_discovery_free(discovery);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct iscsi_login_owner owner = { .window = 32,
		.find_target = find_target,
		.enter = enter,
		.random = count_up };
	struct iscsi_parameters parameters;
	struct iscsi_access *access;
	struct iscsi_login *login;

	if (bytes == 0)
		return 0;
	access = make_access(data[0]);
	owner.access = access;
	login = iscsi_login_create(&owner);
	entered = 0;
	random_byte = 1;
	data++;
	bytes--;
	if (log_in(login, &data, &bytes)) {
		check(entered == 1, "it was not entered once");
		parameters = *iscsi_login_parameters(login);
		check(parameters.first_burst_bytes <=
			parameters.max_burst_bytes,
		    "the first burst is too long");
		send_texts(&parameters, data, bytes);
	}
	iscsi_login_free(login);
	iscsi_access_free(access);
	return 0;
}
