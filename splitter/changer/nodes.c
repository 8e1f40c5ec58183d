/* nodes.c: see nodes.h. */
#include "splitter/changer/nodes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/grow.h"
#include "splitter/format/header.h"
#include "splitter/scsi/facts/facts.h"
#include "splitter/scsi/node/node.h"
#include "splitter/scsi/text.h"

enum {
	LOAD_UNLOAD = 0x1b,
	PAGE_HEADER_BYTES = 4,
	PATH_BYTES = 2 * SCSI_PATH_BYTES
};

/* INQUIRY takes no longer, unless the drive hangs or executes a command. */
enum { ANSWER_S = 5 };
#define ANSWER_NS (ANSWER_S * INT64_C(1000000000))

static const char *root_of(const struct nodes_host *host)
{
	const struct scsi_system *system =
	    host->system != NULL ? host->system : &scsi_system_running;

	return system->root != NULL ? system->root : "";
}

static const struct device_calls *calls_of(const struct nodes_host *host)
{
	return host->calls != NULL ? host->calls : &device_calls_system;
}

/* Opens the sg node of a drive.  NULL: no such node, or it is in use. */
static struct scsi_port *open_port(const struct nodes_host *host,
    const struct tape_node *node)
{
	char ignored[256];

	if (node->names.sg[0] == '\0')
		return NULL;
	return host->open != NULL
	    ? host->open(host->arg, node->names.sg, ignored, sizeof ignored)
	    : scsi_node_open(node->names.sg, NULL, ignored, sizeof ignored);
}

/*
 * A drive that hangs, or stays busy, must not hang the program that looks for
 * another one.
 */
static bool answers(struct scsi_unit *unit)
{
	unit->busy_most = ANSWER_S;
	return scsi_answers(unit, ANSWER_NS);
}

/*
 * Reads a page as the kernel keeps it, for a drive that cannot be asked.
 * Returns its length; 0: it is not kept.
 */
static size_t read_kept(const struct tape_node *node, uint8_t code,
    uint8_t page[SCSI_VPD_BYTES])
{
	char path[PATH_BYTES];
	size_t bytes;
	FILE *f;

	snprintf(path, sizeof path, "%s/vpd_pg%02x", node->names.folder, code);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	bytes = fread(page, 1, SCSI_VPD_BYTES, f);
	fclose(f);
	if (bytes < PAGE_HEADER_BYTES || page[1] != code)
		return 0;
	if (bytes > PAGE_HEADER_BYTES + (size_t)get_be16(page + 2))
		bytes = PAGE_HEADER_BYTES + (size_t)get_be16(page + 2);
	return bytes;
}

static unsigned read_generation(const struct tape_node *node)
{
	char path[PATH_BYTES], product[64] = "";
	FILE *f;

	snprintf(path, sizeof path, "%s/model", node->names.folder);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fgets(product, sizeof product, f) == NULL)
		product[0] = '\0';
	fclose(f);
	return scsi_product_generation(product);
}

static void read_identity(const struct nodes_host *host, struct tape_node *node)
{
	struct scsi_identification id = { .naa = "" };
	struct scsi_port *port = open_port(host, node);
	uint8_t page[SCSI_VPD_BYTES];
	struct scsi_unit unit;
	size_t bytes;

	if (port != NULL) {
		scsi_unit_init(&unit, port);
		if (answers(&unit)) {
			if (!scsi_send_serial(&unit, node->serial))
				node->serial[0] = '\0';
			scsi_send_identification(&unit, &id);
		}
		node->silent =
		    unit.answer.outcome != SCSI_ANSWERED || scsi_is_busy(&unit);
		port->ops->close(port);
	}
	if (node->serial[0] == '\0' &&
	    (bytes = read_kept(node, 0x80, page)) > 0)
		scsi_text(node->serial, sizeof node->serial,
		    page + PAGE_HEADER_BYTES, bytes - PAGE_HEADER_BYTES);
	if (id.names[0][0] == '\0' && (bytes = read_kept(node, 0x83, page)) > 0)
		scsi_identification_decode(page, bytes, &id);
	memcpy(node->names83, id.names, sizeof node->names83);
	node->generation = read_generation(node);
}

/* Adds the drive with this node, unless it is in the list. */
static int add(const struct nodes_host *host, struct tape_nodes *nodes,
    const char *path)
{
	struct tape_node node = { .serial = "" }, *more;
	char ignored[256];

	/* A node that has just vanished, or is no tape drive. */
	if (scsi_find_names(path, host->system, &node.names, ignored,
		sizeof ignored) != 0 ||
	    node.names.given == SCSI_NODE_CHANGER)
		return 0;
	for (size_t i = 0; i < nodes->count; i++)
		if (strcmp(nodes->nodes[i].names.folder, node.names.folder) ==
		    0)
			return 0;
	more = grow_by_one(nodes->nodes, nodes->count, sizeof *more);
	if (more == NULL)
		return -1;
	nodes->nodes = more;
	read_identity(host, &node);
	nodes->nodes[nodes->count++] = node;
	return 0;
}

/* Adds the drives of a class of sysfs: names are `prefix` and a number. */
static int add_class(const struct nodes_host *host, struct tape_nodes *nodes,
    const char *class, const char *prefix)
{
	char path[PATH_BYTES];
	size_t n = strlen(prefix);
	struct dirent *entry;
	int rc = 0;
	DIR *dir;

	snprintf(path, sizeof path, "%s/sys/class/%s", root_of(host), class);
	dir = opendir(path);
	/* Without its driver the class does not exist. */
	if (dir == NULL)
		return 0;
	while (rc == 0 && (entry = readdir(dir)) != NULL) {
		const char *number = entry->d_name + n;

		if (strncmp(entry->d_name, prefix, n) != 0 ||
		    number[0] == '\0' ||
		    number[strspn(number, "0123456789")] != '\0')
			continue;
		snprintf(path, sizeof path, "%.250s/dev/%.200s", root_of(host),
		    entry->d_name);
		rc = add(host, nodes, path);
	}
	closedir(dir);
	return rc;
}

/* Compares "/dev/nst9" and "/dev/nst10" by their numbers. */
static int by_node(const void *a, const void *b)
{
	const struct tape_node *one = a, *other = b;
	const char *x =
	    one->names.st[0] != '\0' ? one->names.st : one->names.sg;
	const char *y =
	    other->names.st[0] != '\0' ? other->names.st : other->names.sg;

	return strverscmp(x, y);
}

int tape_nodes_list(const struct nodes_host *host, struct tape_nodes *nodes,
    char *err, size_t err_bytes)
{
	memset(nodes, 0, sizeof *nodes);
	if (add_class(host, nodes, "scsi_tape", "nst") != 0 ||
	    add_class(host, nodes, "scsi_generic", "sg") != 0) {
		snprintf(err, err_bytes, "out of memory");
		tape_nodes_clear(nodes);
		return -1;
	}
	if (nodes->count > 0)
		qsort(nodes->nodes, nodes->count, sizeof *nodes->nodes,
		    by_node);
	return 0;
}

struct tape_node *tape_nodes_find(const struct nodes_host *host,
    const struct tape_nodes *nodes, const char *device, char *err,
    size_t err_bytes)
{
	struct scsi_names names;

	if (scsi_find_drive(device, host->system, &names, err, err_bytes) != 0)
		return NULL;
	for (size_t i = 0; i < nodes->count; i++)
		if (strcmp(nodes->nodes[i].names.folder, names.folder) == 0)
			return &nodes->nodes[i];
	snprintf(err, err_bytes, "%s: not a tape drive", device);
	return NULL;
}

/* Opens the node of the tape driver, whether or not it has a cartridge. */
static int open_st(const struct nodes_host *host, const struct tape_node *node)
{
	const struct device_calls *calls = calls_of(host);

	return calls->open(calls->arg, node->names.st,
	    O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

bool tape_node_is_held(const struct nodes_host *host,
    const struct tape_node *node)
{
	const struct device_calls *calls = calls_of(host);
	int fd;

	if (node->names.st[0] == '\0')
		return false;
	fd = open_st(host, node);
	if (fd == -1)
		return errno == EBUSY;
	calls->close(calls->arg, fd);
	return false;
}

/* Asks the tape driver, which needs no other permission. */
static enum tape_node_state ask_driver(const struct nodes_host *host,
    const struct tape_node *node)
{
	const struct device_calls *calls = calls_of(host);
	enum tape_node_state state = TAPE_NODE_UNKNOWN;
	struct mtget status;
	int fd;

	if (node->names.st[0] == '\0')
		return state;
	fd = open_st(host, node);
	if (fd == -1)
		return state;
	if (calls->ioctl(calls->arg, fd, MTIOCGET, &status) == 0) {
		if (GMT_ONLINE(status.mt_gstat))
			state = TAPE_NODE_READY;
		else if (GMT_DR_OPEN(status.mt_gstat))
			state = TAPE_NODE_EMPTY;
		else
			state = TAPE_NODE_BUSY;
	}
	calls->close(calls->arg, fd);
	return state;
}

int64_t tape_node_load_wait_ns(const struct tape_node *node, int64_t most_ns)
{
	return scsi_load_wait_ns(NULL, node->generation, most_ns);
}

enum tape_node_state tape_node_state(const struct nodes_host *host,
    const struct tape_node *node)
{
	struct scsi_port *port = open_port(host, node);
	enum scsi_readiness readiness;
	struct scsi_unit unit;

	if (port == NULL)
		return ask_driver(host, node);
	scsi_unit_init(&unit, port);
	/* The node of the tape driver would wait for the drive, too. */
	readiness = answers(&unit) ? scsi_send_ready(&unit) : SCSI_FAILED;
	port->ops->close(port);
	switch (readiness) {
	case SCSI_READY:
		return TAPE_NODE_READY;
	case SCSI_BECOMING_READY:
		return TAPE_NODE_BUSY;
	case SCSI_NO_MEDIUM:
	case SCSI_NOT_LOADED:
		return TAPE_NODE_EMPTY;
	default:
		return TAPE_NODE_UNKNOWN;
	}
}

void tape_node_stored_barcode(const struct nodes_host *host,
    const struct tape_node *node, char barcode[TAPE_BARCODE_BYTES])
{
	struct scsi_port *port = open_port(host, node);
	struct scsi_unit unit;
	struct scsi_mam mam = { .valid = false };

	barcode[0] = '\0';
	if (port == NULL)
		return;
	scsi_unit_init(&unit, port);
	if (answers(&unit))
		scsi_mam_read(&unit, &mam);
	port->ops->close(port);
	if (mam.valid && header_barcode_valid(mam.barcode))
		snprintf(barcode, TAPE_BARCODE_BYTES, "%s", mam.barcode);
}

static int unload_by_driver(const struct nodes_host *host,
    const struct tape_node *node, char *err, size_t err_bytes)
{
	const struct device_calls *calls = calls_of(host);
	struct mtop unlock = { .mt_op = MTUNLOCK, .mt_count = 1 };
	struct mtop unload = { .mt_op = MTOFFL, .mt_count = 1 };
	int fd = open_st(host, node);
	int failed = 0;

	if (fd == -1) {
		failed = errno;
	} else {
		/* Not every drive can lock its door. */
		calls->ioctl(calls->arg, fd, MTIOCTOP, &unlock);
		if (calls->ioctl(calls->arg, fd, MTIOCTOP, &unload) != 0)
			failed = errno;
		calls->close(calls->arg, fd);
	}
	if (failed != 0)
		snprintf(err, err_bytes,
		    "%s: the cartridge is not unloaded: %s", node->names.st,
		    strerror(failed));
	return failed == 0 ? 0 : -1;
}

int tape_node_unload(const struct nodes_host *host,
    const struct tape_node *node, char *err, size_t err_bytes)
{
	static const struct scsi_command unload = {
		.cdb = { LOAD_UNLOAD },
		.cdb_bytes = 6,
		.direction = SCSI_NO_DATA,
		.name = "UNLOAD",
	};
	struct scsi_port *port = open_port(host, node);
	struct scsi_unit unit;
	bool good;

	if (port == NULL)
		return unload_by_driver(host, node, err, err_bytes);
	scsi_unit_init(&unit, port);
	/* Takes pending unit attentions. */
	scsi_send_ready(&unit);
	scsi_send_prevent(&unit, false);
	good = scsi_send(&unit, &unload);
	if (!good)
		scsi_unit_text(&unit, err, err_bytes);
	port->ops->close(port);
	return good ? 0 : -1;
}

void tape_nodes_clear(struct tape_nodes *nodes)
{
	free(nodes->nodes);
	memset(nodes, 0, sizeof *nodes);
}
