/*
 * fuzz_target.h: a target in memory for pdu_fuzz.c: a real drive at LUN 0 with
 * a small volume, and a check of every PDU that the target sends.
 */
#ifndef VTL_ISCSI_TARGET_FUZZ_TARGET_H
#define VTL_ISCSI_TARGET_FUZZ_TARGET_H

#include "vtl/iscsi/pdu.h"
#include "vtl/iscsi/target/node.h"

#define FUZZ_INITIATOR "iqn.2026-11.org.example:a"
#define FUZZ_TARGET    "iqn.2026-11.tapelab:fuzz"

struct fuzz_target {
	struct volume *volume;
	struct scsi *scsi;
	struct iscsi_unit unit;
	struct unit_clocks *clocks;
	struct iscsi_access *access;
	struct iscsi_server_config config;
	struct iscsi_node *node;
};

/* Prints what is wrong and aborts. */
void fuzz_check(bool good, const char *what);

/* Makes the folder of the volumes, which an exit of the process removes. */
void fuzz_target_prepare(void);

/* The volume stores its data if `payload`. */
void fuzz_target_begin(struct fuzz_target *target, bool payload);
void fuzz_target_end(struct fuzz_target *target);

/* What an initiator knows of the PDUs that it has received. */
struct fuzz_replies {
	bool header_digest, data_digest; /* after the login */
	uint32_t max_bytes;              /* data of a PDU */
	bool full;                       /* the login is complete */
	uint32_t stat_sn;                /* the next one */
	uint64_t edtl_max[256];          /* of the commands with a tag */
	/* The last R2T. */
	uint32_t r2t_tag, r2t_offset, r2t_bytes;
	/* The beginning of a PDU. */
	size_t count;
	uint8_t bytes[1 << 21];
};

/* Takes bytes that the target sends, and checks each complete PDU. */
void fuzz_replies_take(struct fuzz_replies *replies, const void *data,
    size_t bytes);

#endif
