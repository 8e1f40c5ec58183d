/* cmd_mtx.c */
#include "sim/cmd.h"
int cmd_mtx(int argc, char **argv) { (void)argc; (void)argv; return CMD_USAGE; }
