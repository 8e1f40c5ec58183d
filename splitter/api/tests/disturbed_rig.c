/* disturbed_rig.c: see disturbed_rig.h. */
#include "splitter/api/tests/disturbed_rig.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct disturbed_rig disturbed;

static struct {
	struct scsi_port_ops counting; /* those of the port, except execute */
	const struct scsi_port_ops *plain;
	struct sg_access access;
	struct real_options options;
	bool full; /* a cartridge is in the drive */
} own;

static void execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	if (disturbed.left > 0 && --disturbed.left == 0)
		disturbed.disturb();
	own.plain->execute(port, command, answer);
}

static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	struct scsi_port *port;

	(void)arg, (void)err, (void)err_bytes;
	*largest_bytes = 1 << 20;
	disturbed.port = served_port_open(disturbed.served, 1, 0);
	port = served_port_scsi(disturbed.port);
	own.plain = port->ops;
	own.counting = *port->ops;
	own.counting.execute = execute;
	port->ops = &own.counting;
	return port;
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	port->ops = own.plain;
	port->ops->close(port);
	disturbed.port = NULL;
}

void disturbed_say(const char *message)
{
	size_t used = strlen(disturbed.said);

	snprintf(disturbed.said + used, sizeof disturbed.said - used, "%s\n",
	    message);
}

static void note(void *arg, const char *message)
{
	(void)arg;
	disturbed_say(message);
}

static int change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	if (disturbed.change != NULL)
		return disturbed.change(arg, wanted, barcode, err, err_bytes);
	snprintf(err, err_bytes, "there is no other volume");
	return -1;
}

void disturbed_open(void)
{
	own.access =
	    (struct sg_access){ .open = open_port, .close = close_port };
	own.options = (struct real_options){ .change = change,
		.load_wait_ns = 1,
		.refused_max = 3,
		.barcode =
		    served_library_barcode(disturbed.served, disturbed.volume),
		.notice = note };
	disturbed.library =
	    sg_library_new("/dev/sg1", &own.options, &own.access);
	ck_assert_ptr_nonnull(disturbed.library);
}

void disturbed_close(void)
{
	sg_library_free(disturbed.library);
	disturbed.library = NULL;
}

void disturbed_put_in(unsigned volume)
{
	served_library_load(disturbed.served, 0, volume);
	disturbed.volume = volume;
	own.full = true;
}

void disturbed_take_out(void)
{
	const struct scsi_command allow = { .cdb = { 0x1e },
		.cdb_bytes = 6,
		.timeout_s = 60,
		.name = "PREVENT ALLOW MEDIUM REMOVAL" };
	struct served_port *person = served_port_open(disturbed.served, 1, 0);
	struct scsi_answer a;

	served_port_clear_attentions(person);
	ck_assert(scsi_execute(served_port_scsi(person), &allow, &a));
	served_port_close(person);
	if (own.full)
		served_library_take(disturbed.served, 0);
	own.full = false;
}

void disturbed_set_up(const struct volume_spec *volume)
{
	const struct served_library_spec spec = { .volume = volume };

	memset(&disturbed, 0, sizeof disturbed);
	memset(&own, 0, sizeof own);
	disturbed.served = served_library_new(&spec);
	disturbed_put_in(0);
	disturbed_open();
}

void disturbed_tear_down(void)
{
	disturbed_close();
	served_library_free(disturbed.served);
}
