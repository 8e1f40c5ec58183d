/* fuzz_target.c: see fuzz_target.h. */
#include "vtl/iscsi/target/tests/fuzz_target.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vtl/model/model.h"
#include "vtl/scsi/ssc/ssc.h"

enum { CAPACITY_BYTES = 1 << 20 };

static char folder[64], path[80];
/* An empty volume without and with payload. */
static struct image {
	uint8_t data[1 << 18];
	size_t bytes;
} images[2];

void fuzz_check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "pdu_fuzz: %s\n", what);
	abort();
}

static void clean(void)
{
	char journal[96];

	snprintf(journal, sizeof journal, "%s-journal", path);
	unlink(journal);
	unlink(path);
	rmdir(folder);
}

/* With small pages a volume is written faster. */
static void make_small(void)
{
	sqlite3 *db;

	fuzz_check(sqlite3_open(path, &db) == SQLITE_OK &&
		sqlite3_exec(db, "pragma page_size = 512; vacuum", NULL, NULL,
		    NULL) == SQLITE_OK,
	    "the volume is not a database");
	sqlite3_close(db);
}

static void make_image(struct image *image, enum volume_payload payload)
{
	const struct volume_spec spec = { .barcode = "FUZZ01L8",
		.capacity_bytes = CAPACITY_BYTES,
		.has_early_warning = true,
		.early_warning_bytes = CAPACITY_BYTES / 4,
		.payload = payload };
	char message[VOLUME_MESSAGE_BYTES];
	FILE *f;

	fuzz_check(volume_create(path, &spec, "fuzz", false, message) == 0,
	    message);
	make_small();
	f = fopen(path, "r");
	fuzz_check(f != NULL, path);
	image->bytes = fread(image->data, 1, sizeof image->data, f);
	fuzz_check(image->bytes < sizeof image->data, "a large volume");
	fclose(f);
	unlink(path);
}

void fuzz_target_prepare(void)
{
	snprintf(folder, sizeof folder, "%s/tapelab-fuzz-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	fuzz_check(mkdtemp(folder) != NULL, "no folder");
	snprintf(path, sizeof path, "%s/v", folder);
	atexit(clean);
	make_image(&images[false], VOLUME_PAYLOAD_NONE);
	make_image(&images[true], VOLUME_PAYLOAD_RAW);
}

void fuzz_target_begin(struct fuzz_target *t, bool payload)
{
	const struct image *image = &images[payload];
	const struct device_identity identity = { .type = 1,
		.vendor = "IBM",
		.product = "ULT3580-TD8",
		.revision = "1",
		.serial = "TL00000001" };
	char message[VOLUME_MESSAGE_BYTES];
	FILE *f = fopen(path, "w");
	int64_t ready_ns;

	fuzz_check(f != NULL &&
		fwrite(image->data, 1, image->bytes, f) == image->bytes &&
		fclose(f) == 0,
	    "no volume");
	memset(t, 0, sizeof *t);
	t->volume = volume_open(path, false, message);
	fuzz_check(t->volume != NULL, message);
	t->scsi = scsi_new(drive_new(model_find("lto8")), "TL00000001");
	scsi_insert(t->scsi, t->volume, 0, &ready_ns);
	t->unit.device = ssc_device_new(t->scsi, &identity);
	t->unit.suffix = "drive0";
	t->clocks = unit_clocks_create(1, NULL, PACE_REAL_TIME);
	t->access = iscsi_access_create();
	t->config = (struct iscsi_server_config){ .name = FUZZ_TARGET,
		.units = &t->unit,
		.unit_count = 1,
		.clocks = t->clocks,
		.access = t->access };
	t->node = iscsi_node_create(&t->config, false);
	fuzz_check(t->node != NULL, "no node");
}

void fuzz_target_end(struct fuzz_target *t)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;

	fuzz_check(iscsi_node_sessions(t->node) == 0, "a session is left");
	iscsi_node_free(t->node);
	iscsi_access_free(t->access);
	unit_clocks_free(t->clocks);
	volume = scsi_remove(t->scsi);
	if (volume == NULL)
		volume = drive_remove_volume(scsi_drive(t->scsi));
	if (volume != NULL)
		volume_close(volume, message);
	device_free(t->unit.device);
	scsi_free(t->scsi);
}

/* Checks the fields of a PDU of the full feature phase. */
static void check_fields(struct fuzz_replies *r, const struct iscsi_pdu *pdu)
{
	const enum iscsi_opcode opcode = iscsi_opcode(pdu);
	const uint32_t tag = iscsi_get(pdu, ISCSI_AT_ITT);
	const uint32_t stat_sn = iscsi_get(pdu, ISCSI_AT_STAT_SN);
	const uint32_t window = iscsi_get(pdu, ISCSI_AT_MAX_CMD_SN) -
	    iscsi_get(pdu, ISCSI_AT_EXP_CMD_SN) + 1;
	const uint64_t edtl = r->edtl_max[tag & 0xff];
	bool takes = opcode != ISCSI_R2T;

	fuzz_check(window == ISCSI_WINDOW, "another window");
	if (opcode == ISCSI_DATA_IN) {
		takes = iscsi_flag(pdu, ISCSI_STATUS);
		fuzz_check(takes || stat_sn == 0, "StatSN without status");
		fuzz_check(!iscsi_flag(pdu, ISCSI_ACKNOWLEDGE), "A bit");
		fuzz_check((uint64_t)iscsi_get(pdu, ISCSI_AT_OFFSET) +
			    pdu->data_bytes <=
			edtl,
		    "more data-in than expected");
	} else if (opcode == ISCSI_R2T) {
		r->r2t_tag = iscsi_get(pdu, ISCSI_AT_TTT);
		r->r2t_offset = iscsi_get(pdu, ISCSI_AT_OFFSET);
		r->r2t_bytes = iscsi_get(pdu, ISCSI_AT_DESIRED_LENGTH);
		fuzz_check(stat_sn == r->stat_sn, "StatSN of an R2T");
		fuzz_check(r->r2t_tag != ISCSI_NO_TAG && r->r2t_bytes > 0 &&
			(uint64_t)r->r2t_offset + r->r2t_bytes <= edtl,
		    "an impossible R2T");
	} else if (opcode == ISCSI_SCSI_RESPONSE && pdu->data_bytes > 0) {
		fuzz_check(pdu->data_bytes >= 2 + 18u &&
			get_be16(pdu->data) == pdu->data_bytes - 2,
		    "the length of sense data");
		fuzz_check(pdu->bhs[3] == DEVICE_CHECK_CONDITION,
		    "sense data without CHECK CONDITION");
	} else if (opcode == ISCSI_NOP_IN && tag == ISCSI_NO_TAG) {
		takes = false;
	}
	if (!takes)
		return;
	fuzz_check(stat_sn == r->stat_sn, "StatSN has a gap");
	r->stat_sn++;
}

static void check_pdu(struct fuzz_replies *r, const struct iscsi_pdu *pdu)
{
	const enum iscsi_opcode opcode = iscsi_opcode(pdu);

	fuzz_check((opcode & 0x20) != 0 &&
		strcmp(iscsi_opcode_name(opcode), "unknown PDU") != 0,
	    "a PDU that no target sends");
	fuzz_check(pdu->data_bytes <= r->max_bytes || opcode == ISCSI_REJECT,
	    "more data than the initiator accepts");
	if (opcode == ISCSI_LOGIN_RESPONSE) {
		fuzz_check(!r->full, "a login in the full feature phase");
		r->stat_sn = iscsi_get(pdu, ISCSI_AT_STAT_SN) + 1;
		r->full = (pdu->bhs[1] & 0x83) == 0x83;
	} else {
		fuzz_check(r->full, "another PDU before the login");
		check_fields(r, pdu);
	}
}

/* Returns the bytes of the first PDU; 0: it is not complete. */
static size_t take_pdu(struct fuzz_replies *r)
{
	uint8_t digest[ISCSI_DIGEST_BYTES];
	struct iscsi_pdu pdu;
	size_t at = sizeof pdu.bhs, padded;

	if (r->count < at)
		return 0;
	memcpy(pdu.bhs, r->bytes, sizeof pdu.bhs);
	fuzz_check(iscsi_pdu_measure(&pdu, 0xffffff) == NULL &&
		pdu.ahs_bytes == 0,
	    "an additional header");
	padded = pdu.data_bytes + iscsi_padding(pdu.data_bytes);
	if (r->full && r->header_digest)
		at += sizeof digest;
	if (r->count < at + padded + sizeof digest)
		if (r->count < at + padded ||
		    (r->full && r->data_digest && padded > 0))
			return 0;
	if (r->full && r->header_digest) {
		iscsi_pdu_header_digest(&pdu, digest);
		fuzz_check(memcmp(digest, r->bytes + sizeof pdu.bhs,
			       sizeof digest) == 0,
		    "a wrong header digest");
	}
	pdu.data = r->bytes + at;
	at += padded;
	if (r->full && r->data_digest && padded > 0) {
		iscsi_pdu_data_digest(pdu.data, pdu.data_bytes,
		    pdu.data + pdu.data_bytes, digest);
		fuzz_check(memcmp(digest, r->bytes + at, sizeof digest) == 0,
		    "a wrong data digest");
		at += sizeof digest;
	}
	check_pdu(r, &pdu);
	return at;
}

void fuzz_replies_take(struct fuzz_replies *r, const void *data, size_t bytes)
{
	size_t n;

	/* A PDU has at most max_bytes of data. */
	fuzz_check(bytes <= sizeof r->bytes - r->count, "a PDU without end");
	memcpy(r->bytes + r->count, data, bytes);
	r->count += bytes;
	while ((n = take_pdu(r)) > 0) {
		r->count -= n;
		memmove(r->bytes, r->bytes + n, r->count);
	}
}
