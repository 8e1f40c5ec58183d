/* login_rig.c: an initiator that logs in, without a socket. */
#include "vtl/iscsi/tests/login_rig.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static enum iscsi_login_status find_target(void *arg, const char *name)
{
	const struct login_rig *rig = arg;

	if (strcmp(name, LOGIN_TARGET) != 0)
		return ISCSI_LOGIN_NOT_FOUND;
	return rig->find_status;
}

static enum iscsi_login_status enter(void *arg, const struct iscsi_login *login,
    uint16_t *tsih)
{
	struct login_rig *rig = arg;

	ck_assert_ptr_eq(login, rig->login);
	rig->entered++;
	rig->asked_tsih = *tsih;
	*tsih = 0x1234;
	return rig->enter_status;
}

static bool count_up(void *arg, uint8_t *bytes, size_t count)
{
	struct login_rig *rig = arg;

	if (rig->random == 0)
		return false;
	for (size_t i = 0; i < count; i++)
		bytes[i] = rig->random++;
	return true;
}

void login_rig_begin(struct login_rig *rig, const char *chap)
{
	char message[CHAP_MESSAGE_BYTES];

	memset(rig, 0, sizeof *rig);
	rig->access = iscsi_access_create();
	ck_assert_ptr_nonnull(rig->access);
	if (chap != NULL) {
		struct chap_file *file =
		    chap_file_parse("chap", chap, strlen(chap), message);

		ck_assert_msg(file != NULL, "%s", message);
		iscsi_access_take_chap(rig->access, file);
	}
	rig->owner = (struct iscsi_login_owner){ .arg = rig,
		.access = rig->access,
		.window = 32,
		.stat_sn = 100,
		.find_target = find_target,
		.enter = enter,
		.random = count_up };
	rig->random = 1;
	login_rig_again(rig);
}

void login_rig_again(struct login_rig *rig)
{
	iscsi_login_free(rig->login);
	rig->login = iscsi_login_create(&rig->owner);
	ck_assert_ptr_nonnull(rig->login);
	memset(&rig->request, 0, sizeof rig->request);
	rig->request.bhs[0] = ISCSI_LOGIN | ISCSI_IMMEDIATE;
	memcpy(rig->request.bhs + ISCSI_AT_ISID, "\x80\x24\x5f\xb5\0\0", 6);
	iscsi_put(&rig->request, ISCSI_AT_ITT, 0x28c55813);
	iscsi_put16(&rig->request, ISCSI_AT_CID, 1);
	iscsi_put(&rig->request, ISCSI_AT_CMD_SN, 0xfffffff0);
}

void login_rig_end(struct login_rig *rig)
{
	iscsi_login_free(rig->login);
	iscsi_access_free(rig->access);
}

static void replace(char *text, size_t bytes, char from, char to)
{
	for (size_t i = 0; i < bytes; i++)
		if (text[i] == from)
			text[i] = to;
}

enum iscsi_login_step login_rig_send(struct login_rig *rig, unsigned flags,
    const char *text)
{
	char *data = strdup(text);
	const size_t bytes = strlen(text);

	replace(data, bytes, '\n', '\0');
	rig->request.bhs[1] = (uint8_t)flags;
	iscsi_pdu_set_data(&rig->request, data, (uint32_t)bytes);
	rig->text[0] = '\0';
	rig->step = iscsi_login_step(rig->login, &rig->request, &rig->reply);
	free(data);
	if (rig->step == ISCSI_LOGIN_CLOSE)
		return rig->step;
	ck_assert_uint_lt(rig->reply.data_bytes, sizeof rig->text);
	ck_assert_uint_eq(get_be24(rig->reply.bhs + 5), rig->reply.data_bytes);
	if (rig->reply.data_bytes > 0)
		memcpy(rig->text, rig->reply.data, rig->reply.data_bytes);
	replace(rig->text, rig->reply.data_bytes, '\0', '\n');
	rig->text[rig->reply.data_bytes] = '\0';
	return rig->step;
}

void login_rig_expect(const struct login_rig *rig, unsigned flags,
    const char *text)
{
	ck_assert_uint_eq(rig->reply.bhs[0], ISCSI_LOGIN_RESPONSE);
	ck_assert_uint_eq(iscsi_get16(&rig->reply, ISCSI_AT_STATUS_CLASS), 0);
	ck_assert_str_eq(iscsi_login_reason(rig->login), "");
	ck_assert_uint_eq(rig->reply.bhs[1], flags);
	ck_assert_str_eq(rig->text, text);
}

void login_rig_expect_failure(const struct login_rig *rig,
    enum iscsi_login_status status, const char *reason)
{
	ck_assert_int_eq(rig->step, ISCSI_LOGIN_FAILED);
	ck_assert_uint_eq(iscsi_get16(&rig->reply, ISCSI_AT_STATUS_CLASS),
	    status);
	ck_assert_uint_eq(rig->reply.bhs[1] & ISCSI_TRANSIT, 0);
	ck_assert_uint_eq(rig->reply.data_bytes, 0);
	ck_assert_msg(strstr(iscsi_login_reason(rig->login), reason) != NULL,
	    "'%s' has no '%s'", iscsi_login_reason(rig->login), reason);
}
