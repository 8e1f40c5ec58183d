/* soak_hard_fault.c: draws faults of drives, robots and media from a seed. */
#include "sim/tests/soak/soak_hard.h"

#include <string.h>

#include "sim/tests/soak/soak_dice.h"

static const struct sense_event *draw_sense(struct soak_dice *d)
{
	const char *names[SENSE_EVENTS_MAX + 1];
	size_t count = 0;

	if (draw(d, 2))
		return sense_find("medium_error");
	sense_block_error_names(names);
	while (names[count] != NULL)
		count++;
	return sense_find(names[draw(d, count)]);
}

/* Draws when a fault of a drive is applied. */
static void draw_when(struct soak_dice *d, const struct soak_case *c,
    struct drive_fault *f)
{
	bool blocks = f->op == DRIVE_WRITE || f->op == DRIVE_READ;
	uint64_t block = c->block_bytes;

	switch (draw(d, blocks ? 6 : 4)) {
	case 0:
		f->every = 1 + draw(d, blocks ? 30 : 5);
		break;
	case 1:
		f->after_ns = 1 +
		    (int64_t)draw(d,
			c->real ? 20000000 : UINT64_C(1) << (20 + draw(d, 22)));
		break;
	case 2:
		f->one_in = 1 + draw(d, blocks ? 60 : 6);
		break;
	case 4:
		f->after_bytes = 1 + draw(d, 60 * block);
		break;
	case 5:
		f->begin_byte = draw(d, 30 * block);
		f->end_byte =
		    f->begin_byte + 1 + draw(d, 2) * draw(d, 5 * block);
		break;
	default:
		f->nth = 1 + draw(d, blocks ? 40 : 5);
		break;
	}
}

static void draw_how(struct soak_dice *d, struct drive_fault *f)
{
	static const enum drive_fault_mode hows[] = { DRIVE_FAULT_FAIL,
		DRIVE_FAULT_FAIL, DRIVE_FAULT_FAIL, DRIVE_FAULT_FAIL,
		DRIVE_FAULT_HANG, DRIVE_FAULT_RESET, DRIVE_FAULT_RESET,
		DRIVE_FAULT_CORRUPT, DRIVE_FAULT_SLOW, DRIVE_FAULT_MOVE,
		DRIVE_FAULT_SILENT_RESET };

	f->mode = hows[draw(d, sizeof hows / sizeof *hows)];
	if (f->op != DRIVE_WRITE && f->mode == DRIVE_FAULT_CORRUPT)
		f->mode = DRIVE_FAULT_RESET;
	if (f->op != DRIVE_WRITE && f->op != DRIVE_READ &&
	    f->mode == DRIVE_FAULT_SLOW)
		f->mode = DRIVE_FAULT_HANG;
	if (f->op == DRIVE_READ &&
	    (f->mode == DRIVE_FAULT_MOVE ||
		f->mode == DRIVE_FAULT_SILENT_RESET))
		f->mode = DRIVE_FAULT_RESET;
	if (f->mode == DRIVE_FAULT_MOVE)
		f->to_object = draw(d, 30);
	if (f->mode == DRIVE_FAULT_FAIL)
		f->sense = draw_sense(d)->sense;
	f->deferred = f->mode == DRIVE_FAULT_FAIL && f->op == DRIVE_WRITE &&
	    sense_is_write_error(&f->sense) && draw(d, 2);
	f->once = f->mode != DRIVE_FAULT_SLOW && draw(d, 4) != 0;
	if (f->mode == DRIVE_FAULT_SLOW)
		f->slowdown = 2 + draw(d, 1000);
	if (f->mode == DRIVE_FAULT_HANG && draw(d, 2))
		f->duration_ns = (int64_t)draw(d, 3600000000000);
}

static void draw_of_drive(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f)
{
	static const enum drive_op ops[] = { DRIVE_WRITE, DRIVE_WRITE,
		DRIVE_WRITE, DRIVE_WRITE, DRIVE_WRITE, DRIVE_FILEMARK,
		DRIVE_FILEMARK, DRIVE_FILEMARK, DRIVE_LOAD, DRIVE_LOAD,
		DRIVE_UNLOAD, DRIVE_REWIND, DRIVE_LOCATE, DRIVE_READ,
		DRIVE_SPACE, DRIVE_ERASE };

	f->fail = FAIL_DRIVE;
	f->drive = draw(d, 2) * (1 + draw(d, c->drives_count));
	f->volume = now_and_then(d, 4) ? 1 + draw(d, c->volumes_count) : 0;
	f->of_drive.op = ops[draw(d, sizeof ops / sizeof *ops)];
	draw_when(d, c, &f->of_drive);
	draw_how(d, &f->of_drive);
}

/* Draws the place of a defect. */
static void draw_place(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f)
{
	struct volume_defect *v = &f->of_volume;
	uint64_t capacity = c->volumes[f->volume - 1].capacity_bytes;

	v->unit = (enum volume_unit)draw(d, 3);
	switch (v->unit) {
	case VOLUME_BYTES:
		f->at_bytes = draw(d, capacity);
		v->length = draw(d, 2) * draw(d, 4 * c->block_bytes);
		break;
	case VOLUME_OBJECTS:
		v->at = draw(d, capacity / c->block_bytes + 3);
		v->length = draw(d, 2) * draw(d, 5);
		break;
	case VOLUME_FILE_BLOCKS:
		v->file = draw(d, 5);
		v->at = draw(d, 1 + c->part_bytes / c->block_bytes);
		v->length = draw(d, 2) * draw(d, 5);
		break;
	}
}

static void draw_defect(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f)
{
	struct volume_defect *v = &f->of_volume;

	f->fail = FAIL_WRITE + (enum scenario_fail)draw(d, 4);
	v->fail = (enum volume_fail)(f->fail - FAIL_WRITE);
	f->volume = 1 + draw(d, c->volumes_count);
	draw_place(d, c, f);
	f->sense = draw_sense(d);
	f->once = v->fail != VOLUME_FAIL_SLOW && now_and_then(d, 4);
	if (v->fail == VOLUME_FAIL_SLOW)
		v->slowdown = 2 + draw(d, 1000);
	if (v->fail != VOLUME_FAIL_READ || f->once)
		return;
	if (now_and_then(d, 3))
		v->recover_after = 1 + draw(d, 5);
	else if (now_and_then(d, 3))
		v->one_in = 1 + draw(d, 20);
}

void soak_hard_draw_fault(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f)
{
	memset(f, 0, sizeof *f);
	f->after_ns = -1;
	switch (draw(d, 10)) {
	case 0:
		f->fail = FAIL_MOVE;
		f->nth = 1 + draw(d, 5);
		f->move_mode = (enum changer_fault_mode)draw(d, 4);
		f->once = draw(d, 2);
		break;
	case 1:
		f->fail = FAIL_BARCODE;
		f->volume = 1 + draw(d, c->volumes_count);
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		draw_defect(d, c, f);
		break;
	default:
		draw_of_drive(d, c, f);
		break;
	}
}
