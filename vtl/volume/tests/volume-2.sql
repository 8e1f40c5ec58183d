-- A volume of version 2, as the tapelab of that time made it: the output of
-- .dump in sqlite3, and its application_id and user_version.
pragma application_id = 1416645730;
pragma user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE volume ( id integer primary key check (id = 1), barcode text not null, capacity_bytes integer not null, early_warning_bytes integer, payload text not null check (payload in ('none', 'raw', 'zlib')));
INSERT INTO volume VALUES(1,'SAMPLEL8',1048576,65536,'zlib');
CREATE TABLE objects ( first integer primary key, count integer not null, block_bytes integer not null, last_bytes integer not null, at_byte integer not null, file integer not null, dump_id integer not null, offset integer not null, sums blob, data blob, zlib integer not null default 0);
INSERT INTO objects VALUES(0,1,512,512,0,0,0,0,X'02405acaec2777d7',X'6c6162656c0a',0);
INSERT INTO objects VALUES(1,1,0,0,512,0,0,0,NULL,NULL,0);
INSERT INTO objects VALUES(2,1,512,512,512,1,0,0,X'94893dc0f34b8071',X'6865616465720a',0);
INSERT INTO objects VALUES(3,5,512,100,1024,1,119,0,X'd82eb857a60d77bcf338b3dc9e49b32c311ff69401e5e27134dadedd06c3e0451c04a256f8bcf440',X'7801edd5c715c0400843c15a71ce5ee750bd0ffa2df8a6e9800748119221478112156a3468d1a1c780111366242c58b161c78113176e3c78c138e179b420ef4707e77bd303f97f1470ce3705b6f35a05e4fe51a1fed1a71f9a8494a2',1);
INSERT INTO objects VALUES(8,1,0,0,3172,1,0,0,NULL,NULL,0);
INSERT INTO objects VALUES(9,1,512,512,3172,2,0,0,X'94893dc0f34b8071',X'6865616465720a',0);
INSERT INTO objects VALUES(10,2,512,512,3684,2,119,2148,X'8ba75d9780180454e310fe60ca0d89eb',X'7801edd3db1182501403c05a01418ec85b01a91ec7bb9f9670b7834c928888071d4f7a0646266616565ebcd9d839f87052505271a3a6e14ecb37ca4fce930acafda4c1e5bda503fdfbcf05591db668',1);
CREATE TABLE defects ( at_byte integer not null, sense_key integer not null, sense_asc integer not null, sense_ascq integer not null, once integer not null);
INSERT INTO defects VALUES(9000,3,12,0,1);
INSERT INTO defects VALUES(5000,3,12,0,0);
CREATE TABLE history ( id integer primary key, event text not null, text text not null);
INSERT INTO history VALUES(1,'created','a sample');
INSERT INTO history VALUES(2,'labelled','SAMPLEL8');
CREATE INDEX filemarks on objects (file) where block_bytes = 0;
CREATE VIEW extents as select file, first, count as blocks, block_bytes, (count - 1) * block_bytes + last_bytes as bytes, at_byte, case when dump_id <> 0 then printf('%016x', dump_id) end as dump, case when dump_id <> 0 then offset end as from_offset, case when dump_id <> 0 then offset + (count - 1) * block_bytes + last_bytes end as to_offset from objects where block_bytes > 0;
CREATE VIEW files as select file, min(first) as first, sum(blocks) as blocks, max(block_bytes) as block_bytes, sum(bytes) as bytes, min(at_byte) as at_byte, max(dump) as dump, min(from_offset) as from_offset, max(to_offset) as to_offset, file < (select max(file + count) from objects where block_bytes = 0) as finished from extents group by file;
CREATE VIEW spots as select at_byte, (select file from extents where extents.at_byte <= defects.at_byte and defects.at_byte < extents.at_byte + extents.bytes) as file, printf('%X/%02X/%02X', sense_key, sense_asc, sense_ascq) as sense, once from defects;
CREATE VIEW state as select barcode, payload, capacity_bytes, used_bytes, capacity_bytes - early_warning_bytes - used_bytes as free_bytes, blocks, filemarks from volume, (select coalesce(sum((count - 1) * block_bytes + last_bytes), 0) as used_bytes, coalesce(sum(case when block_bytes > 0 then count end), 0) as blocks, coalesce(sum(case when block_bytes = 0 then count end), 0) as filemarks from objects);
COMMIT;
