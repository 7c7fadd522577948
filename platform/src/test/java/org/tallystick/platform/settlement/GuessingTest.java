package org.tallystick.platform.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.log.TilePath;
import org.tallystick.protocol.tree.MerkleTree;

/** The hashes of all entries are public; whoever guesses what an entry says must not be able to see that the guess is right. */
class GuessingTest {
    @TempDir
    Path dir;

    /** "Nothing was used": somebody who knows every word of a close's entries, their times included, compares hashes. */
    @Test
    void noEntryIsFoundByGuessingItsBody() {
        try (Market market = new Market(dir, 5)) {
            market.contract("cnf-quiet");
            market.world.clock.advance(Duration.ofHours(1));
            Period period = new Period("p1", ContractFixture.START, market.world.clock.instant());
            Close closed = market.settlement().close(period).orThrow();
            assertThat(closed.statements()).hasSize(3);
            Set<Hash> shown = shown(market);
            Set<String> guessed = new HashSet<>();
            for (long at = 0; at < market.world.log.size(); at++) {
                LogEntry.DocumentEntry entry = (LogEntry.DocumentEntry) market.world.sequencer.entry(at);
                LogEntry guess = new LogEntry.DocumentEntry(entry.type(), entry.time(), entry.body());
                assertThat(shown).as(entry.type()).doesNotContain(MerkleTree.leafHash(guess.encode()));
                assertThat(shown).as("the hash of the entry itself").contains(MerkleTree.leafHash(entry.encode()));
                guessed.add(entry.type());
            }
            assertThat(guessed).contains("party", "contract", "close-statements", "close-invoices");
        }
    }

    /** What everybody can read: the lowest tile of the log's hashes. */
    private static Set<Hash> shown(Market market) {
        long size = market.world.log.size();
        byte[] tile =
                market.world.log.tile(TilePath.covering(0, 0, size).getFirst()).orElseThrow();
        Set<Hash> shown = new HashSet<>();
        for (int at = 0; at < tile.length; at += Hash.BYTES) {
            shown.add(Hash.at(tile, at));
        }
        return shown;
    }
}
