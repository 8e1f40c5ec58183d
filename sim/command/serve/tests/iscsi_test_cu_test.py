#!/usr/bin/env python3
"""What iscsi-test-cu of libiscsi tests of a tape drive.

Its tests are for disks; those below apply to a tape drive too.  READ
CAPACITY(10), with which it begins, is answered by read_capacity_preload.c.
"""
import os
import re
import shutil
import subprocess
import unittest

from command import PATIENCE_S, main
from command_serve_test import Served

PRELOAD = os.path.abspath(os.path.join(
    os.environ.get("BUILD", "build"),
    "vtl/iscsi/tests/read_capacity_preload.so"))
# Suite to the tests that pass, and those that find out that this is no disk.
EXPECTED = {
    "Inquiry": ("Standard AllocLength EVPD SupportedVPD VersionDescriptors",
                "BlockLimits MandatoryVPDSBC"),
    "ModeSense6": ("AllPages Control Residuals", "Control-D_SENSE Control-SWP"),
    "TestUnitReady": ("Simple", ""),
    "ReportSupportedOpcodes": ("Simple OneCommand RCTD SERVACTV", ""),
    "PrinReadKeys": ("Simple Truncate", ""),
    "PrinReportCapabilities": ("Simple", ""),
    "PrinServiceactionRange": ("Range", ""),
    "ProutRegister": ("Simple", ""),
    # The others, Access*, read with READ(10).
    "ProutReserve": ("Simple OwnershipEA OwnershipWE OwnershipEARO "
                     "OwnershipWERO OwnershipEAAR OwnershipWEAR", ""),
    "ProutClear": ("Simple", ""),
    "ProutPreempt": ("RemoveRegistration", ""),
    # The others sleep for 12 seconds: SLEEPING.
    "Reserve6.Simple": ("Simple", ""),
    "Reserve6.2Initiators": ("2Initiators", ""),
    "Reserve6.Logout": ("Logout", ""),
    # PwrCnd and NoLoej use bits that LOAD UNLOAD of a tape drive does not have.
    "StartStopUnit": ("Simple", ""),
}
# A wrong DataSN ends the connection, which the log of the server says.  The
# program then skips the rest of its test: a tape drive has no WRITE(10).
DATA_SN = {"iSCSI.iSCSIdatasn": ("", "iSCSIDataSnInvalid")}
# The first wait for a reset, the second for answers that must not come.
SLEEPING = {
    "Reserve6": ("Simple 2Initiators Logout ITNexusLoss TargetColdReset "
                 "TargetWarmReset LUNReset", ""),
    "iSCSI.iSCSIcmdsn": ("iSCSICmdSnTooHigh iSCSICmdSnTooLow", ""),
}


@unittest.skipIf(shutil.which("iscsi-test-cu") is None, "needs libiscsi-bin")
class IscsiTestCu(Served):
    def results(self, suite):
        """Run a suite; return the result of each of its tests."""
        family = suite if suite.startswith("iSCSI.") else "SCSI." + suite
        done = subprocess.run(
            ["iscsi-test-cu", "-d", "-t", family, "iscsi://%s/%s/1" % (
                self.ready["address"], self.ready["iqn"])],
            env=dict(os.environ, LD_PRELOAD=PRELOAD), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=PATIENCE_S, check=False)
        text = done.stdout.decode(errors="replace").split("Run Summary")[0]
        found = {}
        for name, said in re.findall(r"  Test: (\S+) \.\.\.(.*?)(?=  Test: |\Z)",
                                     text, re.S):
            result = re.search(r"(?<!\[)(passed|FAILED)", said)
            found[name] = ("nothing" if result is None else "skipped"
                           if "[SKIPPED]" in said[:result.start()]
                           else result.group(1))
        return found, text

    def test_what_applies_to_a_tape_drive_passes(self):
        self.compare(EXPECTED)

    def test_a_wrong_data_number_ends_the_connection(self):
        log = self.compare(DATA_SN)
        self.assertEqual(log.count("Data-Out: its DataSN is out of order\n"),
                         2, log)

    @unittest.skipUnless("CHECK_ST" in os.environ, "make check-st runs it")
    def test_what_sleeps_passes(self):
        self.compare(SLEEPING)

    def compare(self, expected):
        """Compare the results; return what the server has logged."""
        self.create("--drives", "1")
        process = self.serve()
        self.passes("vtl", "load", "lib", "VTA001L8")
        for suite, (passed, skipped) in expected.items():
            found, text = self.results(suite)
            for names, result in ((passed, "passed"), (skipped, "skipped")):
                for name in names.split():
                    self.assertEqual(found.get(name), result,
                                     "%s: %s\n%s" % (suite, name, text))
        return self.stop(process)[1]


if __name__ == "__main__":
    main()
