/* st_rig.c: the back end for the tape driver over a simulated driver. */
#include "splitter/st/tests/st_rig.h"

#include <stdio.h>
#include <stdlib.h>

static void note(void *arg, const char *message)
{
	struct st_rig *rig = arg;

	rig->notices++;
	snprintf(rig->notice, sizeof rig->notice, "%s", message);
}

struct tape_library *st_rig_up(struct st_rig *rig, struct memtape *tapes)
{
	const struct memtape_volume *first = memtape_volume(tapes, 0);

	rig->fake.tapes = tapes;
	rig->st = fake_st_new(&rig->fake);
	rig->options.notice = note;
	rig->options.notice_arg = rig;
	if (!rig->no_change) {
		rig->options.change = fake_st_change;
		rig->options.change_arg = rig->st;
	}
	if (rig->options.barcode == NULL && first != NULL)
		rig->options.barcode = first->barcode;
	rig->library =
	    st_library_new("/dev/nst0", &rig->options, fake_st_sys(rig->st));
	if (rig->library == NULL)
		abort();
	return rig->library;
}

void st_rig_down(struct st_rig *rig)
{
	st_library_free(rig->library);
	fake_st_free(rig->st);
}

static struct tape_library *up(void *arg, struct memtape *tapes)
{
	return st_rig_up(arg, tapes);
}

void st_rig_trial(struct st_rig *rig, const struct trial *t,
    struct trial_result *r)
{
	struct trial over = *t;

	over.over = up;
	over.over_arg = rig;
	trial_engine(&over, r);
}
