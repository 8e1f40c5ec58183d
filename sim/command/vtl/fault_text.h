/* fault_text.h: a fault of a library as text, one line that ends with '\n'. */
#ifndef SIM_VTL_FAULT_TEXT_H
#define SIM_VTL_FAULT_TEXT_H

#include <jansson.h>
#include <stdio.h>

#include "vtl/changer/drive_settings.h"

void vtl_print_robot_fault(const struct changer_fault *fault, FILE *to);
void vtl_print_drive_fault(const struct changer_drive_fault *fault, FILE *to);
void vtl_print_volume_fault(const struct changer_volume_fault *fault, FILE *to);

/* Returns the mapping that the library stores; a new reference. */
json_t *vtl_volume_fault_json(const struct changer_volume_fault *fault);

#endif
