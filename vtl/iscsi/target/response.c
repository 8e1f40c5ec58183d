/*
 * response.c: data-in and status of a command (RFC 7143, clauses 11.4, 11.7).
 *
 * Data-In PDUs have F at the end of each sequence of MaxBurstLength.  The last
 * one carries the status if it is GOOD.  Any other status follows in a SCSI
 * Response: a Data-In with CHECK CONDITION has no place for sense data.
 */
#include "vtl/iscsi/target/impl.h"

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The data of the Data-In PDU at this offset. */
static uint32_t piece(const struct iscsi_parameters *p, uint32_t offset,
    uint32_t bytes)
{
	const uint32_t burst = p->max_burst_bytes - offset % p->max_burst_bytes;

	return smaller(bytes - offset, smaller(p->max_send_bytes, burst));
}

static size_t count_pieces(const struct iscsi_parameters *p, uint32_t bytes)
{
	size_t count = 0;

	for (uint32_t at = 0; at < bytes; at += piece(p, at, bytes))
		count++;
	return count;
}

static void set_residual(struct iscsi_pdu *pdu, int64_t residual)
{
	const uint64_t size =
	    residual < 0 ? 0 - (uint64_t)residual : (uint64_t)residual;

	if (residual != 0)
		pdu->bhs[1] |= residual < 0 ? ISCSI_OVERFLOW : ISCSI_UNDERFLOW;
	iscsi_put(pdu, ISCSI_AT_RESIDUAL,
	    size > UINT32_MAX ? UINT32_MAX : (uint32_t)size);
}

/* Adds the Data-In PDUs.  Returns how many. */
static uint32_t add_data(struct iscsi_connection *c, struct iscsi_output *o,
    uint32_t tag, const struct device_answer *answer, const uint8_t *in)
{
	const struct iscsi_parameters *p = &c->parameters;
	const uint32_t bytes = answer->in_bytes;
	const bool good = answer->status == DEVICE_GOOD;
	uint32_t count = 0;

	for (uint32_t at = 0; at < bytes;) {
		const uint32_t n = piece(p, at, bytes), end = at + n;
		struct iscsi_pdu pdu;

		iscsi_pdu_begin(&pdu, ISCSI_DATA_IN, tag);
		if (end < bytes && end % p->max_burst_bytes != 0)
			pdu.bhs[1] = 0;
		iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
		iscsi_put(&pdu, ISCSI_AT_DATA_SN, count++);
		iscsi_put(&pdu, ISCSI_AT_OFFSET, at);
		iscsi_pdu_set_data(&pdu, in + at, n);
		if (end == bytes && good) {
			pdu.bhs[1] |= ISCSI_STATUS;
			pdu.bhs[3] = (uint8_t)answer->status;
			set_residual(&pdu, answer->residual);
			iscsi_output_add(c, o, &pdu, ISCSI_STAT_SN_TAKE);
		} else
			iscsi_output_add(c, o, &pdu, ISCSI_STAT_SN_NONE);
		at = end;
	}
	return count;
}

static void add_status(struct iscsi_connection *c, struct iscsi_output *o,
    uint32_t tag, uint32_t data_count, const struct device_answer *answer,
    uint8_t sense[2 + SCSI_SENSE_BYTES])
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_SCSI_RESPONSE, tag);
	pdu.bhs[3] = (uint8_t)answer->status;
	set_residual(&pdu, answer->residual);
	iscsi_put(&pdu, ISCSI_AT_EXP_DATA_SN, data_count);
	if (answer->sense_bytes > 0) {
		put_be16(sense, (uint16_t)answer->sense_bytes);
		memcpy(sense + 2, answer->sense, answer->sense_bytes);
		iscsi_pdu_set_data(&pdu, sense,
		    2 + (uint32_t)answer->sense_bytes);
	}
	iscsi_output_add(c, o, &pdu, ISCSI_STAT_SN_TAKE);
}

void iscsi_respond(struct iscsi_connection *c, uint32_t tag, uint32_t r2t_count,
    const struct device_answer *answer, void *in, size_t bytes)
{
	const size_t pieces = count_pieces(&c->parameters, answer->in_bytes);
	struct iscsi_output *o =
	    iscsi_output_begin(c, pieces + 1, 2 + SCSI_SENSE_BYTES);
	uint32_t count;

	if (o == NULL) {
		iscsi_buffer_put(c, in, bytes);
		return;
	}
	count = r2t_count + add_data(c, o, tag, answer, in);
	if (answer->status != DEVICE_GOOD || answer->in_bytes == 0)
		add_status(c, o, tag, count, answer, o->extra);
	iscsi_output_own(o, in, bytes);
	iscsi_output_end(c, o);
}
