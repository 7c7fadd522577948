package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;

/** Who guesses keys is made to wait; who had a right one from the same address is not. */
class KeyDoorTest {
    private static final Principal ADA = new Principal(new PartyId("ada"), Role.CREATOR);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final KeyDoor door =
            new KeyDoor(key -> key.startsWith("right") ? Optional.of(ADA) : Optional.empty(), () -> now.get());

    private Optional<Principal> open(String key, String address) {
        return door.open(Optional.of(key), address, "party");
    }

    @Test
    void anAddressWithTooManyWrongKeysWaitsAWindow() {
        assertThat(open("right-1", "192.0.2.1")).contains(ADA);
        for (int i = 0; i < KeyDoor.MOST; i++) {
            assertThat(open("wrong-" + i, "192.0.2.1")).isEmpty();
        }
        assertRefused("wrong", "192.0.2.1");
        assertRefused("right-2", "192.0.2.1"); // right, but nobody who guesses shall learn it
        assertThat(open("right-1", "192.0.2.1")).as("known here from before").contains(ADA);
        assertThat(open("right-2", "192.0.2.2")).as("another address").contains(ADA);
        now.updateAndGet(at -> at.plus(KeyDoor.WINDOW));
        assertThat(open("right-2", "192.0.2.1")).contains(ADA);
        assertThat(open("wrong", "192.0.2.1")).isEmpty();
    }

    @Test
    void aHeaderWithoutAKeyCountsToo() {
        for (int i = 0; i < KeyDoor.MOST; i++) {
            assertThat(door.open(Optional.empty(), "192.0.2.1", "party")).isEmpty();
        }
        assertRefused("right", "192.0.2.1");
    }

    private void assertRefused(String key, String address) {
        assertThatThrownBy(() -> open(key, address)).isInstanceOfSatisfying(HttpRefusedException.class, refused -> {
            Answer answer = Problems.answer(refused);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.headers()).containsEntry("Retry-After", "60");
            assertThat(refused.problem().type()).isEqualTo("auth/too-many-failures");
        });
    }
}
