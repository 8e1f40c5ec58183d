-- A catalogue of version 1, as the tapelab of that time made it: the output of
-- .dump in sqlite3, and its application_id and user_version.
pragma application_id = 1414292321;
pragma user_version = 1;
BEGIN TRANSACTION;
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
INSERT INTO "attempts" VALUES('66f8fc1cd1b1a1e3',1,1,'VTA001L8',1,0,524288,'EOP','',1,'a73a116a939ec98295d28f73a8d7cf67');
INSERT INTO "attempts" VALUES('66f8fc1cd1b1a1e3',2,1,'VTA001L8',2,524288,524288,'EOP','',1,'bc718061ebd9b8a5a7f0cb4032c81905');
INSERT INTO "attempts" VALUES('66f8fc1cd1b1a1e3',3,1,'VTA001L8',3,1048576,524288,'EOP','',1,'4b9ffdb0b38f995e1b36b2caf5a06b3d');
INSERT INTO "attempts" VALUES('66f8fc1cd1b1a1e3',4,1,'VTA002L8',1,1572864,524288,'EOP','',1,'e69755e805b516d650f31a2095a48b8c');
INSERT INTO "attempts" VALUES('66f8fc1cd1b1a1e3',5,1,'VTA002L8',2,2097152,524288,'EOP','',1,'6c6243134440b2d2e9129c0a16c4fb45');
INSERT INTO "attempts" VALUES('66f8fc1cd1b1a1e3',6,1,'VTA002L8',3,2621440,378560,'EOF','',1,'69c040e175c895736662d02e38565ff7');
CREATE TABLE dumps (
	id text primary key,
	name text not null,
	begun text not null,
	block_bytes integer not null,
	mode text not null check (mode in ('variable', 'fixed')),
	outcome text not null
		check (outcome in ('', 'DONE', 'PARTIAL', 'FAILED')),
	safe_bytes integer not null,
	xxh128 text not null
) without rowid;
INSERT INTO "dumps" VALUES('66f8fc1cd1b1a1e3','home','2026-11-29T03:05:25Z',65536,'variable','DONE',3000000,'d32b93c52283e465d073bb940b086bdc');
INSERT INTO "dumps" VALUES('d3174f9cb2bcd93f','half','2026-11-29T03:05:26Z',65536,'variable','PARTIAL',0,'');
CREATE TABLE volumes (
	barcode text primary key,
	closed text not null,
	at text not null
) without rowid;
INSERT INTO "volumes" VALUES('VTA001L8','good','2026-11-29T03:05:26Z');
INSERT INTO "volumes" VALUES('VTA002L8','good','2026-11-29T03:05:26Z');
INSERT INTO "volumes" VALUES('VTA003L8','full','2026-11-29T03:05:26Z');
CREATE INDEX dumps_by_name on dumps (name);
CREATE INDEX attempts_by_volume on attempts (volume, file);
CREATE VIEW parts as
	select name, dump, part, volume, file, offset_bytes, bytes,
	    attempts.xxh128 as xxh128
	from attempts join dumps on id = dump where safe
	order by name, dump, part;
COMMIT;
