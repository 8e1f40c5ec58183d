# amanda.pl: writes a file with Amanda's splitter to Amanda's null device.
#
#     amanda.pl FILE BLOCK BUFFER PART CACHE FOLDER
#
# CACHE is none, memory or spool; a spool is in FOLDER.  Sizes are bytes.
# The script does what Amanda's taper does for each dump, without its catalogue.
use strict;
use warnings;

use Amanda::Config;
use Amanda::Device qw(:constants);
use Amanda::Header;
use Amanda::MainLoop;
use Amanda::Xfer qw(:constants);

my ($file, $block, $buffer, $part, $cache, $folder) = @ARGV;
$_ += 0 for $block, $buffer, $part;

Amanda::Config::config_init(0, undef);
my $device = Amanda::Device->new("null:");
my $failed = $device->property_set("block-size", $block);
die $failed if $failed;
$device->start($ACCESS_WRITE, "BENCH1", "20260101000000")
    or die $device->error_or_status();

open my $source, "<", $file or die "$file: $!";
my $taper = $cache eq "none"
    ? Amanda::Xfer::Dest::Taper::Splitter->new($device, $buffer, $part, 0)
    : Amanda::Xfer::Dest::Taper::Cacher->new($device, $buffer, $part,
	$cache eq "memory" ? 1 : 0, $cache eq "spool" ? $folder : undef);
my $xfer = Amanda::Xfer->new(
    [ Amanda::Xfer::Source::Fd->new(fileno $source), $taper ]);
my $parts = 0;

sub next_part {
	my $header = Amanda::Header->new();

	$header->{type} = $Amanda::Header::F_SPLIT_DUMPFILE;
	$header->{name} = "bench";
	$header->{disk} = "/";
	$header->{program} = "bench";
	$header->{datestamp} = "20260101000000";
	$header->{partnum} = ++$parts;
	$taper->start_part(0, $header);
}

$xfer->start(sub {
	my (undef, $message) = @_;

	die $message->{message} if $message->{type} == $XMSG_ERROR;
	if ($message->{type} == $XMSG_PART_DONE) {
		die "a part failed" unless $message->{successful};
		next_part() unless $message->{eof};
	}
	Amanda::MainLoop::quit() if $message->{type} == $XMSG_DONE;
}, 0, 0);
Amanda::MainLoop::call_later(sub {
	$taper->use_device($device);
	next_part();
});
Amanda::MainLoop::run();
