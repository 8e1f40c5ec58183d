-- A catalogue of version 3, as the tapelab of that time made it: the output of
-- .dump in sqlite3, and its application_id and user_version.
pragma application_id = 1414292321;
pragma user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE dumps (
	id text primary key,
	name text not null,
	begun text not null,
	block_bytes integer not null,
	mode text not null check (mode in ('variable', 'fixed')),
	outcome text not null
		check (outcome in ('', 'DONE', 'PARTIAL', 'FAILED')),
	safe_bytes integer not null,
	xxh128 text not null,
	volumes integer not null default 0
) without rowid;
INSERT INTO dumps VALUES('5d49167e83616630','half','2026-11-29T20:46:13Z',65536,'variable','PARTIAL',0,'',1);
INSERT INTO dumps VALUES('c9f49b815a844709','home','2026-11-29T20:46:12Z',65536,'variable','DONE',3000000,'6bfdbf738e04d1de9365fbefb6493982',2);
CREATE TABLE attempts (
	dump text not null references dumps,
	part integer not null,
	attempt integer not null,
	volume text not null,
	file integer not null,
	offset_bytes integer not null,
	bytes integer,
	ended text not null,
	cause text not null,
	safe integer not null check (safe in (0, 1)),
	xxh128 text not null,
	primary key (dump, part, attempt)
) without rowid;
INSERT INTO attempts VALUES('5d49167e83616630',1,1,'VTA003L8',1,0,524288,'FAILED','medium_error',0,'');
INSERT INTO attempts VALUES('c9f49b815a844709',1,1,'VTA001L8',1,0,524288,'EOP','',1,'14c88afc99a2af9e37243a9765f30d7f');
INSERT INTO attempts VALUES('c9f49b815a844709',2,1,'VTA001L8',2,524288,524288,'EOP','',1,'b4a57c2f8fb4d5217d5e57db91f8b7c6');
INSERT INTO attempts VALUES('c9f49b815a844709',3,1,'VTA001L8',3,1048576,458752,'LEOM','',1,'8d2c0698bdd677e2f17331b1ae4ea0a5');
INSERT INTO attempts VALUES('c9f49b815a844709',4,1,'VTA002L8',1,1507328,524288,'EOP','',1,'dca4cc8aa6e44e24c5c03c4a60b11398');
INSERT INTO attempts VALUES('c9f49b815a844709',5,1,'VTA002L8',2,2031616,524288,'EOP','',1,'0d057565c308cbf0b37e6b41c97d5ad7');
INSERT INTO attempts VALUES('c9f49b815a844709',6,1,'VTA002L8',3,2555904,444096,'EOF','',1,'6d3844b589e806d625538bdd79d90ddb');
CREATE TABLE volumes (
	barcode text primary key,
	closed text not null,
	at text not null
) without rowid;
INSERT INTO volumes VALUES('VTA001L8','good','2026-11-29T20:46:12Z');
INSERT INTO volumes VALUES('VTA002L8','good','2026-11-29T20:46:12Z');
INSERT INTO volumes VALUES('VTA003L8','suspect','2026-11-29T20:46:13Z');
CREATE TABLE volume_uses (
	id integer primary key,
	dump text not null references dumps,
	volume text not null,
	at text not null,
	serial text not null,
	maker text not null,
	stored_barcode text not null,
	capacity_bytes integer,
	loads_before integer,
	loads_after integer,
	remaining_bytes_before integer,
	remaining_bytes_after integer,
	written_bytes_before integer,
	written_bytes_after integer,
	read_bytes_before integer,
	read_bytes_after integer,
	alerts_before text,
	alerts_after text,
	errors text not null
);
INSERT INTO volume_uses VALUES(1,'c9f49b815a844709','VTA001L8','2026-11-29T20:46:12Z','VTA001L8','TAPELAB','',1835008,1,1,1835008,65536,NULL,NULL,NULL,NULL,'','','');
INSERT INTO volume_uses VALUES(2,'c9f49b815a844709','VTA002L8','2026-11-29T20:46:12Z','VTA002L8','TAPELAB','',1835008,1,1,1835008,14656,NULL,NULL,NULL,NULL,'','','');
INSERT INTO volume_uses VALUES(3,'5d49167e83616630','VTA003L8','2026-11-29T20:46:13Z','VTA003L8','TAPELAB','',1835008,1,1,1835008,1572864,NULL,NULL,NULL,NULL,'','3, 4, 6','drive 0, volume VTA003L8: the drive has reported since the load: uncorrected write errors: 1, TapeAlert flag 4 (Medium), TapeAlert flag 6 (Write failure)');
CREATE TABLE counters (
	volume_use integer not null references volume_uses,
	page integer not null,
	code integer not null,
	name text not null,
	unit text not null,
	before integer,
	after integer not null,
	primary key (volume_use, page, code)
) without rowid;
INSERT INTO counters VALUES(1,2,3,'Total write errors corrected','',0,0);
INSERT INTO counters VALUES(1,2,5,'Total bytes written','B',0,1769472);
INSERT INTO counters VALUES(1,2,6,'Total uncorrected write errors','',0,0);
INSERT INTO counters VALUES(1,3,3,'Total read errors corrected','',0,0);
INSERT INTO counters VALUES(1,3,5,'Total bytes read','B',0,0);
INSERT INTO counters VALUES(1,3,6,'Total uncorrected read errors','',0,0);
INSERT INTO counters VALUES(1,12,0,'Data bytes received by WRITE commands','B',0,1769472);
INSERT INTO counters VALUES(1,12,3,'Data bytes transferred by READ commands','B',0,0);
INSERT INTO counters VALUES(1,23,1,'Thread count','',1,1);
INSERT INTO counters VALUES(1,23,4,'Volume unrecovered write errors','',0,0);
INSERT INTO counters VALUES(1,23,9,'Volume unrecovered read errors','',0,0);
INSERT INTO counters VALUES(1,23,22,'Total native capacity','MB',1,1);
INSERT INTO counters VALUES(1,23,23,'Total used native capacity','MB',0,1);
INSERT INTO counters VALUES(1,27,1,'Write compression ratio','%',100,100);
INSERT INTO counters VALUES(2,2,3,'Total write errors corrected','',0,0);
INSERT INTO counters VALUES(2,2,5,'Total bytes written','B',0,1820352);
INSERT INTO counters VALUES(2,2,6,'Total uncorrected write errors','',0,0);
INSERT INTO counters VALUES(2,3,3,'Total read errors corrected','',0,0);
INSERT INTO counters VALUES(2,3,5,'Total bytes read','B',0,0);
INSERT INTO counters VALUES(2,3,6,'Total uncorrected read errors','',0,0);
INSERT INTO counters VALUES(2,12,0,'Data bytes received by WRITE commands','B',0,1820352);
INSERT INTO counters VALUES(2,12,3,'Data bytes transferred by READ commands','B',0,0);
INSERT INTO counters VALUES(2,23,1,'Thread count','',1,1);
INSERT INTO counters VALUES(2,23,4,'Volume unrecovered write errors','',0,0);
INSERT INTO counters VALUES(2,23,9,'Volume unrecovered read errors','',0,0);
INSERT INTO counters VALUES(2,23,22,'Total native capacity','MB',1,1);
INSERT INTO counters VALUES(2,23,23,'Total used native capacity','MB',0,1);
INSERT INTO counters VALUES(2,27,1,'Write compression ratio','%',100,100);
INSERT INTO counters VALUES(3,2,3,'Total write errors corrected','',0,0);
INSERT INTO counters VALUES(3,2,5,'Total bytes written','B',0,655360);
INSERT INTO counters VALUES(3,2,6,'Total uncorrected write errors','',0,1);
INSERT INTO counters VALUES(3,3,3,'Total read errors corrected','',0,0);
INSERT INTO counters VALUES(3,3,5,'Total bytes read','B',0,0);
INSERT INTO counters VALUES(3,3,6,'Total uncorrected read errors','',0,0);
INSERT INTO counters VALUES(3,12,0,'Data bytes received by WRITE commands','B',0,655360);
INSERT INTO counters VALUES(3,12,3,'Data bytes transferred by READ commands','B',0,0);
INSERT INTO counters VALUES(3,23,1,'Thread count','',1,1);
INSERT INTO counters VALUES(3,23,4,'Volume unrecovered write errors','',0,1);
INSERT INTO counters VALUES(3,23,9,'Volume unrecovered read errors','',0,0);
INSERT INTO counters VALUES(3,23,22,'Total native capacity','MB',1,1);
INSERT INTO counters VALUES(3,23,23,'Total used native capacity','MB',0,0);
INSERT INTO counters VALUES(3,27,1,'Write compression ratio','%',100,100);
CREATE INDEX dumps_by_name on dumps (name);
CREATE INDEX attempts_by_volume on attempts (volume, file);
CREATE VIEW parts as
	select name, dump, part, volume, file, offset_bytes, bytes,
	    attempts.xxh128 as xxh128
	from attempts join dumps on id = dump where safe
	order by name, dump, part;
CREATE INDEX volume_uses_by_dump on volume_uses (dump);
CREATE INDEX volume_uses_by_volume on volume_uses (volume);
COMMIT;
