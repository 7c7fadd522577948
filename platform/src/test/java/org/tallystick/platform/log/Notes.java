package org.tallystick.platform.log;

import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.log.LogEntry;

/**
 * A room for tests: every entry leaves a row, entries of type {@code add} move a sum that may not fall below zero (found
 * by the statement) nor rise above a thousand (found by a deferred constraint), and carry it to a table of its own.
 */
final class Notes implements Projection {
    static void createTables(Database database) {
        database.write(tx -> tx.execute("""
                create schema notes;
                create table notes.entry (position bigint primary key, type text not null, time timestamptz, size int);
                create table notes.sum (one boolean primary key default true, amount bigint not null check (amount >= 0));
                insert into notes.sum (amount) values (0);
                create function notes.at_most() returns trigger language plpgsql as $$
                begin
                  if new.amount > 1000 then raise exception 'more than a thousand'; end if;
                  return new;
                end $$;
                create constraint trigger at_most after update on notes.sum deferrable initially deferred
                  for each row execute function notes.at_most();
                """));
    }

    /** Adds to the sum; answers with what it will be and the position of the entry. */
    static Command<String> add(long amount) {
        return (tx, now) -> {
            long sum = sum(tx) + amount;
            Draft draft =
                    Draft.document("add", Json.object().put("amount", amount).build());
            return Decision.append(List.of(draft), first -> sum + "@" + first);
        };
    }

    static Command<Long> note(String text) {
        return (tx, now) -> Decision.append(
                List.of(Draft.document("note", Json.object().put("text", text).build())), first -> first);
    }

    static long sum(Handle tx) {
        return tx.select("select amount from notes.sum").mapTo(Long.class).one();
    }

    /** All that the room and the log have in the database, as text. */
    static String dump(Database database) {
        return database.read(tx -> tx.select("""
                select coalesce(string_agg(e::text, ' ' order by position), '') || ' sum ' || (select amount from notes.sum)
                  || ' at ' || (select a::text from log.applied a) from notes.entry e
                """).mapTo(String.class).one());
    }

    static long rows(Database database) {
        return database.read(tx ->
                tx.select("select count(*) from notes.entry").mapTo(Long.class).one());
    }

    @Override
    public String name() {
        return "notes";
    }

    @Override
    public void apply(Handle tx, long position, LogEntry entry) {
        switch (entry) {
            case LogEntry.BatchEntry batch ->
                tx.execute("insert into notes.entry values (?, 'batch', null, ?)", position, batch.length());
            case LogEntry.DocumentEntry document -> {
                tx.execute(
                        "insert into notes.entry values (?, ?, ?, ?)",
                        position,
                        document.type(),
                        document.time().atOffset(ZoneOffset.UTC),
                        document.body().toString().length());
                if (document.type().equals("add")) {
                    long amount = Fields.of(document.body(), "add").integer("amount", Long.MIN_VALUE, Long.MAX_VALUE);
                    tx.execute("update notes.sum set amount = amount + ?", amount);
                }
            }
        }
    }

    @Override
    public void reset(Handle tx) {
        tx.execute("truncate notes.entry");
        tx.execute("update notes.sum set amount = 0");
    }
}
