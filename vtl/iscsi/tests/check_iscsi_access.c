/*
 * check_iscsi_access.c: CHAP files, names, addresses, and rules about who may
 * use a target.
 */
#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/access.h"
#include "vtl/iscsi/portal.h"

#define A      "iqn.2026-11.org.example:a"
#define SECRET "a-long-secret"

static char message[CHAP_MESSAGE_BYTES];

START_TEST(a_chap_file_has_a_line_for_each_initiator)
{
	static const char text[] =
	    "# all hosts\n"
	    "\n"
	    "  iqn.2026-11.org.example:A\tbackup  a-#long-secret # the first\n"
	    "eui.02004567A425678D user other-secret-1 library target-secret\r\n"
	    "naa.52004567ba64678d u 123456789012";
	struct chap_file *file =
	    chap_file_parse("f", text, sizeof text - 1, message);
	const struct chap_entry *entry;

	ck_assert_msg(file != NULL, "%s", message);
	entry = chap_file_find(file, "iqn.2026-11.org.example:a");
	ck_assert_ptr_nonnull(entry);
	ck_assert_str_eq(entry->user, "backup");
	ck_assert_str_eq(entry->secret, "a-#long-secret");
	ck_assert_str_eq(entry->target_user, "");
	ck_assert_str_eq(entry->target_secret, "");
	entry = chap_file_find(file, "eui.02004567a425678d");
	ck_assert_ptr_nonnull(entry);
	ck_assert_str_eq(entry->target_user, "library");
	ck_assert_str_eq(entry->target_secret, "target-secret");
	ck_assert_ptr_nonnull(chap_file_find(file, "naa.52004567ba64678d"));
	ck_assert_ptr_null(chap_file_find(file, "iqn.2026-11.org.example:b"));
	chap_file_free(file);
}
END_TEST

/* Bad files, each with its message: line first, then what to do. */
static const struct bad {
	const char *text, *message;
} bads[] = {
	{ "", "f: no initiator; write a line 'IQN USER SECRET' for each" },
	{ "# comment\n", "f: no initiator" },
	{ "\n" A " user\n", "f:2: 3 or 5 fields" },
	{ A " user " SECRET " library\n", "f:1: 3 or 5 fields" },
	{ A " user " SECRET " library other-secret more\n",
	    "f:1: 3 or 5 fields" },
	{ "host user " SECRET "\n", "f:1: initiator 'host' does not begin" },
	{ A " user short\n", "f:1: the secret has fewer than 12 characters" },
	{ A " user " SECRET " library short\n",
	    "f:1: the secret has fewer than 12 characters" },
	{ A " user " SECRET " library " SECRET "\n",
	    "f:1: a target's secret must differ" },
	/* case does not count in names */
	{ A " user " SECRET "\n\nIQN.2026-11.org.example:A u " SECRET "\n",
	    "f:3: this initiator already has the line 1" },
	/* the secret of the target in one line is the initiator's in another */
	{ A " user " SECRET "\n" A "b u other-secret library " SECRET "\n",
	    "f:2: a target's secret must differ from the secrets of all "
	    "initiators, also from the one in line 1" },
	{ A " user other-secret library " SECRET "\n" A "b u " SECRET "\n",
	    "f:2: a target's secret must differ" },
	{ A " us\001er " SECRET "\n", "f:1: a control character" },
};

START_TEST(a_bad_chap_file_is_refused_with_its_line)
{
	const struct bad *bad = &bads[_i];

	ck_assert_ptr_null(chap_file_parse("f", bad->text, strlen(bad->text),
	    message));
	ck_assert_msg(strncmp(message, bad->message, strlen(bad->message)) == 0,
	    "%s", message);
	ck_assert_msg(strstr(message, SECRET) == NULL, "%s", message);
}
END_TEST

START_TEST(fields_of_a_chap_file_have_a_longest_length)
{
	char text[1024];

	for (int bytes = 255; bytes <= 256; bytes++) {
		struct chap_file *file;

		sprintf(text, A " user %0*d", bytes, 1);
		file = chap_file_parse("f", text, strlen(text), message);
		ck_assert_int_eq(file != NULL, bytes == 255);
		chap_file_free(file);
		sprintf(text, A " %0*d " SECRET, bytes, 1);
		file = chap_file_parse("f", text, strlen(text), message);
		ck_assert_int_eq(file != NULL, bytes == 255);
		chap_file_free(file);
	}
	ck_assert_str_eq(message, "f:1: a field has more than 255 bytes");
	ck_assert_ptr_null(chap_file_parse("f", A "\0 u " SECRET, 40, message));
	ck_assert_str_eq(message, "f:1: a zero byte; a CHAP file is text");
}
END_TEST

/* A file in a folder of its own, which the test removes. */
static char folder[64], path[80];

static void begin(void)
{
	strcpy(folder, "/tmp/tapelab-chap-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/chap", folder);
}

static void end(void)
{
	unlink(path);
	rmdir(folder);
}

static void write_file(const char *text, size_t bytes, mode_t mode)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, bytes, f), bytes);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

START_TEST(only_a_file_that_others_cannot_access_is_read)
{
	static const char text[] = A " user " SECRET "\n";
	struct chap_file *file;

	for (unsigned bit = 0; bit < 9; bit++) {
		const mode_t mode = 0600 | 1u << bit;

		write_file(text, sizeof text - 1, mode);
		file = chap_file_read(path, message);
		ck_assert_msg((file != NULL) == ((mode & 077) == 0), "%04o",
		    (unsigned)mode);
		if (file == NULL)
			ck_assert_ptr_nonnull(strstr(message, "chmod 600"));
		chap_file_free(file);
	}
	write_file(text, sizeof text - 1, 0400);
	file = chap_file_read(path, message);
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(chap_file_find(file, A));
	chap_file_free(file);
}
END_TEST

START_TEST(other_files_are_refused)
{
	static char zeros[CHAP_FILE_BYTES + 1];

	ck_assert_ptr_null(chap_file_read(path, message));
	ck_assert_ptr_nonnull(strstr(message, "No such file"));
	ck_assert_ptr_null(chap_file_read(folder, message));
	ck_assert_ptr_nonnull(strstr(message, "not a regular file"));
	/* Does not wait for a writer. */
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_ptr_null(chap_file_read(path, message));
	ck_assert_ptr_nonnull(strstr(message, "not a regular file"));
	unlink(path);
	write_file(zeros, sizeof zeros, 0600);
	ck_assert_ptr_null(chap_file_read(path, message));
	ck_assert_ptr_nonnull(strstr(message, "larger than 1 MiB"));
}
END_TEST

/* Names, and what is wrong with them; NULL: nothing. */
static const struct name {
	const char *text, *wrong;
} names[] = {
	{ "iqn.2026-11.tapelab:lib", NULL },
	{ "iqn.1991-05.com.microsoft:host-1.example.org", NULL },
	{ "iqn.2007-10.com.github:sahlberg:libiscsi:iscsi_inq", NULL },
	{ "iqn.1993-08.org.debian:01:abcdef", NULL },
	{ "iqn.2026-01.org.example", NULL },
	{ "eui.0123456789ABCDEF", NULL },
	{ "naa.0123456789abcdef", NULL },
	{ "naa.0123456789abcdef0123456789abcdef", NULL },
	{ "", "does not begin with" },
	{ "host", "does not begin with" },
	{ "iqn", "does not begin with" },
	{ "iqn.", "has no date" },
	{ "iqn.2026", "has no date" },
	{ "iqn.2026-1.org", "has no date" },
	{ "iqn.2026-00.org", "has no date" },
	{ "iqn.2026-13.org", "has no date" },
	{ "iqn.20260-11.org", "has no date" },
	{ "iqn.2026-11", "has no date" },
	{ "iqn.2026-11.", "has no naming authority" },
	{ "iqn.2026-11.:lib", "has no naming authority" },
	{ "iqn.2026-11.org.example:a b", "has a character" },
	{ "iqn.2026-11.org.example:a/b", "has a character" },
	{ "iqn.2026-11.org.example:a,b", "has a character" },
	{ "iqn.2026-11.org.example:\xc3\xa4", "has a character" },
	{ "eui.0123456789abcde", "does not have 16" },
	{ "eui.0123456789abcdef0", "does not have 16" },
	{ "eui.0123456789abcdeg", "does not have 16" },
	{ "naa.0123456789abcdef01", "does not have 16 or 32" },
};

START_TEST(names_have_the_forms_of_the_standard)
{
	char name[ISCSI_NAME_BYTES];
	const char *wrong = iscsi_name_read(names[_i].text, name);

	if (names[_i].wrong == NULL) {
		ck_assert_ptr_null(wrong);
		ck_assert_int_eq(strcasecmp(name, names[_i].text), 0);
		ck_assert_uint_eq(strcspn(name, "ABCDEF"), strlen(name));
	} else {
		ck_assert_ptr_nonnull(wrong);
		ck_assert_msg(strstr(wrong, names[_i].wrong) == wrong, "%s",
		    wrong);
		ck_assert_str_eq(name, "");
	}
}
END_TEST

START_TEST(a_name_has_at_most_223_bytes)
{
	char text[512], name[ISCSI_NAME_BYTES];

	memset(text, 'a', sizeof text);
	memcpy(text, "iqn.2026-11.org:", 16);
	text[224] = '\0';
	ck_assert_str_eq(iscsi_name_read(text, name),
	    "is longer than 223 bytes");
	text[223] = '\0';
	ck_assert_ptr_null(iscsi_name_read(text, name));
	ck_assert_str_eq(name, text);
}
END_TEST

START_TEST(a_library_has_a_name_that_is_valid)
{
	char name[ISCSI_NAME_BYTES], long_name[400], again[ISCSI_NAME_BYTES];

	iscsi_name_of_library("Lib_1 (test)", name);
	ck_assert_str_eq(name, "iqn.2026-11.tapelab:lib-1--test-");
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	iscsi_name_of_library(long_name, name);
	ck_assert_ptr_null(iscsi_name_read(name, again));
	ck_assert_uint_eq(strlen(name), 200);
}
END_TEST

/* HOST[:PORT] with 3260 as the default; NULL: not an address. */
static const struct address {
	const char *text, *host;
	unsigned port;
	const char *written;
} addresses[] = {
	{ "127.0.0.1", "127.0.0.1", 3260, "127.0.0.1:3260" },
	{ "127.0.0.1:0", "127.0.0.1", 0, "127.0.0.1:0" },
	{ "tape.example.org:65535", "tape.example.org", 65535,
	    "tape.example.org:65535" },
	{ "[::1]", "::1", 3260, "[::1]:3260" },
	{ "[fe80::1%eth0]:860", "fe80::1%eth0", 860, "[fe80::1%eth0]:860" },
	{ ":3261", "", 3261, ":3261" },
	{ "::1", NULL, 0, "several ':'" },
	{ "[::1", NULL, 0, "no ']'" },
	{ "[::1]3260", NULL, 0, "after ']'" },
	{ "host:", NULL, 0, "no port" },
	{ "host:65536", NULL, 0, "no port" },
	{ "host:-1", NULL, 0, "no port" },
	{ "host:12x", NULL, 0, "no port" },
	{ "host:000001", NULL, 0, "no port" },
	{ "a host", NULL, 0, "character" },
	{ "host,1", NULL, 0, "character" },
	{ "[[]", NULL, 0, "character" },
};

START_TEST(addresses_have_a_host_and_a_port)
{
	const struct address *a = &addresses[_i];
	struct iscsi_portal portal;
	char text[ISCSI_PORTAL_BYTES];
	const char *wrong = iscsi_portal_read(a->text, 3260, &portal);

	if (a->host == NULL) {
		ck_assert_ptr_nonnull(wrong);
		ck_assert_msg(strstr(wrong, a->written) != NULL, "%s", wrong);
		return;
	}
	ck_assert_ptr_null(wrong);
	ck_assert_str_eq(portal.host, a->host);
	ck_assert_uint_eq(portal.port, a->port);
	iscsi_portal_write(&portal, text);
	ck_assert_str_eq(text, a->written);
}
END_TEST

START_TEST(the_address_of_a_socket_is_numeric)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(3260),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(860),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr other = { .sa_family = AF_UNIX };
	struct iscsi_portal portal;
	char text[ISCSI_PORTAL_BYTES];

	ck_assert(iscsi_portal_of_address((struct sockaddr *)&in, &portal));
	iscsi_portal_write(&portal, text);
	ck_assert_str_eq(text, "127.0.0.1:3260");
	ck_assert(iscsi_portal_of_address((struct sockaddr *)&in6, &portal));
	iscsi_portal_write(&portal, text);
	ck_assert_str_eq(text, "[::1]:860");
	inet_pton(AF_INET6, "::ffff:10.0.2.2", &in6.sin6_addr);
	ck_assert(iscsi_portal_of_address((struct sockaddr *)&in6, &portal));
	iscsi_portal_write(&portal, text);
	ck_assert_str_eq(text, "10.0.2.2:860");
	ck_assert(!iscsi_portal_of_address(&other, &portal));
}
END_TEST

START_TEST(rules_name_initiators_and_logical_units)
{
	struct iscsi_access *access = iscsi_access_create();

	ck_assert(iscsi_access_allows(access, A));
	ck_assert(iscsi_access_allows_lun(access, A, 300));
	ck_assert(!iscsi_access_needs_chap(access));
	ck_assert_ptr_null(iscsi_access_entry(access, A));
	ck_assert_int_eq(iscsi_access_allow(access, A "=0,2-3", message), 0);
	ck_assert_int_eq(iscsi_access_allow(access, A "=7", message), 0);
	ck_assert_int_eq(iscsi_access_allow(access, A "b", message), 0);
	ck_assert(iscsi_access_allows(access, A));
	ck_assert(iscsi_access_allows(access, A "b"));
	ck_assert(!iscsi_access_allows(access, A "c"));
	for (unsigned lun = 0; lun < 10; lun++) {
		ck_assert_int_eq(iscsi_access_allows_lun(access, A, lun),
		    lun == 0 || lun == 2 || lun == 3 || lun == 7);
		ck_assert(iscsi_access_allows_lun(access, A "b", lun));
		ck_assert(!iscsi_access_allows_lun(access, A "c", lun));
	}
	iscsi_access_free(access);
}
END_TEST

START_TEST(a_bad_rule_is_refused)
{
	static const char *const rules[] = { "host", "", "=1", A "=", A "=a",
		A "=1,", A "=,1", A "=3-1", A "=1-", A "=-1", A "=16384",
		A "=99999999999", A "=1;2" };
	struct iscsi_access *access = iscsi_access_create();
	char long_name[600];

	for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++) {
		message[0] = '\0';
		ck_assert_msg(iscsi_access_allow(access, rules[i], message) ==
			-1,
		    "%s", rules[i]);
		ck_assert_ptr_nonnull(strstr(message,
		    i < 3 ? "initiator '" : "is not a list of logical units"));
	}
	snprintf(long_name, sizeof long_name, A "%0500d", 1);
	ck_assert_int_eq(iscsi_access_allow(access, long_name, message), -1);
	ck_assert_ptr_nonnull(strstr(message, "longer than 223 bytes"));
	iscsi_access_free(access);
}
END_TEST

START_TEST(a_chap_file_is_required_of_each_initiator)
{
	static const char text[] = A " user " SECRET "\n";
	struct iscsi_access *access = iscsi_access_create();

	ck_assert_int_eq(iscsi_access_chap(access, path, message), -1);
	write_file(text, sizeof text - 1, 0600);
	ck_assert_int_eq(iscsi_access_chap(access, path, message), 0);
	ck_assert(iscsi_access_needs_chap(access));
	ck_assert_ptr_nonnull(iscsi_access_entry(access, A));
	ck_assert_ptr_null(iscsi_access_entry(access, A "b"));
	iscsi_access_free(access);
	iscsi_access_free(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_access");
	TCase *tc = tcase_create("access");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_chap_file_has_a_line_for_each_initiator);
	tcase_add_loop_test(tc, a_bad_chap_file_is_refused_with_its_line, 0,
	    (int)(sizeof bads / sizeof *bads));
	tcase_add_test(tc, fields_of_a_chap_file_have_a_longest_length);
	tcase_add_test(tc, only_a_file_that_others_cannot_access_is_read);
	tcase_add_test(tc, other_files_are_refused);
	tcase_add_loop_test(tc, names_have_the_forms_of_the_standard, 0,
	    (int)(sizeof names / sizeof *names));
	tcase_add_test(tc, a_name_has_at_most_223_bytes);
	tcase_add_test(tc, a_library_has_a_name_that_is_valid);
	tcase_add_loop_test(tc, addresses_have_a_host_and_a_port, 0,
	    (int)(sizeof addresses / sizeof *addresses));
	tcase_add_test(tc, the_address_of_a_socket_is_numeric);
	tcase_add_test(tc, rules_name_initiators_and_logical_units);
	tcase_add_test(tc, a_bad_rule_is_refused);
	tcase_add_test(tc, a_chap_file_is_required_of_each_initiator);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
