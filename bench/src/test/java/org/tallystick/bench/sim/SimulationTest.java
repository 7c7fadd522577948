package org.tallystick.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.DatabaseConfig;

/** Short worlds; {@code tallystick soak} runs long ones. A world that fails names its seed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SimulationTest {
    private static final int EVENTS = 120;

    private Database database;

    @BeforeAll
    void open(@TempDir Path folder) {
        database = Database.open(new DatabaseConfig.Embedded(folder.resolve("db")), InstantSource.system());
    }

    @AfterAll
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whateverHappensThePlatformSaysWhatThePlainListSays(long seed, @TempDir Path folder) {
        ActionCounts done = Simulation.run(seed, EVENTS, database, folder);

        assertThat(done.of("events")).isEqualTo(EVENTS);
        assertThat(done.of("leaves")).isPositive();
        assertThat(done.of("shipments repeated")).isPositive();
        assertThat(done.of("closes")).isPositive();
        assertThat(done.of("statements verified")).isPositive();
        assertThat(done.of("rebuilds from the log")).isEqualTo(1);
    }

    @Test
    void theSameSeedIsTheSameWorld(@TempDir Path one, @TempDir Path two) {
        assertThat(Simulation.run(7, 60, database, one).counts())
                .isEqualTo(Simulation.run(7, 60, database, two).counts());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a set is lost          | delete from metering.usage_set                                 | has uses
            an entry is passed over| update metering.progress set position = position + 3           | is not what was saved
            a shipment is made up  | update delivery.stream set next_sequence = next_sequence + 1000| the platform has
            a stream is forgotten  | update delivery.stream set next_sequence = 1                   | was told
            """)
    void whatAPlatformMayNotDoIsNoticed(String what, String sabotage, String noticed, @TempDir Path folder) {
        assertThatThrownBy(() ->
                        Simulation.run(3, EVENTS, database, folder, () -> database.write(tx -> tx.execute(sabotage))))
                .as(what)
                .isInstanceOf(Violation.class)
                .hasMessageContaining("seed 3")
                .hasMessageContaining(noticed);
    }
}
