-- A library.db of version 1, as the tapelab of that time made it: the output of
-- .dump in sqlite3, and its application_id and user_version.
pragma application_id = 1416645699;
pragma user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE library ( id integer primary key check (id = 1), move_ns integer not null, moves integer not null default 0);
INSERT INTO library VALUES(1,8000000000,2);
CREATE TABLE elements ( address integer primary key, kind text not null check (kind in ('robot', 'ie', 'drive', 'slot')), number integer not null, model text, session integer, open integer not null default 0, by_hand integer not null default 0, cleanings integer not null default 0);
INSERT INTO elements VALUES(1,'robot',0,NULL,NULL,0,0,0);
INSERT INTO elements VALUES(16,'ie',1,NULL,NULL,0,0,0);
INSERT INTO elements VALUES(256,'drive',0,'lto8',1,1,0,0);
INSERT INTO elements VALUES(257,'drive',1,'lto8',NULL,0,1,0);
INSERT INTO elements VALUES(1024,'slot',1,NULL,NULL,0,0,0);
INSERT INTO elements VALUES(1025,'slot',2,NULL,NULL,0,0,0);
INSERT INTO elements VALUES(1026,'slot',3,NULL,NULL,0,0,0);
INSERT INTO elements VALUES(1027,'slot',4,NULL,NULL,0,0,0);
CREATE TABLE cartridges ( id integer primary key, barcode text not null unique, file text, address integer not null unique references elements, came_from integer references elements, unreadable integer not null default 0, uses integer not null default 0);
INSERT INTO cartridges VALUES(1,'VTA001L8','VTA001L8.tape',256,1024,0,0);
INSERT INTO cartridges VALUES(2,'VTA002L8','VTA002L8.tape',257,1025,0,0);
INSERT INTO cartridges VALUES(3,'VTA003L8','VTA003L8.tape',1026,NULL,1,0);
INSERT INTO cartridges VALUES(4,'CLN001CU',NULL,1027,NULL,0,0);
CREATE TABLE sessions ( id integer primary key autoincrement, pid integer not null, start integer not null, boot text not null, program text not null);
INSERT INTO sessions VALUES(1,171,1332454,'00000000-0000-4000-8000-000000000000','tapelab write');
CREATE TABLE faults ( id integer primary key, how text not null, move integer not null, once integer not null);
INSERT INTO faults VALUES(1,'stuck',4,1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('sessions',1);
COMMIT;
