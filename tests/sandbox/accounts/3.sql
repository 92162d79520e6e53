BEGIN TRANSACTION;
CREATE TABLE account(one INTEGER PRIMARY KEY CHECK (one = 1), company_id TEXT NOT NULL, company_name TEXT NOT NULL, double_opt_in INTEGER NOT NULL DEFAULT 0);
INSERT INTO "account" VALUES(1,'MDc6Q29tcGFueTI','Northwind',1);
CREATE TABLE api_key(
    digest TEXT PRIMARY KEY, app_id TEXT NOT NULL REFERENCES app, revoked INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "api_key" VALUES('75193d54eb7f58246e78488c96aaef10ee312a585295efa0d6814784bc34737e','orders',0);
CREATE TABLE app(id TEXT PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL);
INSERT INTO "app" VALUES('orders','Northwind Orders','["attributes:write", "ecommerce:write", "events:write", "identity:write", "offers:write", "privacy_requests:read", "privacy_requests:write", "product_catalogs:read", "product_catalogs:write", "segments:read", "segments:write", "subscriptions:read", "subscriptions:write", "webhooks:write"]');
CREATE TABLE attribute(name TEXT PRIMARY KEY, type TEXT NOT NULL);
CREATE TABLE attribute_value(
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE, attribute TEXT NOT NULL REFERENCES attribute,
    value TEXT NOT NULL, PRIMARY KEY (person_id, attribute)
);
CREATE TABLE event(
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_type TEXT NOT NULL REFERENCES event_type,
    person_id INTEGER NOT NULL REFERENCES person, external_event_id TEXT UNIQUE, properties TEXT NOT NULL,
    occurred_at TEXT NOT NULL, received_at TEXT NOT NULL, starts_journeys INTEGER NOT NULL
);
INSERT INTO "event" VALUES(1,'Seen',1,NULL,'{"a": 1}','2026-11-26T17:54:36.674Z','2026-11-26T17:54:36.674Z',1);
CREATE TABLE event_key(
    event_type TEXT NOT NULL REFERENCES event_type, key TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (event_type, key)
);
INSERT INTO "event_key" VALUES('Seen','a',0);
CREATE TABLE event_type(name TEXT PRIMARY KEY, app_id TEXT NOT NULL REFERENCES app);
INSERT INTO "event_type" VALUES('Seen','orders');
CREATE TABLE identifier(
    kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (kind, name, value)
);
INSERT INTO "identifier" VALUES('phone','','+13115552368',1);
CREATE TABLE member(
    segment_id INTEGER NOT NULL REFERENCES segment, person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (segment_id, person_id)
);
INSERT INTO "member" VALUES(1,1);
CREATE TABLE message(
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL REFERENCES person, channel TEXT NOT NULL,
    address TEXT NOT NULL, reason TEXT NOT NULL, sent_at TEXT NOT NULL, parts TEXT NOT NULL, details TEXT NOT NULL,
    event_id INTEGER REFERENCES event, journey TEXT, step TEXT, UNIQUE (event_id, journey, step)
);
INSERT INTO "message" VALUES(1,1,'TEXT','+13115552368','journey','2026-11-26T20:55:09.040Z','{"body": "Northwind: Seen."}','{"segments": 1, "category": "TRANSACTIONAL"}',1,'seen','text');
INSERT INTO "message" VALUES(2,1,'TEXT','+13115552368','help','2026-11-26T20:55:09.041Z','{"body": "Northwind: These are texts about your orders. Reply STOP to cancel. Msg & data rates may apply."}','{}',NULL,NULL,NULL);
CREATE TABLE person(id INTEGER PRIMARY KEY AUTOINCREMENT);
INSERT INTO "person" VALUES(1);
CREATE TABLE played(
    event_id INTEGER PRIMARY KEY REFERENCES event, at TEXT NOT NULL, subscriptions TEXT NOT NULL
);
INSERT INTO "played" VALUES(1,'2026-11-26T20:55:09.040Z','[["TRANSACTIONAL", "TEXT"]]');
CREATE TABLE post(
    id INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id INTEGER NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event TEXT NOT NULL, body TEXT NOT NULL, made_at TEXT NOT NULL, due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT 'waiting'
);
INSERT INTO "post" VALUES(1,1,'sms.sent','{"type": "sms.sent", "timestamp": 1795726509040, "company": {"display_name": "Northwind", "company_id": "MDc6Q29tcGFueTI"}, "subscriber": {"external_id": 1, "phone": "+13115552368"}, "message": {"id": "MDc6TWVzc2FnZTE", "type": "TRANSACTIONAL", "name": "seen/text", "text": "Northwind: Seen.", "channel": "TEXT"}}','2026-11-26T20:55:09.040Z','2026-11-26T20:55:09.040Z',0,'','waiting');
CREATE TABLE reply(
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL REFERENCES person, sent_at TEXT NOT NULL,
    text TEXT NOT NULL, after INTEGER NOT NULL
);
INSERT INTO "reply" VALUES(1,1,'2026-11-26T20:55:09.041Z','HELP',1);
CREATE TABLE segment(
    id INTEGER PRIMARY KEY AUTOINCREMENT, external_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    description TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, archived INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "segment" VALUES(1,'t','T','dd','2026-11-26T17:54:36.688Z','2026-11-26T17:54:36.688Z',0);
CREATE TABLE sign_up_unit(
    id TEXT PRIMARY KEY, type TEXT NOT NULL, channels TEXT NOT NULL, language TEXT NOT NULL, country TEXT NOT NULL,
    kind TEXT NOT NULL
);
INSERT INTO "sign_up_unit" VALUES('100','TRANSACTIONAL','["TEXT"]','en','US','API');
CREATE TABLE subscription(
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE, type TEXT NOT NULL, channel TEXT NOT NULL,
    eligible INTEGER NOT NULL, pending INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (person_id, type, channel)
);
CREATE TABLE trace(
    event_id INTEGER NOT NULL REFERENCES event, number INTEGER NOT NULL, at TEXT NOT NULL, journey TEXT NOT NULL,
    what TEXT NOT NULL, step TEXT NOT NULL, words TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (event_id, number)
);
INSERT INTO "trace" VALUES(1,0,'2026-11-26T20:55:09.040Z','seen','entered','','','');
INSERT INTO "trace" VALUES(1,1,'2026-11-26T20:55:09.040Z','seen','sent','text','','');
CREATE TABLE webhook(
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL REFERENCES app, url TEXT NOT NULL, events TEXT NOT NULL,
    disabled_at TEXT
, signing_key TEXT NOT NULL DEFAULT '');
INSERT INTO "webhook" VALUES(1,'orders','https://shop.example/1','["sms.sent"]',NULL,'f00d');
CREATE VIEW inside(event_id, journey) AS SELECT event_id, journey FROM trace GROUP BY event_id, journey
    HAVING sum(what = 'entered') > sum(what = 'ended');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('person',1);
INSERT INTO "sqlite_sequence" VALUES('event',1);
INSERT INTO "sqlite_sequence" VALUES('webhook',1);
INSERT INTO "sqlite_sequence" VALUES('segment',1);
INSERT INTO "sqlite_sequence" VALUES('message',2);
INSERT INTO "sqlite_sequence" VALUES('post',1);
INSERT INTO "sqlite_sequence" VALUES('reply',1);
COMMIT;
PRAGMA user_version = 3;
