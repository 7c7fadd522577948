package org.tallystick.cli.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, really killed. */
final class SupervisorTest {
    @TempDir
    private Path logs;

    private final List<String> notes = new CopyOnWriteArrayList<>();

    @Test
    void whatIsKilledComesBackOnTheSamePortAndWhatIsClosedStaysAway() throws Exception {
        int port = Ports.free(1).getFirst();
        ProcessHandle second;
        try (Supervisor supervisor = new Supervisor(logs, notes::add)) {
            Child child = supervisor.start(TinyServer.spec("tiny", port, "serve", Integer.toString(port)));
            child.awaitReady();
            long first = child.pid();
            assertThat(Ports.inUse(port)).isTrue();

            child.killHard();
            ProcessHandle.of(first).ifPresent(handle -> handle.onExit().join());
            await(() -> child.restarts() == 1);
            child.awaitReady();

            assertThat(child.pid()).isNotEqualTo(first);
            assertThat(notes).singleElement().asString().contains("the tiny ended (exit 137) and was started again");
            assertThat(Files.readString(child.log())).isEqualTo("serving\nserving\n");
            second = ProcessHandle.of(child.pid()).orElseThrow();
        }
        second.onExit().get(10, TimeUnit.SECONDS);
        assertThat(Ports.inUse(port)).isFalse();
    }

    @Test
    void whatCannotStartIsReportedWithTheEndOfItsLog() throws Exception {
        try (Supervisor supervisor = new Supervisor(logs, notes::add)) {
            Child child =
                    supervisor.start(TinyServer.spec("broken", Ports.free(1).getFirst(), "die"));
            assertThatThrownBy(child::awaitReady).isInstanceOfSatisfying(StartFailure.class, failure -> {
                assertThat(failure.sentence()).isEqualTo("the broken does not start");
                assertThat(failure.lastLines()).contains("the disk is full");
                assertThat(failure.log()).isEqualTo(logs.resolve("broken.log"));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noChildOutlivesItsSupervisor(boolean killedHard) throws Exception {
        int port = Ports.free(1).getFirst();
        List<String> command = Jvm.command(
                TinyServer.class.getName(),
                List.of("-Xmx64m"),
                List.of("supervise", Integer.toString(port), logs.toString()));
        Process parent = new ProcessBuilder(command).redirectErrorStream(true).start();
        ProcessHandle child = ProcessHandle.of(childOf(parent)).orElseThrow();
        if (killedHard) {
            parent.destroyForcibly();
        } else {
            parent.destroy();
        }
        assertThat(parent.waitFor(20, TimeUnit.SECONDS)).isTrue();
        child.onExit().get(20, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    private static long childOf(Process parent) throws Exception {
        BufferedReader lines = parent.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("child ")) {
                return Long.parseLong(line.substring("child ".length()));
            }
        }
        throw new AssertionError("the supervisor ended without naming its child");
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
            Thread.sleep(25);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
