package org.tallystick.bench.soak;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tallystick.bench.sim.ActionCounts;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.Layout;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.Close;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.PageOf;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.StatementSummary;
import org.tallystick.sdk.TallystickClient;

/**
 * Tests the real processes under load: edge, platform and database are killed with {@code kill -9} at any moment, also
 * while they start again and while a period is being closed. At the end of a round everything is compared: the buyer's
 * receipts with the log, the log with the bills, the bills with what the jobs used.
 */
final class Processes {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LONGEST_UNTIL_KILL = 600;

    /** Rounds with one system. After them a new one is started, so that rounds of a long test do not become slower. */
    private static final int ROUNDS_OF_ONE = 20;

    private final Path folder;
    private final SplittableRandom random;
    private int systems;
    private int rounds;
    private Optional<SystemUnderTest> newest = Optional.empty();

    /** A system and what is known of it from outside, over several rounds. */
    private static final class SystemUnderTest {
        private final Path data;
        private final HeldReceipts received = new HeldReceipts();
        private final RecordAudit audit = new RecordAudit();
        private Optional<LoadSetup> setup = Optional.empty();
        private Instant closed = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
        private long jobsClosed;

        SystemUnderTest(Path data) {
            this.data = data;
        }
    }

    Processes(Path folder, SplittableRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /** Runs one round: load and kills for the given time, then waits until all work is done and checks it. */
    ActionCounts round(Duration time) throws Exception {
        if (rounds++ % ROUNDS_OF_ONE == 0) {
            newest = Optional.of(new SystemUnderTest(Files.createDirectories(folder.resolve("system-" + ++systems))));
        }
        SystemUnderTest current = newest.orElseThrow();
        ActionCounts counts = new ActionCounts();
        List<Integer> ports = Ports.free(2);
        LocalSystem.Settings settings =
                new LocalSystem.Settings(current.data, ports.get(0), ports.get(1), List.of(), List.of());
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build();
                LocalSystem system = LocalSystem.start(settings, note -> {})) {
            TallystickClient operator = operator(system, http);
            LoadSetup setup = current.setup.orElseGet(() -> LoadSetup.open(operator, random.split()));
            current.setup = Optional.of(setup);
            try (Load load = new Load(system, operator, http, setup, current.received);
                    RandomKiller killer = new RandomKiller(system, random.split())) {
                load.run(time, random.split());
                counts.addAll(killer.stop());
                load.finish();
            }
            if (!system.awaitDrained(PATIENCE)) {
                throw new Violation("the edge does not get rid of its receipts");
            }
            close(current, system, operator, counts);
        } catch (StartFailure e) {
            throw new Violation(e.sentence() + "\n" + String.join("\n", e.lastLines()), e);
        }
        counts.addAll(current.audit.run(
                new Layout(current.data).platform(),
                current.received,
                current.setup.orElseThrow().works().size()));
        counts.add("rounds of real processes");
        return counts;
    }

    /** Moves the system's data to another folder, so that a failure can be examined. */
    void keep(Path to) throws IOException {
        if (newest.isPresent()) {
            Files.move(newest.get().data, to);
        }
    }

    private static TallystickClient operator(LocalSystem system, HttpClient http) throws IOException {
        return TallystickClient.builder(system.platformAddress())
                .http(http)
                .retry(Load.PATIENT)
                .apiKey(SecretFile.read(system.layout().operatorKey()))
                .build();
    }

    /** Closes the period while the platform is killed, and checks the amounts. */
    private void close(SystemUnderTest current, LocalSystem system, TallystickClient operator, ActionCounts counts)
            throws Exception {
        Instant to = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
        String period = "p-" + rounds;
        int delay = random.nextInt(LONGEST_UNTIL_KILL);
        Thread kill = Thread.ofPlatform().daemon().name("killer-of-closes").start(() -> {
            try {
                Thread.sleep(delay);
                system.platform().killHard();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Close close = operator.closePeriod(period, current.closed, to);
        kill.join();
        if (!operator.closePeriod(period, current.closed, to).equals(close)) {
            throw new Violation("a period closed again under fire is another one");
        }
        counts.add("kill -9 of the platform while a period is closed");
        current.closed = to;
        long jobs = current.received.jobs() - current.jobsClosed;
        current.jobsClosed += jobs;
        Money due =
                LoadSetup.PRICE.times(jobs * current.setup.orElseThrow().works().size());
        checkDocuments(operator, period, due, counts);
        counts.add("jobs done under fire, each work billed once", jobs);
    }

    private void checkDocuments(TallystickClient operator, String period, Money due, ActionCounts counts)
            throws IOException {
        List<InvoiceSummary> invoices = PageOf.all(cursor -> operator.invoices(filter(period, cursor)));
        List<StatementSummary> statements = PageOf.all(cursor -> operator.statements(filter(period, cursor)));
        checkSum("the invoices", invoices.stream().map(InvoiceSummary::total).toList(), due);
        checkSum(
                "the statements",
                statements.stream().map(StatementSummary::total).toList(),
                due);
        PaperVerifier verifier = new PaperVerifier(NoteKey.parse(operator.keys().vkey()), Ed25519.verifier());
        for (StatementSummary statement : statements) {
            Path file = folder.resolve("statement.json");
            operator.statementFile(statement.id(), file);
            try {
                verifier.verify(Files.readAllBytes(file));
            } catch (MalformedException e) {
                throw new Violation(statement.id() + " does not verify: " + Reasons.of(e), e);
            }
            counts.add("statements verified");
        }
    }

    private static void checkSum(String what, List<Amount> amounts, Money due) {
        BigDecimal sum = amounts.stream().map(Amount::value).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (sum.compareTo(new BigDecimal(due.toDecimal())) != 0) {
            throw new Violation(what + " come to " + sum + ", the jobs to " + due);
        }
    }

    private static Map<String, String> filter(String period, Optional<String> cursor) {
        Map<String, String> filter = new java.util.HashMap<>(Map.of("period", period));
        cursor.ifPresent(next -> filter.put("cursor", next));
        return filter;
    }
}
