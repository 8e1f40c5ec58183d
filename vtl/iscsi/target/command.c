/*
 * command.c: SCSI commands and their data-out (RFC 7143, clauses 4.2.5.1, 11.3,
 * 11.7, 11.8).
 *
 *     SCSI Command --> immediate data --> unsolicited Data-Out until F -->
 *         (R2T --> Data-Out until F)...  --> iscsi_task_set_complete()
 *
 * One R2T of a command is outstanding at a time.  Data of a command that has
 * ended before they came are received and forgotten.
 */
#include "vtl/iscsi/target/impl.h"

#include <stdlib.h>

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void lock(struct iscsi_connection *c)
{
	pthread_mutex_lock(&c->lock);
}

static void unlock(struct iscsi_connection *c)
{
	pthread_mutex_unlock(&c->lock);
}

/* Locked.  Sends the answer of a transfer. */
static void answer(struct iscsi_transfer *t, const struct device_answer *answer)
{
	struct iscsi_connection *c = t->connection;
	struct device_command *command = &t->task.command;

	iscsi_respond(c, t->task.tag, t->r2t_count, answer, command->in,
	    command->in_room);
	command->in = NULL;
	command->in_room = 0;
}

/* See struct iscsi_task. */
static void on_done(struct iscsi_task *task, const struct device_answer *result)
{
	struct iscsi_transfer *t = (struct iscsi_transfer *)task;
	struct iscsi_connection *c = t->connection;

	lock(c);
	if (result != NULL)
		answer(t, result);
	iscsi_transfer_remove(t);
	unlock(c);
}

bool iscsi_find_unit(const struct iscsi_connection *c, const uint8_t lun[8],
    size_t *unit)
{
	enum { METHOD = 0xc0, FLAT = 0x40 };
	const unsigned number = (unsigned)(lun[0] & ~METHOD) << 8 | lun[1];
	static const uint8_t zeros[6];
	size_t i = 0;

	if (memcmp(lun + 2, zeros, sizeof zeros) != 0)
		return false;
	if ((lun[0] & METHOD) != FLAT && lun[0] != 0)
		return false;
	while (i < c->lun_count && c->luns[i] != number)
		i++;
	*unit = c->target->first_unit + number;
	return i < c->lun_count;
}

/* Sends a status for a command that is no transfer. */
static void send_status(struct iscsi_connection *c, uint32_t tag,
    uint32_t expected, enum device_status status)
{
	const struct device_answer answer = { .status = status,
		.residual = expected };

	lock(c);
	iscsi_respond(c, tag, 0, &answer, NULL, 0);
	unlock(c);
}

/*
 * Receives immediate data without use.  Data-Out that follows is forgotten too.
 */
static bool discard(struct iscsi_connection *c, uint32_t tag)
{
	if (!iscsi_flag(&c->pdu, ISCSI_FINAL)) {
		lock(c);
		iscsi_forget(c, tag);
		unlock(c);
	}
	return iscsi_discard_data(c);
}

/* Returns what is wrong with the flags and lengths of the SCSI Command. */
static const char *check_format(const struct iscsi_connection *c)
{
	const struct iscsi_parameters *p = &c->parameters;
	const struct iscsi_pdu *pdu = &c->pdu;
	const uint32_t edtl = iscsi_get(pdu, ISCSI_AT_EDTL);
	const bool writes = iscsi_flag(pdu, ISCSI_COMMAND_WRITE);
	const bool final = iscsi_flag(pdu, ISCSI_FINAL);

	if (iscsi_get(pdu, ISCSI_AT_ITT) == ISCSI_NO_TAG)
		return "its task tag is FFFFFFFFh";
	if (!final && !writes)
		return "it announces data, but does not write";
	if (!final && p->initial_r2t)
		return "it announces unsolicited data, which was not agreed";
	if (pdu->data_bytes == 0)
		return NULL;
	if (!writes)
		return "it has data, but does not write";
	if (!p->immediate_data)
		return "it has immediate data, which was not agreed";
	if (pdu->data_bytes > edtl)
		return "it has more data than its expected length";
	if (pdu->data_bytes > p->first_burst_bytes)
		return "it has more data than FirstBurstLength";
	return NULL;
}

/* Fills in what the SCSI Command says. */
static void take_command(struct iscsi_connection *c,
    struct device_command *command)
{
	const struct iscsi_pdu *pdu = &c->pdu;

	command->nexus = c->nexus;
	memcpy(command->cdb, pdu->bhs + ISCSI_AT_CDB, sizeof command->cdb);
	command->expected =
	    iscsi_flag(pdu, ISCSI_COMMAND_READ | ISCSI_COMMAND_WRITE)
	    ? iscsi_get(pdu, ISCSI_AT_EDTL)
	    : 0;
	command->luns = c->luns;
	command->lun_count = c->lun_count;
}

/* Asks for the next data of a transfer. */
static void send_r2t(struct iscsi_connection *c, struct iscsi_transfer *t)
{
	const uint32_t left = t->out_bytes - t->collected;
	const uint32_t bytes = smaller(left, c->parameters.max_burst_bytes);
	struct iscsi_output *o;
	struct iscsi_pdu pdu;

	lock(c);
	o = t->ended ? NULL : iscsi_output_begin(c, 1, 0);
	if (o != NULL) {
		if (++c->last_ttt == ISCSI_NO_TAG)
			c->last_ttt = 1;
		t->expects_data = true;
		t->ttt = c->last_ttt;
		t->data_sn = 0;
		t->burst_end = t->collected + bytes;
		iscsi_pdu_begin(&pdu, ISCSI_R2T, t->task.tag);
		iscsi_put_lun(&pdu, t->lun);
		iscsi_put(&pdu, ISCSI_AT_TTT, t->ttt);
		iscsi_put(&pdu, ISCSI_AT_DATA_SN, t->r2t_count++);
		iscsi_put(&pdu, ISCSI_AT_OFFSET, t->collected);
		iscsi_put(&pdu, ISCSI_AT_DESIRED_LENGTH, bytes);
		iscsi_output_add(c, o, &pdu, ISCSI_STAT_SN_NEXT);
		iscsi_output_end(c, o);
	}
	unlock(c);
}

/*
 * Returns whether this thread executes the command if it is quick: its initiator
 * waits for it before it sends another one.  To wake the worker would take
 * longer.
 */
static bool may_be_quick(struct iscsi_connection *c,
    const struct iscsi_transfer *t)
{
	bool single;

	if (!t->single || unit_clocks_paced(c->node->config->clocks))
		return false;
	lock(c);
	single = c->transfers == t && t->next == NULL;
	unlock(c);
	return single;
}

/* A sequence of Data-Out is complete, or there was none. */
static void go_on(struct iscsi_connection *c, struct iscsi_transfer *t)
{
	if (t->collected < t->out_bytes)
		send_r2t(c, t);
	else {
		t->task.quick = may_be_quick(c, t);
		iscsi_task_set_complete(t->set, &t->task);
	}
}

/* Executes a command at once, in this thread. */
static void run_beside(struct iscsi_connection *c, struct iscsi_transfer *t)
{
	struct device_answer result;

	iscsi_task_set_beside(t->set, &t->task.command, &result);
	lock(c);
	answer(t, &result);
	iscsi_transfer_release(t);
	unlock(c);
}

/*
 * The command and its immediate data are received.  Gives it to the task set,
 * before the data that follow are asked for.
 */
static void begin(struct iscsi_connection *c, struct iscsi_transfer *t,
    bool unsolicited)
{
	const bool complete = !unsolicited && t->collected == t->out_bytes;

	if (complete && device_runs_beside(t->task.command.cdb)) {
		run_beside(c, t);
		return;
	}
	lock(c);
	t->next = c->transfers;
	c->transfers = t;
	t->references++;
	t->expects_data = unsolicited;
	t->ttt = ISCSI_NO_TAG;
	t->burst_end = smaller(t->out_bytes, c->parameters.first_burst_bytes);
	unlock(c);
	t->task.quick = complete && may_be_quick(c, t);
	if (!iscsi_task_set_add(t->set, &t->task, complete)) {
		send_status(c, t->task.tag, t->task.command.expected,
		    DEVICE_TASK_SET_FULL);
		lock(c);
		iscsi_transfer_remove(t);
		unlock(c);
	} else if (!complete && !unsolicited)
		go_on(c, t);
	lock(c);
	iscsi_transfer_release(t);
	unlock(c);
}

/* Locked.  Returns counted memory, or NULL. */
static void *get_counted(struct iscsi_connection *c, size_t bytes)
{
	void *data;

	if (!iscsi_buffer_charge(c, bytes))
		return NULL;
	data = iscsi_buffer_get(c, bytes);
	if (data == NULL)
		c->charged_bytes -= bytes;
	return data;
}

/* A command for a LUN that the initiator has not. */
static bool run_without_unit(struct iscsi_connection *c)
{
	uint8_t in[8 + 8 * 256];
	struct device_command command = { .in = in };
	struct device_answer result;
	const uint32_t tag = iscsi_get(&c->pdu, ISCSI_AT_ITT);
	size_t bytes;
	void *copy = NULL;

	take_command(c, &command);
	if (iscsi_flag(&c->pdu, ISCSI_COMMAND_READ))
		command.in_room = smaller(command.expected, sizeof in);
	device_execute_without_unit(&command, &result);
	if (!discard(c, tag))
		return false;
	lock(c);
	bytes = result.in_bytes;
	if (bytes > 0)
		copy = get_counted(c, bytes);
	if (copy != NULL) {
		memcpy(copy, in, bytes);
	} else if (bytes > 0) {
		bytes = 0;
		result = (struct device_answer){
			.status = DEVICE_TASK_SET_FULL,
			.residual = command.expected,
		};
	}
	iscsi_respond(c, tag, 0, &result, copy, bytes);
	unlock(c);
	return true;
}

static struct iscsi_transfer *prepare(struct iscsi_connection *c, size_t unit)
{
	const struct iscsi_pdu *pdu = &c->pdu;
	const uint32_t bytes =
	    smaller(iscsi_get(pdu, ISCSI_AT_EDTL), DEVICE_DATA_MAX);
	const bool reads = iscsi_flag(pdu, ISCSI_COMMAND_READ);
	const bool writes = iscsi_flag(pdu, ISCSI_COMMAND_WRITE);
	struct iscsi_transfer *t;

	lock(c);
	t = iscsi_transfer_new(c, reads ? bytes : 0, writes ? bytes : 0);
	unlock(c);
	if (t == NULL)
		return NULL;
	t->single = c->waited;
	t->set = c->node->sets[unit];
	memcpy(t->lun, iscsi_lun(pdu), sizeof t->lun);
	take_command(c, &t->task.command);
	t->task.command.out = t->out;
	t->task.command.out_block = t->out;
	t->task.command.out_bytes = t->out_bytes;
	t->task.tag = iscsi_get(pdu, ISCSI_AT_ITT);
	t->task.head_of_queue =
	    (pdu->bhs[1] & ISCSI_COMMAND_ATTRIBUTE) == ISCSI_HEAD_OF_QUEUE;
	t->task.done = on_done;
	return t;
}

/* Returns whether the tag is that of a command in progress. */
static bool is_in_use(struct iscsi_connection *c, uint32_t tag)
{
	struct iscsi_transfer *t;

	lock(c);
	t = iscsi_transfer_find(c, tag);
	if (t != NULL)
		iscsi_transfer_release(t);
	unlock(c);
	return t != NULL;
}

/* Returns why the command must be rejected; 0: it is accepted. */
static enum iscsi_reject_reason find_fault(struct iscsi_connection *c)
{
	bool extended;

	if (is_in_use(c, iscsi_get(&c->pdu, ISCSI_AT_ITT)))
		return ISCSI_REJECT_TASK_IN_PROGRESS;
	if (!iscsi_pdu_check_ahs(&c->pdu, &extended))
		return ISCSI_REJECT_INVALID_FIELD;
	/* Long commands and those that read and write: there are none. */
	if (extended ||
	    (iscsi_flag(&c->pdu, ISCSI_COMMAND_READ) &&
		iscsi_flag(&c->pdu, ISCSI_COMMAND_WRITE)))
		return ISCSI_REJECT_UNSUPPORTED;
	return (enum iscsi_reject_reason)0;
}

bool iscsi_on_command(struct iscsi_connection *c)
{
	const uint32_t tag = iscsi_get(&c->pdu, ISCSI_AT_ITT);
	const bool final = iscsi_flag(&c->pdu, ISCSI_FINAL);
	const char *wrong = check_format(c);
	enum iscsi_reject_reason reason;
	struct iscsi_transfer *t;
	size_t unit;

	if (wrong != NULL)
		return iscsi_violation(c, wrong);
	if (!iscsi_take_cmd_sn(c))
		return discard(c, tag);
	reason = find_fault(c);
	if (reason != 0) {
		if (!discard(c, tag))
			return false;
		iscsi_reject(c, reason);
		return true;
	}
	if (!iscsi_find_unit(c, iscsi_lun(&c->pdu), &unit))
		return run_without_unit(c);
	t = prepare(c, unit);
	if (t == NULL) {
		if (!discard(c, tag))
			return false;
		send_status(c, tag, iscsi_get(&c->pdu, ISCSI_AT_EDTL),
		    DEVICE_TASK_SET_FULL);
		return true;
	}
	if (!iscsi_receive_data(c, t->out)) {
		lock(c);
		iscsi_transfer_release(t);
		unlock(c);
		return false;
	}
	t->collected = c->pdu.data_bytes;
	begin(c, t, !final);
	return true;
}

/* Returns what is wrong with the Data-Out. */
static const char *check_data_out(const struct iscsi_connection *c,
    const struct iscsi_transfer *t)
{
	const struct iscsi_pdu *pdu = &c->pdu;
	const uint32_t ttt = iscsi_get(pdu, ISCSI_AT_TTT);
	const bool ends = t->collected + pdu->data_bytes == t->burst_end;
	const bool final = iscsi_flag(pdu, ISCSI_FINAL);

	if (!t->expects_data)
		return "no data was asked for";
	if (ttt != t->ttt)
		return "its transfer tag is not that of the R2T";
	if (ttt != ISCSI_NO_TAG &&
	    memcmp(iscsi_lun(pdu), t->lun, sizeof t->lun) != 0)
		return "its LUN is not that of the command";
	if (iscsi_get(pdu, ISCSI_AT_DATA_SN) != t->data_sn)
		return "its DataSN is out of order";
	if (iscsi_get(pdu, ISCSI_AT_OFFSET) != t->collected)
		return "its offset is not where the data before ended";
	if (pdu->data_bytes > t->burst_end - t->collected)
		return "it has more data than asked for";
	if (ends && !final)
		return "it is the last of its sequence, without F";
	if (final && !ends && ttt != ISCSI_NO_TAG)
		return "it has F before the data of the R2T are complete";
	return NULL;
}

/* Data-Out of a command that is not in progress. */
static bool drop_data_out(struct iscsi_connection *c, uint32_t tag)
{
	bool known;

	lock(c);
	known = iscsi_is_forgotten(c, tag);
	unlock(c);
	if (!known)
		return iscsi_violation(c, "no command has its task tag");
	return iscsi_discard_data(c);
}

bool iscsi_on_data_out(struct iscsi_connection *c)
{
	const uint32_t tag = iscsi_get(&c->pdu, ISCSI_AT_ITT);
	struct iscsi_transfer *t;
	const char *wrong;
	bool good;

	lock(c);
	t = iscsi_transfer_find(c, tag);
	unlock(c);
	if (t == NULL)
		return drop_data_out(c, tag);
	wrong = check_data_out(c, t);
	good = wrong == NULL ? iscsi_receive_data(c, t->out + t->collected)
			     : iscsi_violation(c, wrong);
	if (good) {
		t->collected += c->pdu.data_bytes;
		t->data_sn++;
		if (iscsi_flag(&c->pdu, ISCSI_FINAL)) {
			lock(c);
			t->expects_data = false;
			unlock(c);
			go_on(c, t);
		}
	}
	lock(c);
	iscsi_transfer_release(t);
	unlock(c);
	return good;
}
