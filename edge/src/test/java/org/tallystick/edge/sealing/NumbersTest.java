package org.tallystick.edge.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.protocol.codec.MalformedException;

class NumbersTest {
    @TempDir
    Path dir;

    private final FaultyDisk disk = new FaultyDisk();

    private Path file() {
        return dir.resolve("0000000001.numbers");
    }

    @Test
    void numbersAreDenseAndReservedBeforeUse() throws IOException {
        Numbers numbers = Numbers.create(disk, file(), 100);
        assertThat(numbers.take(1)).isEqualTo(1);
        assertThat(Files.readString(file())).isEqualTo("{\"reserved\":100}");
        assertThat(numbers.take(99)).isEqualTo(2);
        assertThat(Files.readString(file())).isEqualTo("{\"reserved\":100}");
        assertThat(numbers.take(500)).isEqualTo(101);
        assertThat(Files.readString(file())).isEqualTo("{\"reserved\":600}");
    }

    @Test
    void aCleanStopLeavesNoGap() throws IOException {
        Numbers numbers = Numbers.create(disk, file(), 100);
        numbers.take(7);
        numbers.close();
        assertThat(Numbers.open(disk, file(), 100, 7).take(1)).isEqualTo(8);
    }

    @Test
    void anUncleanStopGoesOnAfterWhatWasReserved() throws IOException {
        Numbers.create(disk, file(), 100).take(7);
        assertThat(Numbers.open(disk, file(), 100, 7).take(1)).isEqualTo(101);
    }

    @Test
    void astartWithoutUseChangesNothing() throws IOException {
        Numbers.create(disk, file(), 100).take(7);
        Numbers.open(disk, file(), 100, 7).close();
        Numbers.open(disk, file(), 100, 7);
        assertThat(Numbers.open(disk, file(), 100, 7).take(1)).isEqualTo(101);
    }

    @Test
    void whatTheSpoolHoldsIsNeverUsedAgainWhateverTheFileSays() throws IOException {
        Numbers numbers = Numbers.create(disk, file(), 10);
        numbers.take(3);
        numbers.close();
        assertThat(Numbers.open(disk, file(), 10, 55).take(1)).isEqualTo(56);
    }

    @Test
    void aReservationThatFailsGivesNoNumbers() throws IOException {
        for (FaultyDisk.Mode mode : FaultyDisk.Mode.values()) {
            FaultyDisk faulty = new FaultyDisk();
            Numbers numbers = Numbers.create(faulty, file(), 10);
            faulty.inject(new FaultyDisk.Fault("replace numbers", 2, mode, false));
            assertThatThrownBy(() -> numbers.take(1)).isInstanceOf(IOException.class);
            assertThat(numbers.take(1)).as(mode.name()).isEqualTo(1);
        }
    }

    @Test
    void aFileThatSaysNothingEndsTheEpoch() throws IOException {
        assertThatThrownBy(() -> Numbers.open(disk, file(), 10, 0)).isInstanceOf(NoSuchFileException.class);
        for (String content :
                new String[] {"", "{}", "{\"next\":0}", "{\"reserved\":-1}", "{\"next\":1,\"x\":2}", "17"}) {
            Files.writeString(file(), content);
            assertThatThrownBy(() -> Numbers.open(disk, file(), 10, 0))
                    .as(content)
                    .isInstanceOf(MalformedException.class);
        }
    }
}
