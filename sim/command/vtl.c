/* vtl.c: finds the command of "tapelab vtl". */
#include "sim/command/cmd.h"
#include "sim/command/subcommand.h"
#include "sim/command/vtl/vtl.h"

static const struct subcommand list[] = {
	{ "create", (char[]){ "tapelab vtl create" }, vtl_create,
	    "make a library with drives, slots and volumes",
	    .unprinted = CMD_OK },
	{ "list", (char[]){ "tapelab vtl list" }, vtl_list,
	    "list the cartridges", .unprinted = CMD_FAILED },
	{ "show", (char[]){ "tapelab vtl show" }, vtl_show,
	    "show the properties of a volume", .unprinted = CMD_FAILED },
	{ "status", (char[]){ "tapelab vtl status" }, vtl_status,
	    "show what each element holds, and who uses it",
	    .unprinted = CMD_FAILED },
	{ "load", (char[]){ "tapelab vtl load" }, vtl_load,
	    "move a cartridge to a drive", .unprinted = CMD_OK },
	{ "unload", (char[]){ "tapelab vtl unload" }, vtl_unload,
	    "move the cartridge in a drive to a slot", .unprinted = CMD_OK },
	{ "move", (char[]){ "tapelab vtl move" }, vtl_move,
	    "move a cartridge between two elements", .unprinted = CMD_OK },
	{ "import", (char[]){ "tapelab vtl import" }, vtl_import,
	    "put volumes into the library", .unprinted = CMD_OK },
	{ "export", (char[]){ "tapelab vtl export" }, vtl_export,
	    "take volumes out of the library", .unprinted = CMD_OK },
	{ "fault", (char[]){ "tapelab vtl fault" }, vtl_fault,
	    "make volumes, drives or the robot fail", .unprinted = CMD_OK },
	{ "behaviour", (char[]){ "tapelab vtl behaviour" }, vtl_behaviour,
	    "show or set how drives differ from their models",
	    .unprinted = CMD_OK },
	{ "identity", (char[]){ "tapelab vtl identity" }, vtl_identity,
	    "show or set the names and numbers of drives and changer",
	    .unprinted = CMD_OK },
	{ "wear", (char[]){ "tapelab vtl wear" }, vtl_wear,
	    "show or set how worn volumes are", .unprinted = CMD_FAILED },
	{ "snapshot", (char[]){ "tapelab vtl snapshot" }, vtl_snapshot,
	    "take a snapshot of a library, or list them", .unprinted = CMD_OK },
	{ "restore", (char[]){ "tapelab vtl restore" }, vtl_restore,
	    "restore a snapshot", .unprinted = CMD_OK },
	{ "clone", (char[]){ "tapelab vtl clone" }, vtl_clone,
	    "copy a library to a new folder", .unprinted = CMD_OK },
	{ "events", (char[]){ "tapelab vtl events" }, vtl_events,
	    "print what happens in a library that is served",
	    .unprinted = CMD_FAILED },
	{ "expect", (char[]){ "tapelab vtl expect" }, vtl_expect,
	    "check facts about a library", .unprinted = CMD_FAILED },
	{ "wait", (char[]){ "tapelab vtl wait" }, vtl_wait,
	    "wait until facts about a library hold", .unprinted = CMD_FAILED },
	{ "files", (char[]){ "tapelab vtl files" }, vtl_files,
	    "list the files on a volume", .unprinted = CMD_FAILED },
	{ "verify", (char[]){ "tapelab vtl verify" }, vtl_verify,
	    "check the files of volumes", .unprinted = CMD_FAILED },
};

const struct subcommands cmd_vtl_list = {
	.program = "tapelab vtl",
	.arguments = "[OPTION...] LIB [ARGUMENT...]",
	.page = "tapelab-vtl(1)",
	.list = list,
	.count = sizeof list / sizeof *list,
};

int cmd_vtl(int argc, char **argv)
{
	return subcommand_run(&cmd_vtl_list, argc, argv);
}
