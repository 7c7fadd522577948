package org.tallystick.platform.party;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;

/**
 * The security log. Noting an event costs no query: it is counted in memory and written with others every few seconds, so
 * that whoever knocks a million times makes a few rows and a few writes. Memory and table are bounded for each kind of event,
 * so that noise of one kind drives out no other. Each new event is a line in the platform's output as well. Safe from any
 * thread.
 */
public final class SecurityEvents {
    /** Rows each kind keeps, the newest. */
    static final int MOST_ROWS = 2_000;

    /** Different events that wait to be written; what comes beyond them is counted without its address and subject. */
    static final int MOST_WAITING = 1_000;

    private static final int MAX_ABOUT = 64;
    private static final Logger SECURITY = LoggerFactory.getLogger("org.tallystick.security");

    private final Database database;
    private final InstantSource clock;
    private final Map<SecurityEventStore.Key, SecurityEventStore.Count> waiting = new HashMap<>();

    SecurityEvents(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    void note(SecurityEvent.Kind kind, PartyId party, String about) {
        note(kind, Optional.of(party), about, "");
    }

    /**
     * Counts an event.
     *
     * @param about a key's id or an operation, never anything secret
     * @param address as the connection has it; of IPv6 the network
     */
    public void note(SecurityEvent.Kind kind, Optional<PartyId> party, String about, String address) {
        Instant now = clock.instant();
        SecurityEventStore.Key key = new SecurityEventStore.Key(
                kind,
                party.map(PartyId::value).orElse(""),
                about.substring(0, Math.min(about.length(), MAX_ABOUT)),
                address,
                now.truncatedTo(ChronoUnit.HOURS));
        if (count(key, now)) {
            SECURITY.atLevel(kind.isSuspicious() ? Level.WARN : Level.INFO)
                    .log(
                            "{}: {} {}{}",
                            kind.word(),
                            key.party(),
                            key.about(),
                            address.isEmpty() ? "" : " from " + address);
        }
    }

    private synchronized boolean count(SecurityEventStore.Key exact, Instant now) {
        boolean known = waiting.containsKey(exact);
        SecurityEventStore.Key key = known || waiting.size() < MOST_WAITING ? exact : exact.blurred();
        waiting.merge(key, new SecurityEventStore.Count(1, now, now), SecurityEventStore.Count::plus);
        return !known && key.equals(exact);
    }

    /** Writes what was counted since the last time; what cannot be written now waits for the next time. */
    public void write() {
        Map<SecurityEventStore.Key, SecurityEventStore.Count> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        try {
            database.write(tx -> {
                SecurityEventStore.add(tx, taken);
                taken.keySet().stream()
                        .map(SecurityEventStore.Key::kind)
                        .distinct()
                        .forEach(kind -> SecurityEventStore.keepNewest(tx, kind, MOST_ROWS));
                return true;
            });
        } catch (RuntimeException e) {
            putBack(taken);
            throw e;
        }
    }

    private synchronized Map<SecurityEventStore.Key, SecurityEventStore.Count> take() {
        Map<SecurityEventStore.Key, SecurityEventStore.Count> taken = Map.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    private synchronized void putBack(Map<SecurityEventStore.Key, SecurityEventStore.Count> taken) {
        taken.forEach((key, count) -> {
            SecurityEventStore.Key room = waiting.size() < MOST_WAITING ? key : key.blurred();
            waiting.merge(room, count, SecurityEventStore.Count::plus);
        });
    }

    /**
     * Events, the newest first, those of this moment among them.
     *
     * @param before the {@code next} of the page before
     */
    public Page<SecurityEvent> list(
            Optional<SecurityEvent.Kind> kind, Optional<PartyId> party, Optional<Long> before, int limit) {
        write();
        List<SecurityEvent> found =
                database.read(tx -> SecurityEventStore.list(tx, kind, party, before.orElse(Long.MAX_VALUE), limit + 1));
        if (found.size() <= limit) {
            return Page.last(found);
        }
        List<SecurityEvent> page = found.subList(0, limit);
        return new Page<>(page, Optional.of(Long.toString(page.getLast().id())));
    }
}
