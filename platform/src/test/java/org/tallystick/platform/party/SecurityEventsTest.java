package org.tallystick.platform.party;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.ingest.TestRooms;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;

/** The security log counts what is alike, and nobody makes it grow without end. */
final class SecurityEventsTest {
    private static final TestRooms ROOMS = TestRooms.open();
    private static final SecurityEvent.Kind NOISE = SecurityEvent.Kind.WRONG_KEY;

    private final SecurityEvents events = new SecurityEvents(ROOMS.database(), ROOMS.clock());

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private List<SecurityEvent> all(SecurityEvent.Kind kind) {
        return events.list(Optional.of(kind), Optional.empty(), Optional.empty(), 10_000)
                .items();
    }

    private static long rows() {
        return ROOMS.database()
                .read(tx -> tx.select("select count(*) from party.security_event")
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void whatIsAlikeWithinAnHourIsOneEventAndTheNextHourIsAnother() {
        PartyId party = new PartyId("party:alike");
        for (int i = 0; i < 5; i++) {
            events.note(SecurityEvent.Kind.ENDED_KEY, Optional.of(party), "9f2c41d07ab3e865", "192.0.2.1");
            events.write();
        }
        ROOMS.advance(Duration.ofHours(1));
        events.note(SecurityEvent.Kind.ENDED_KEY, Optional.of(party), "9f2c41d07ab3e865", "192.0.2.1");
        List<SecurityEvent> found = events.list(Optional.empty(), Optional.of(party), Optional.empty(), 10)
                .items();
        assertThat(found).hasSize(2);
        assertThat(found.getLast().times()).isEqualTo(5);
        assertThat(found.getFirst().first()).isAfter(found.getLast().last());
    }

    /** A million knocks from ten thousand addresses: bounded memory, bounded rows, and no other kind is driven out. */
    @Test
    void noiseOfOneKindIsBoundedAndDrivesOutNoOther() {
        events.note(SecurityEvent.Kind.KEY_REVOKED, Optional.of(new PartyId("kept")), "9f2c41d07ab3e865", "");
        events.write();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 2_500; i++) {
                events.note(NOISE, Optional.empty(), "openJob", "198.51." + round + "." + i);
            }
            events.write();
            ROOMS.advance(Duration.ofSeconds(5));
        }
        assertThat(all(NOISE)).hasSizeLessThanOrEqualTo(SecurityEvents.MOST_ROWS);
        assertThat(all(NOISE).stream()
                        .filter(event -> event.about().equals("more"))
                        .mapToLong(SecurityEvent::times))
                .as("what found no room of its own is counted all the same")
                .containsExactly(4L * (2_500 - SecurityEvents.MOST_WAITING));
        assertThat(all(SecurityEvent.Kind.KEY_REVOKED))
                .anyMatch(event -> event.party().equals("kept"));
        assertThat(rows()).isLessThan(SecurityEvents.MOST_ROWS * 2L);
    }

    @Test
    void pagesGoBackInTime() {
        SecurityEvent.Kind kind = SecurityEvent.Kind.POSSESSION_REFUSED;
        for (int i = 0; i < 7; i++) {
            events.note(kind, Optional.of(new PartyId("p-" + i)), "buyer", "");
            events.write();
        }
        Page<SecurityEvent> first = events.list(Optional.of(kind), Optional.empty(), Optional.empty(), 4);
        assertThat(first.items()).extracting(SecurityEvent::party).containsExactly("p-6", "p-5", "p-4", "p-3");
        Page<SecurityEvent> second =
                events.list(Optional.of(kind), Optional.empty(), first.next().map(Long::parseLong), 4);
        assertThat(second.items()).extracting(SecurityEvent::party).containsExactly("p-2", "p-1", "p-0");
        assertThat(second.next()).isEmpty();
    }
}
