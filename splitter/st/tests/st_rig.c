/* st_rig.c: see st_rig.h. */
#include "splitter/st/tests/st_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "splitter/sg/sg.h"
#include "splitter/st/st.h"
#include "splitter/st/tests/fake_sg.h"

static void note(void *arg, const char *message)
{
	struct st_rig *rig = arg;

	rig->notices++;
	snprintf(rig->notice, sizeof rig->notice, "%s", message);
}

static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	(void)err;
	(void)err_bytes;
	*largest_bytes = SCSI_DATA_MAX_BYTES;
	return fake_sg_open(((struct st_rig *)arg)->st);
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	port->ops->close(port);
}

struct tape_library *st_rig_up(struct st_rig *rig, struct memtape *tapes)
{
	const struct memtape_volume *first = memtape_volume(tapes, 0);
	const struct sg_access access = {
		.open = open_port, .close = close_port, .arg = rig
	};

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
	rig->library = rig->by_commands
	    ? sg_library_new("/dev/sg0", &rig->options, &access)
	    : st_library_new("/dev/nst0", &rig->options, fake_st_sys(rig->st));
	if (rig->library == NULL)
		abort();
	return rig->library;
}

static void free_library(void *arg)
{
	struct st_rig *rig = arg;

	if (rig->by_commands)
		sg_library_free(rig->library);
	else
		st_library_free(rig->library);
	rig->library = NULL;
}

void st_rig_down(struct st_rig *rig)
{
	free_library(rig);
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
	over.over_ended = free_library;
	over.over_arg = rig;
	trial_engine(&over, r);
}
