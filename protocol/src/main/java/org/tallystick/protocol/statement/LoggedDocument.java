package org.tallystick.protocol.statement;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.log.LogEntry;

/**
 * A document of the log that a statement rests on, with its place: a contract, a grant, a party's key, a close. Proven by
 * inclusion, so that nobody can be held to what the log has never heard of.
 *
 * @param position of its entry in the log
 */
record LoggedDocument(long position, LogEntry.DocumentEntry entry) {
    static final String CONTRACT = "contract";
    static final String GRANT = "grant";
    static final String PARTY = "party";
    static final String KEY_ROTATED = "key-rotated";
    static final String CLOSE = "close";

    String type() {
        return entry.type();
    }

    Json.Obj json() {
        return Json.object()
                .put("body", entry.body())
                .put("position", position)
                .putIfPresent("salt", entry.salt())
                .put("time", Times.text(entry.time()))
                .put("type", entry.type())
                .build();
    }

    static LoggedDocument of(Fields fields) {
        LoggedDocument document = new LoggedDocument(
                fields.integer("position", 0, Long.MAX_VALUE >> 11),
                new LogEntry.DocumentEntry(
                        fields.text("type"),
                        fields.instant("time"),
                        fields.fields("body").object(),
                        fields.optionalText("salt")));
        fields.noOthers();
        return document;
    }
}
