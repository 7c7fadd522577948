package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Bearer;
import org.tallystick.platform.party.KeyCheck;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.platform.party.Shown;

/** Who guesses keys is made to wait; who had a right one from the same address is not. */
class KeyDoorTest {
    private static final Bearer ADA =
            new Bearer(new Principal(new PartyId("ada"), Role.CREATOR), Shown.OWN, Optional.of("0123456789abcdef"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<String> noted = new ArrayList<>();
    private final KeyDoor door = new KeyDoor(
            KeyDoorTest::check,
            (kind, party, about, address) ->
                    noted.add(kind.word() + " " + party.map(PartyId::value).orElse("-") + " " + about + " " + address),
            () -> now.get());

    private static KeyCheck check(String key) {
        if (key.startsWith("right")) {
            return new KeyCheck.Good(ADA);
        }
        if (key.startsWith("old")) {
            return new KeyCheck.Ended(ADA.principal().id(), "0123456789abcdef", true);
        }
        return new KeyCheck.Wrong(
                key.startsWith("near") ? Optional.of(ADA.principal().id()) : Optional.empty());
    }

    private Bearer open(String key, String address) {
        return door.open(Optional.of(key), address, "party");
    }

    @Test
    void anAddressWithTooManyWrongKeysWaitsAWindow() {
        assertThat(open("right-1", "192.0.2.1")).isEqualTo(ADA);
        for (int i = 0; i < KeyDoor.MOST; i++) {
            assertWrong("wrong-" + i, "192.0.2.1");
        }
        assertRefused("wrong", "192.0.2.1");
        assertRefused("right-2", "192.0.2.1"); // right, but nobody who guesses shall learn it
        assertThat(open("right-1", "192.0.2.1")).as("known here from before").isEqualTo(ADA);
        assertThat(open("right-2", "192.0.2.2")).as("another address").isEqualTo(ADA);
        now.updateAndGet(at -> at.plus(KeyDoor.WINDOW));
        assertThat(open("right-2", "192.0.2.1")).isEqualTo(ADA);
        assertWrong("wrong", "192.0.2.1");
        assertThat(noted).contains("address-closed -  192.0.2.1");
    }

    @Test
    void aHeaderWithoutAKeyCountsToo() {
        for (int i = 0; i < KeyDoor.MOST; i++) {
            assertThatThrownBy(() -> door.open(Optional.empty(), "192.0.2.1", "party"))
                    .isInstanceOf(RefusedException.class);
        }
        assertRefused("right", "192.0.2.1");
        assertThatThrownBy(() -> door.checkOpen("192.0.2.1")).isInstanceOf(HttpRefusedException.class);
    }

    /** From a thousand addresses, one secret each: the wrong ones wait, the party itself is not shut out. */
    @Test
    void manyAddressesThatGuessOnePartysSecretWaitAndThePartyDoesNot() {
        for (int i = 0; i < KeyDoor.MOST; i++) {
            assertWrong("near-" + i, "192.0.2." + i);
        }
        assertRefused("near", "198.51.100.1");
        assertThat(open("right", "198.51.100.2")).isEqualTo(ADA);
        assertWrong("wrong", "198.51.100.3");
    }

    @Test
    void aKeyThatIsOverSaysSoAndIsNotedWithItsIdAndParty() {
        assertThatThrownBy(() -> open("old", "192.0.2.1"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo("auth/key-revoked"));
        assertThat(noted).containsExactly("ended-key ada 0123456789abcdef 192.0.2.1");
    }

    /** A household has 2^64 addresses of IPv6; they are one. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2:ffff::1, 2001:db8:1:2::/64",
        "2001:db8::1, 2001:db8:0:0::/64",
        "[::1], 0:0:0:0::/64",
        "fe80::1%eth0, fe80:0:0:0::/64",
    })
    void addressesAreComparedByTheirNetwork(String address, String network) {
        assertThat(Networks.of(address)).isEqualTo(network);
    }

    private void assertWrong(String key, String address) {
        assertThatThrownBy(() -> open(key, address))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo("auth/key-invalid"));
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
