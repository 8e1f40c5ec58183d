/*
 * access_fuzz.c: hostile CHAP files, names, addresses and rules, for libFuzzer
 * (see `make fuzz`).
 *
 * The first byte of an input says what the rest is: 0, a CHAP file; 1, a name
 * (its default name as a library too); 2, an address; 3, a rule.
 *
 *     access_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/access.h"
#include "vtl/iscsi/portal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static const struct seed {
	uint8_t kind;
	const char *text;
} seeds[] = {
	{ 0,
	    "# hosts\niqn.2026-11.org.example:a user a-long-secret\n"
	    "eui.02004567A425678D u other-secret-1 t target-secret\r\n" },
	{ 1, "iqn.2026-11.org.example:a" },
	{ 1, "naa.52004567ba64678d" },
	{ 2, "[fe80::1]:3260" },
	{ 2, "host.example.org:860" },
	{ 3, "iqn.2026-11.org.example:a=0,2-4" },
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0)
		return 0;
	for (unsigned i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		char name[512];
		FILE *f;

		snprintf(name, sizeof name, "%s/access%u", (*argv)[2], i);
		if ((f = fopen(name, "w")) == NULL) {
			perror(name);
			exit(1);
		}
		fprintf(f, "%c%s", seeds[i].kind, seeds[i].text);
		fclose(f);
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

/* A message is one line. */
static void check_message(const char *message)
{
	check(message[0] != '\0' && strlen(message) < CHAP_MESSAGE_BYTES,
	    "no message");
	for (; *message != '\0'; message++)
		check((unsigned char)*message >= ' ' && *message != 0x7f,
		    "a control character in a message");
}

static void try_file(const char *text, size_t bytes)
{
	char message[CHAP_MESSAGE_BYTES] = "";
	struct chap_file *file = chap_file_parse("f", text, bytes, message);

	if (file == NULL)
		check_message(message);
	else
		chap_file_find(file, "iqn.2026-11.org.example:a");
	chap_file_free(file);
}

static void try_name(const char *text)
{
	char name[ISCSI_NAME_BYTES], again[ISCSI_NAME_BYTES];

	if (iscsi_name_read(text, name) == NULL)
		check(iscsi_name_read(name, again) == NULL &&
			strcmp(name, again) == 0,
		    "a name that changes");
	iscsi_name_of_library(text, name);
	check(iscsi_name_read(name, again) == NULL, "a default name is bad");
}

static void try_address(const char *text)
{
	char written[ISCSI_PORTAL_BYTES];
	struct iscsi_portal portal, again;

	if (iscsi_portal_read(text, 3260, &portal) != NULL)
		return;
	iscsi_portal_write(&portal, written);
	check(iscsi_portal_read(written, 0, &again) == NULL &&
		strcmp(portal.host, again.host) == 0 &&
		portal.port == again.port,
	    "an address that changes");
}

static void try_rule(const char *text)
{
	struct iscsi_access *access = iscsi_access_create();
	char message[CHAP_MESSAGE_BYTES] = "";

	check(iscsi_access_allow(access, text, message) == 0 ||
		message[0] != '\0',
	    "no message");
	iscsi_access_free(access);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	char *text;

	if (bytes == 0)
		return 0;
	/* Exactly as long, so that a read beyond the text is detected. */
	text = malloc(bytes);
	memcpy(text, data + 1, bytes - 1);
	text[bytes - 1] = '\0';
	if (data[0] == 0)
		try_file(text, bytes - 1);
	else if (data[0] == 1)
		try_name(text);
	else if (data[0] == 2)
		try_address(text);
	else if (data[0] == 3)
		try_rule(text);
	free(text);
	return 0;
}
