package org.tallystick.platform.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.db.EmptyDatabase;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.log.ForkProof;
import org.tallystick.protocol.log.LogHistory;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;

/** A platform signs another history than the one it has shown: whoever holds a checkpoint of the first one notices. */
final class ForkTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path folder;

    private Config config(String name) throws Exception {
        EmptyDatabase database = EmptyDatabase.create();
        Path password = Files.writeString(folder.resolve(name + ".password"), database.password());
        return Config.from(
                Map.of(
                        "data", folder.resolve(name).toString(),
                        "database.url", database.url(),
                        "database.user", database.user(),
                        "database.password-file", password.toString()),
                Map.of(),
                Optional.empty());
    }

    private static LogHistory.Comparison compare(SignedNote held, TransparencyLog log) {
        return new LogHistory(log.key(), Ed25519.verifier()).compare(held, log.checkpoint(), log::tile);
    }

    @Test
    void aPlatformThatGoesOnFromABackupIsNoticedByTheHolderOfALaterCheckpoint() throws Exception {
        Config original = config("original");
        Config copy = config("copy");
        Path backup = folder.resolve("backup");
        SignedNote early;
        SignedNote late;
        NoteKey key;
        try (Platform platform = Platform.open(original, CLOCK)) {
            TransparencyLog log = platform.log();
            key = log.key();
            Story story = new Story(platform, CLOCK);
            early = log.checkpoint();
            Backup.take(original, backup, CLOCK);
            story.train(5);
            late = log.checkpoint();
            story.upload(2);
            assertThat(compare(early, log)).isInstanceOf(LogHistory.Comparison.GoesOn.class);
            assertThat(compare(late, log)).isInstanceOf(LogHistory.Comparison.GoesOn.class);
        }
        Backup.restore(backup, copy, CLOCK);
        try (Platform platform = Platform.open(copy, CLOCK)) {
            TransparencyLog log = platform.log();
            assertThat(compare(early, log)).isInstanceOf(LogHistory.Comparison.GoesOn.class);
            assertThat(compare(late, log))
                    .as("it shows less than it has signed")
                    .isInstanceOf(LogHistory.Comparison.FallsShort.class);
            Story.of(platform, CLOCK).upload(40);
            assertThat(compare(early, log)).isInstanceOf(LogHistory.Comparison.GoesOn.class);

            LogHistory.Comparison verdict = compare(late, log);

            assertThat(verdict).isInstanceOfSatisfying(LogHistory.Comparison.Forked.class, forked -> {
                byte[] evidence = forked.proof().encode();
                ForkProof.Fork fork = ForkProof.parse(evidence).verify(key, Ed25519.verifier());
                assertThat(fork.older()).isEqualTo(Checkpoint.open(late, key, Ed25519.verifier()));
                assertThat(fork.newer().size()).isEqualTo(log.size());
            });
            assertThat(platform.fsck().run(area -> {}))
                    .as("by itself each of the two histories is sound")
                    .allSatisfy(finding -> assertThat(finding.differences()).isEmpty());
        }
    }
}
