/*
 * obstacle.c: waits until no command is executed, for what needs all drives.
 *
 * All devices are stopped for a moment at most: a command that has not ended by
 * then takes long.  The other devices work until it has ended; its own begins no
 * other command, so that it is idle at the next attempt.
 */
#include "vtl/serve/impl.h"

#include <scsi/sg_lib.h>
#include <stdio.h>

#define MOMENT_NS INT64_C(250000000)

/* Returns whether the command that was waited for is still in progress. */
static bool is_same(struct serve *serve)
{
	struct device_progress now;

	if (serve->obstacle_progress.number == 0)
		return false;
	device_get_progress(serve->units[serve->obstacle].device, &now);
	return now.number == serve->obstacle_progress.number;
}

bool serve_stop_commands(struct serve *serve)
{
	const struct serve_transport *t = &serve->transport;

	if (is_same(serve))
		return false;
	serve->obstacle_progress.number = 0;
	if (t->stop == NULL || t->stop(t->arg, MOMENT_NS, &serve->obstacle))
		return true;
	device_get_progress(serve->units[serve->obstacle].device,
	    &serve->obstacle_progress);
	return false;
}

void serve_continue_commands(struct serve *serve)
{
	const struct serve_transport *t = &serve->transport;

	serve->obstacle_progress.number = 0;
	if (t->stop != NULL)
		t->go_on(t->arg);
}

void serve_describe_obstacle(struct serve *serve, char *text, size_t bytes)
{
	const struct device_progress *p = &serve->obstacle_progress;
	const char *element = serve->units[serve->obstacle].name;
	const struct device *device = serve->units[serve->obstacle].device;
	char initiator[DEVICE_NAME_BYTES], name[64];

	if (p->number == 0 || p->resets) {
		snprintf(text, bytes, "%s is %s", element,
		    p->resets ? "being reset" : "busy");
		return;
	}
	sg_get_opcode_name(p->opcode, device_identity(device)->type,
	    (int)sizeof name, name);
	serve_initiator(serve, p->nexus, initiator);
	snprintf(text, bytes, "%s executes %s (%02Xh) for %s", element, name,
	    p->opcode, initiator);
}
