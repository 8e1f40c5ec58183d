/* vtape_rig.c: see vtape_rig.h. */
#include "vtl/library/tests/vtape_rig.h"

#include "vtl/library/vtape.h"
#include "vtl/tests/vtl_scratch.h"

struct volume_spec vtape_rig_spec(enum volume_payload payload, bool leom)
{
	struct volume_spec spec = scratch_spec(payload);

	spec.capacity_bytes = 2621440;
	spec.has_early_warning = leom;
	spec.early_warning_bytes = 131072;
	return spec;
}

struct tape *vtape_rig_load(struct volume *volume)
{
	struct drive *drive = drive_new(model_find("instant"));
	struct drive_result answer;

	drive_load(drive, volume, 0, &answer);
	return vtape_new(drive, 0);
}

void vtape_rig_finish(struct tape *tape)
{
	struct drive *drive = vtape_drive(tape);
	struct drive_result answer;

	scratch_close(drive_unload(drive, 0, &answer));
	drive_free(drive);
	vtape_free(tape);
}
