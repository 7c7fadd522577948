package org.tallystick.platform.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;

/**
 * Keeps words that a person could be known by out of the log. They are durable before the entry that commits to them is asked
 * for, so that no crash leaves a commitment whose words are lost; where no entry came of it they are removed again. Safe from
 * any thread.
 */
public final class Wording {
    private static final Duration ORPHAN_AGE = Duration.ofHours(1);

    private final Database database;

    public Wording(Database database) {
        this.database = database;
    }

    /**
     * Keeps words while a command is carried out whose entry commits to them.
     *
     * @param command asks the sequencer; accepted and no repeat where the entry stands
     */
    public <T> Outcome<T> keeping(List<Words> words, Supplier<Outcome<T>> command) {
        List<Words> kept = words.stream().filter(one -> !one.isEmpty()).toList();
        if (kept.isEmpty()) {
            return command.get();
        }
        database.write(tx -> {
            WordsStore.insert(tx, kept, database.now());
            return true;
        });
        Outcome<T> outcome = command.get();
        if (!(outcome instanceof Outcome.Accepted<T> accepted) || accepted.repeated()) {
            database.write(tx -> WordsStore.deleteUnplaced(tx, kept));
        }
        return outcome;
    }

    /** Keeps one text like {@link #keeping(List, Supplier)}. */
    public <T> Outcome<T> keeping(Words words, Supplier<Outcome<T>> command) {
        return keeping(List.of(words), command);
    }

    /** Removes words of commands that a crash has ended, once nobody can be waiting for them; returns how many. */
    public int removeOrphans() {
        return database.write(tx -> WordsStore.deleteOrphans(tx, database.now().minus(ORPHAN_AGE)));
    }

    /** How many words of a party are kept. */
    public static long count(Handle tx, PartyId owner) {
        return WordsStore.count(tx, owner);
    }

    /** The words at a place of the log; empty where they are erased, or stand there in clear. */
    public static Optional<KeptWords> at(Handle tx, long position, String member) {
        return WordsStore.find(tx, position, member);
    }

    /** All words whose entries stand in a stretch of the log, the end excluded. */
    public static List<KeptWords> between(Handle tx, long from, long to) {
        return WordsStore.between(tx, from, to);
    }

    /**
     * A party's words in the order of their places.
     *
     * @param position and member: the place after which to begin, -1 and any text at first
     * @param limit at least 1
     */
    public static List<KeptWords> of(Handle tx, PartyId owner, long position, String member, int limit) {
        return WordsStore.of(tx, owner, position, member, limit);
    }
}
