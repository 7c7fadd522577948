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
import org.tallystick.bench.sim.Tallies;
import org.tallystick.bench.sim.Violation;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.Layout;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.statement.StatementVerifier;
import org.tallystick.sdk.Amount;
import org.tallystick.sdk.Close;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.PageOf;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.StatementSummary;
import org.tallystick.sdk.TallystickClient;

/**
 * The real processes under load, killed with {@code kill -9} again and again: edge, platform and database, at any moment,
 * while they come back and while a period is being closed. Each round ends with everything compared: what the buyer holds
 * with the log, the log with what was billed, what was billed with what the jobs used.
 */
final class Processes {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int LONGEST_UNTIL_KILL = 600;

    /** Then a new system begins, so that a round costs the same after a day as after a minute. */
    private static final int ROUNDS_OF_ONE = 20;

    private final Path folder;
    private final SplittableRandom random;
    private int systems;
    private int rounds;
    private Optional<Siege> siege = Optional.empty();

    /** One system through several rounds. */
    private static final class Siege {
        private final Path data;
        private final Received received = new Received();
        private final Inquest inquest = new Inquest();
        private Optional<Market> market = Optional.empty();
        private Instant closed = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
        private long jobsClosed;

        Siege(Path data) {
            this.data = data;
        }
    }

    Processes(Path folder, SplittableRandom random) {
        this.folder = folder;
        this.random = random;
    }

    /** One round: so long under fire, and then until everything is settled. */
    Tallies round(Duration time) throws Exception {
        if (rounds++ % ROUNDS_OF_ONE == 0) {
            siege = Optional.of(new Siege(Files.createDirectories(folder.resolve("system-" + ++systems))));
        }
        Siege current = siege.orElseThrow();
        Tallies tallies = new Tallies();
        List<Integer> ports = Ports.free(2);
        LocalSystem.Settings settings =
                new LocalSystem.Settings(current.data, ports.get(0), ports.get(1), List.of(), List.of());
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build();
                LocalSystem system = LocalSystem.start(settings, note -> {})) {
            TallystickClient operator = operator(system, http);
            Market market = current.market.orElseGet(() -> Market.open(operator, random.split()));
            current.market = Optional.of(market);
            try (Load load = new Load(system, operator, http, market, current.received);
                    Killer killer = new Killer(system, random.split())) {
                load.run(time, random.split());
                tallies.addAll(killer.stop());
                load.finish();
            }
            if (!system.awaitDrained(PATIENCE)) {
                throw new Violation("the edge does not get rid of its receipts");
            }
            close(current, system, operator, tallies);
        } catch (StartFailure e) {
            throw new Violation(e.sentence() + "\n" + String.join("\n", e.lastLines()), e);
        }
        tallies.addAll(current.inquest.hold(
                new Layout(current.data).platform(),
                current.received,
                current.market.orElseThrow().works().size()));
        tallies.add("rounds of real processes");
        return tallies;
    }

    /** Moves the data of the system under fire somewhere, to be looked at. */
    void keep(Path to) throws IOException {
        if (siege.isPresent()) {
            Files.move(siege.get().data, to);
        }
    }

    private static TallystickClient operator(LocalSystem system, HttpClient http) throws IOException {
        return TallystickClient.builder(system.platformAddress())
                .http(http)
                .retry(Load.PATIENT)
                .apiKey(SecretFile.read(system.layout().operatorKey()))
                .build();
    }

    /** Closes the period with a kill in the middle, and checks what it comes to. */
    private void close(Siege current, LocalSystem system, TallystickClient operator, Tallies tallies) throws Exception {
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
        tallies.add("kill -9 of the platform while a period is closed");
        current.closed = to;
        long jobs = current.received.jobs() - current.jobsClosed;
        current.jobsClosed += jobs;
        Money due =
                Market.PRICE.times(jobs * current.market.orElseThrow().works().size());
        checkPapers(operator, period, due, tallies);
        tallies.add("jobs done under fire, each work billed once", jobs);
    }

    private void checkPapers(TallystickClient operator, String period, Money due, Tallies tallies) throws IOException {
        List<InvoiceSummary> invoices = PageOf.all(cursor -> operator.invoices(filter(period, cursor)));
        List<StatementSummary> statements = PageOf.all(cursor -> operator.statements(filter(period, cursor)));
        checkSum("the invoices", invoices.stream().map(InvoiceSummary::total).toList(), due);
        checkSum(
                "the statements",
                statements.stream().map(StatementSummary::total).toList(),
                due);
        StatementVerifier verifier =
                new StatementVerifier(NoteKey.parse(operator.keys().vkey()), Ed25519.verifier());
        for (StatementSummary statement : statements) {
            Path file = folder.resolve("statement.json");
            operator.statementFile(statement.id(), file);
            try {
                verifier.verify(Files.readAllBytes(file));
            } catch (MalformedException e) {
                throw new Violation(statement.id() + " does not verify: " + e.getMessage(), e);
            }
            tallies.add("statements verified");
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
