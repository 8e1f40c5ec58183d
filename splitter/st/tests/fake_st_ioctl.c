/* fake_st_ioctl.c: the simulated tape driver: ioctl; see fake_st.h. */
#include <errno.h>
#include <scsi/sg.h>
#include <string.h>

#include "splitter/st/tests/fake_st_impl.h"

/*
 * What a refused lock is here, and the result of its ioctl, which is no errno:
 * the SCSI status, and the kernel's mark that repeating is useless
 * (SCSIML_STAT_TGT_FAILURE).
 */
enum { LOCK_REFUSED = -2, LOCK_RESULT = 0x402 };

/* Sets the block size by rule M6. */
static int set_block(struct fake_st *f, long bytes)
{
	struct fake_sense s;

	if (bytes != 0 &&
	    (bytes < (long)f->config.block_min_bytes ||
		bytes > (long)f->config.block_max_bytes))
		return EINVAL;
	fake_drive_other(f, &s);
	if (s.check)
		return EIO;
	f->block_size = bytes;
	return 0;
}

static int set_compression(struct fake_st *f, long on)
{
	struct fake_sense s;

	fake_drive_other(f, &s);
	if (s.check)
		return EIO;
	f->compression = (int)on;
	return 0;
}

/* Locks or unlocks by rule M10. */
static int lock(struct fake_st *f, bool locks)
{
	struct fake_sense s;

	if (f->never_locks)
		return 0;
	fake_drive_lock(f, locks, &s);
	f->never_locks = s.check && s.key == KEY_ILLEGAL;
	f->locks = locks && !f->never_locks;
	return f->never_locks ? LOCK_REFUSED : 0;
}

static int write_mark(struct fake_st *f, long count, bool waits)
{
	struct fake_sense s;

	if (f->read_only ||
	    (f->volume != NULL && f->volume->kind == MEMTAPE_PROTECTED))
		return EACCES;
	fake_drive_mark(f, (unsigned)count, waits, &s);
	f->rw = RW_IDLE;
	if (s.check && !(s.eom && s.key == KEY_NONE)) {
		if (s.eom)
			f->block = 0; /* rule W5 */
		f->end = s.eom ? END_WARNED : END_NONE;
		return EIO;
	}
	f->end = END_NONE; /* rule W3 */
	f->file += f->file >= 0 ? count : 0;
	f->block = 0;
	return 0;
}

static int space_marks(struct fake_st *f, long count)
{
	struct fake_sense s;

	fake_drive_space_marks(f, count, &s);
	if (f->file >= 0)
		f->file += count - (count > 0 ? s.undone : -s.undone);
	f->block = count > 0 && !s.check ? 0 : -1;
	f->end = count > 0 && !s.check ? END_MARK : END_NONE;
	if (!s.check)
		return 0;
	if (s.key == KEY_BLANK)
		f->end = END_DATA;
	if (count < 0 && s.eom)
		f->block = 0;
	return EIO;
}

static int space_blocks(struct fake_st *f, long count)
{
	struct fake_sense s;

	fake_drive_space_blocks(f, count, &s);
	f->end = END_NONE;
	if (!s.check) {
		f->block += f->block >= 0 ? count : 0;
		return 0;
	}
	f->block = -1;
	if (s.mark && f->file >= 0)
		f->file += count > 0 ? 1 : -1;
	if (s.mark && count > 0) {
		f->block = 0;
		f->end = END_MARK;
	}
	if (s.key == KEY_BLANK)
		f->end = END_DATA;
	return EIO;
}

static int go(struct fake_st *f, uint64_t object, long file)
{
	struct fake_sense s;

	fake_drive_go(f, object, &s);
	if (s.check && s.key != KEY_BLANK)
		return EIO;
	f->end = END_NONE;
	f->file = file;
	f->block = object == 0 ? 0 : -1;
	return s.check ? EIO : 0;
}

/* Moves to the end of data by rule M4.  The drive reports how far it came. */
static int go_to_end(struct fake_st *f)
{
	int err;

	if (!f->config.fast_eom) {
		space_marks(f, 0x7fffff);
		if (f->end == END_DATA) {
			f->block = -1;
			return 0;
		}
	}
	err = go(f, UINT64_MAX, -1);
	f->end = END_DATA;
	return err;
}

/* Erases the rest of the tape. */
static int erase(struct fake_st *f)
{
	struct fake_sense s;

	if (f->read_only || f->volume->kind == MEMTAPE_PROTECTED)
		return EACCES;
	fake_drive_other(f, &s);
	if (s.check)
		return EIO;
	memtape_volume_cut(f->volume, f->at);
	f->end = END_NONE;
	return 0;
}

/* Loads the cartridge again by rule M7: an ejected one is still there. */
static int load(struct fake_st *f)
{
	if (f->ready == READY)
		return go(f, 0, 0);
	if (f->mouth == NULL)
		return EIO;
	f->volume = f->mouth;
	f->mouth = NULL;
	f->at = 0;
	f->safe = f->volume->count;
	f->ready = READY;
	f->file = f->block = 0;
	f->end = END_NONE;
	return 0;
}

static int unload(struct fake_st *f)
{
	struct memtape_volume *volume = f->volume;
	long file = f->file, block = f->block;

	if (f->locks)
		lock(f, false);
	if (f->locked || go(f, 0, 0) != 0)
		return EIO;
	f->file = file;
	f->block = block;
	fake_st_insert(f, f->next - 1);
	f->mouth = volume;
	f->volume = NULL;
	f->attention = ATTENTION_NONE;
	f->ready = NO_TAPE;
	return 0;
}

/*
 * Spaces over `count` filemarks, then back before the last one; or in the other
 * direction.
 */
static int space_and_back(struct fake_st *f, long count)
{
	int err = space_marks(f, count);

	return err != 0 ? err : space_marks(f, count > 0 ? -1 : 1);
}

int fake_op(struct fake_st *f, int op, long count)
{
	int err;

	if (op == MTLOAD)
		return load(f);
	if (f->ready != READY)
		return f->ready == NO_TAPE ? ENOMEDIUM : EIO;
	switch (op) {
	case MTNOP:
		return 0;
	case MTWEOF:
	case MTWEOFI:
		return write_mark(f, count, op == MTWEOF);
	case MTFSF:
		return space_marks(f, count);
	case MTBSF:
		return space_marks(f, -count);
	case MTFSR:
		return space_blocks(f, count);
	case MTBSR:
		return space_blocks(f, -count);
	case MTFSFM:
		return space_and_back(f, count);
	case MTBSFM:
		return space_and_back(f, -count);
	case MTREW:
	case MTRETEN:
		return go(f, 0, 0);
	case MTERASE:
		return erase(f);
	case MTSEEK:
		if (f->config.vendor_form == FAKE_VENDOR_OTHER &&
		    !(f->config.driver_options & MT_ST_SCSI2LOGICAL))
			count /= 8;
		return go(f, (uint64_t)count, -1);
	case MTEOM:
		return go_to_end(f);
	case MTSETBLK:
		return set_block(f, count);
	case MTCOMPRESSION:
		return set_compression(f, count);
	case MTLOCK:
	case MTUNLOCK:
		return lock(f, op == MTLOCK);
	case MTOFFL:
		return unload(f);
	case MTSETDRVBUFFER:
		return EPERM;
	case MTSETPART:
		return EINVAL;
	case MTMKPART:
		if (!f->config.can_partitions)
			return EINVAL;
		err = go(f, 0, 0);
		return err != 0 ? err : erase(f);
	}
	return ENOSYS;
}

static bool moves_behind_mark(int op)
{
	return op == MTREW || op == MTOFFL || op == MTSEEK || op == MTBSF ||
	    op == MTBSFM;
}

static int do_op(struct fake_st *f, const struct mtop *what)
{
	long count = what->mt_count;
	int op = what->mt_op, err;

	f->ops[op & 63]++;
	if (f->reset) { /* rule M8 */
		if (op != MTREW && op != MTOFFL && op != MTSEEK &&
		    op != MTEOM && op != MTRETEN && op != MTERASE &&
		    op != MTLOAD)
			return EIO;
		f->reset = false;
		f->rw = RW_IDLE;
		f->end = END_NONE;
		f->file = f->block = -1;
	} else {
		err = fake_land(f); /* rule B3 */
		if (err != 0)
			return err;
		if (f->rw == RW_WRITE && moves_behind_mark(op)) {
			err = fake_op(f, MTWEOF, 1);
			if (err != 0)
				return err;
			count += op == MTBSF || op == MTBSFM;
		}
	}
	if (op != MTNOP && op != MTSETBLK && op != MTSETDRVBUFFER &&
	    op != MTSETPART)
		f->rw = RW_IDLE;
	return fake_op(f, op, count);
}

static int get_status(struct fake_st *f, struct mtget *get)
{
	int err;

	f->asked++;
	if (f->reset) {
		f->file = f->block = -1;
		f->end = END_NONE;
	} else if ((err = fake_land(f)) != 0) {
		return err;
	}
	memset(get, 0, sizeof *get);
	get->mt_type = MT_ISSCSI2;
	get->mt_dsreg = f->block_size | 0x5el << MT_ST_DENSITY_SHIFT;
	get->mt_fileno = (__kernel_daddr_t)f->file;
	get->mt_blkno = (__kernel_daddr_t)f->block;
	get->mt_gstat = GMT_IM_REP_EN(-1L);
	if (f->ready == READY)
		get->mt_gstat |= GMT_ONLINE(-1L);
	else if (f->ready == NO_TAPE)
		get->mt_gstat |= GMT_DR_OPEN(-1L);
	if (f->ready == READY && f->volume != NULL &&
	    f->volume->kind == MEMTAPE_PROTECTED)
		get->mt_gstat |= GMT_WR_PROT(-1L);
	if (f->block == 0)
		get->mt_gstat |= f->file == 0 ? GMT_BOT(-1L) : GMT_EOF(-1L);
	if (f->config.plain_status && f->rw == RW_WRITE)
		return 0;
	if (f->end == END_WARNED || f->end == END_BAD)
		get->mt_gstat |= GMT_EOT(-1L);
	else if (f->end > END_BAD)
		get->mt_gstat |= GMT_EOD(-1L);
	return 0;
}

static int get_position(struct fake_st *f, struct mtpos *pos)
{
	struct fake_sense s;
	uint64_t object;
	int err;

	if (f->ready != READY || f->reset)
		return EIO;
	err = fake_land(f);
	if (err != 0)
		return err;
	fake_drive_tell(f, !(f->config.driver_options & MT_ST_SCSI2LOGICAL),
	    &object, &s);
	if (s.check)
		return EIO;
	pos->mt_blkno = (long)object;
	if (f->at == 0)
		f->file = f->block = 0;
	return 0;
}

enum { ANSWER_BYTES = 41 };

static bool compresses(const struct fake_st *f)
{
	return f->compression >= 0 ? f->compression > 0 : f->config.compresses;
}

/* Answers a command that asks.  Returns false if the drive does not have it. */
static bool answer_question(const struct fake_st *f, const uint8_t *cdb,
    uint8_t answer[ANSWER_BYTES])
{
	const uint64_t most = f->config.block_max_bytes;
	const uint64_t least = f->config.block_min_bytes;

	memset(answer, 0, ANSWER_BYTES);
	switch (cdb[0]) {
	case 0x05:
		answer[1] = (uint8_t)(most >> 16);
		answer[2] = (uint8_t)(most >> 8);
		answer[3] = (uint8_t)most;
		answer[4] = (uint8_t)(least >> 8);
		answer[5] = (uint8_t)least;
		return true;
	case 0x4d:
		memcpy(answer, (uint8_t[]){ 0x12, 0, 0, 12, 0, 0, 3, 8 }, 8);
		memcpy(answer + 8, f->alerts, FAKE_ST_ALERT_BYTES);
		return (cdb[2] & 0x3f) == 0x12;
	case 0x1a:
		answer[1] = f->config.medium_type;
		answer[4] = cdb[2];
		answer[6] = cdb[2] == 0x1d ? 1 : compresses(f) ? 0x80 : 0;
		return cdb[2] == 0x0f ||
		    (cdb[2] == 0x1d && f->config.worm_page);
	case 0x8c: /* one attribute: the serial number */
		memset(answer, ' ', ANSWER_BYTES);
		memcpy(answer,
		    (uint8_t[]){ 0, 0, 0, 37, 0x04, 0x01, 0x81, 0, 32 }, 9);
		if (f->volume != NULL)
			memcpy(answer + 9, f->volume->barcode,
			    strlen(f->volume->barcode));
		return f->config.has_mam && f->volume != NULL;
	}
	return false;
}

/* CHECK CONDITION with fixed sense data. */
static void check_condition(sg_io_hdr_t *header, uint8_t key, uint8_t asc)
{
	uint8_t sense[18] = { 0x70, 0, key, [7] = 10, [12] = asc };

	header->status = 2;
	header->sb_len_wr =
	    header->mx_sb_len < sizeof sense ? header->mx_sb_len : sizeof sense;
	memcpy(header->sbp, sense, header->sb_len_wr);
}

static int scsi(struct fake_st *f, sg_io_hdr_t *header)
{
	uint8_t answer[ANSWER_BYTES] = { 0 };
	struct fake_sense s = { .check = false };
	uint64_t object;
	int err;

	if (f->config.no_sg)
		return EPERM;
	if (f->shortest_ms == 0 || header->timeout < f->shortest_ms)
		f->shortest_ms = header->timeout;
	if (f->reset)
		return EIO;
	err = fake_land(f);
	if (err != 0)
		return err;
	if (header->cmdp[0] == 0x34) {
		fake_drive_tell(f, header->cmdp[1] & 1, &object, &s);
		answer[0] = f->at == 0 ? 0x80 : 0;
		answer[4] = (uint8_t)(object >> 24);
		answer[5] = (uint8_t)(object >> 16);
		answer[6] = (uint8_t)(object >> 8);
		answer[7] = (uint8_t)object;
	} else {
		fake_drive_other(f, &s);
	}
	if (s.check)
		check_condition(header, s.key == KEY_ATTENTION ? 6 : 4, 0x28);
	else if (header->cmdp[0] != 0x34 &&
	    !answer_question(f, header->cmdp, answer))
		check_condition(header, 5, 0x20);
	memcpy(header->dxferp, answer,
	    header->dxfer_len < sizeof answer ? header->dxfer_len
					      : sizeof answer);
	return 0;
}

int fake_ioctl(void *arg, int fd, unsigned long request, void *what)
{
	struct fake_st *f = arg;
	enum fake_way way;
	int err;

	(void)fd;
	way = fake_next_fault(f, &err);
	if (!f->is_open)
		err = EBADF;
	else if (err != 0)
		;
	else if (request == MTIOCTOP)
		err = do_op(f, what);
	else if (request == MTIOCGET)
		err = get_status(f, what);
	else if (request == MTIOCPOS)
		err = get_position(f, what);
	else if (request == SG_IO)
		err = scsi(f, what);
	else
		err = ENOTTY;
	if (err == LOCK_REFUSED)
		return LOCK_RESULT;
	errno = fake_aftermath(f, way, err);
	return errno == 0 ? 0 : -1;
}
