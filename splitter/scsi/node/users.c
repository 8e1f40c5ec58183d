/* users.c: which programs have a node of a device open. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/first_line.h"
#include "splitter/base/sentence.h"
#include "splitter/scsi/node/names.h"

struct users {
	const char *root;
	char folder[SCSI_PATH_BYTES]; /* of the device in sysfs */
	char *text;
	size_t text_bytes;
	unsigned count;
};

/* Returns whether a path in /dev is a node of the device. */
static bool is_node(const struct users *u, const char *path)
{
	static const char *const classes[] = { "scsi_tape", "scsi_generic",
		"scsi_changer" };
	char dev[PATH_MAX], in[PATH_MAX + 64];
	size_t n;

	snprintf(dev, sizeof dev, "%s/dev/", u->root);
	n = strlen(dev);
	if (strncmp(path, dev, n) != 0 || strchr(path + n, '/') != NULL)
		return false;
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (snprintf(in, sizeof in, "%s/%s/%s", u->folder, classes[i],
			path + n) < (int)sizeof in &&
		    access(in, F_OK) == 0)
			return true;
	return false;
}

/* Returns whether the process has a node of the device open. */
static bool has_open(const struct users *u, const char *process)
{
	char in[PATH_MAX], path[2 * PATH_MAX], to[PATH_MAX];
	const struct dirent *entry;
	bool open = false;
	DIR *dir;

	snprintf(in, sizeof in, "%s/proc/%s/fd", u->root, process);
	dir = opendir(in);
	if (dir == NULL) /* of another user, or it has ended */
		return false;
	while (!open && (entry = readdir(dir)) != NULL) {
		ssize_t n;

		snprintf(path, sizeof path, "%s/%s", in, entry->d_name);
		n = readlink(path, to, sizeof to - 1);
		if (n <= 0)
			continue;
		to[n] = '\0';
		open = is_node(u, to);
	}
	closedir(dir);
	return open;
}

static void add(struct users *u, const char *process)
{
	char path[PATH_MAX], name[64];
	size_t used = strlen(u->text);

	snprintf(path, sizeof path, "%s/proc/%s/comm", u->root, process);
	first_line_read(path, name, sizeof name);
	for (char *c = name; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	snprintf(u->text + used, u->text_bytes - used, "%s%s (process %s)",
	    u->count > 0 ? ", " : "", name[0] != '\0' ? name : "a program",
	    process);
	u->count++;
}

unsigned scsi_find_users(const struct scsi_names *names,
    const struct scsi_system *system, char *text, size_t text_bytes)
{
	struct users u = { .text = text, .text_bytes = text_bytes };
	char proc[PATH_MAX], own[32];
	const struct dirent *entry;
	DIR *dir;

	text[0] = '\0';
	if (system == NULL)
		system = &scsi_system_running;
	u.root = system->root != NULL ? system->root : "";
	memcpy(u.folder, names->folder, sizeof u.folder);
	snprintf(proc, sizeof proc, "%s/proc", u.root);
	snprintf(own, sizeof own, "%ld", (long)getpid());
	dir = opendir(proc);
	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (name[strspn(name, "0123456789")] == '\0' &&
		    strcmp(name, own) != 0 && has_open(&u, name))
			add(&u, name);
	}
	closedir(dir);
	return u.count;
}

void scsi_add_users(const struct scsi_names *names,
    const struct scsi_system *system, char *text, size_t text_bytes)
{
	size_t used = strlen(text);
	char users[256];

	if (scsi_find_users(names, system, users, sizeof users) > 0)
		sentence(text + used, text_bytes - used,
		    "; the drive is in use by %s", users);
}
