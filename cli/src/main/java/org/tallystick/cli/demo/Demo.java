package org.tallystick.cli.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.content.ContentSource;
import org.tallystick.cli.content.Inventory;
import org.tallystick.cli.content.Work;
import org.tallystick.cli.shell.Progress;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.cli.supervise.Ports;
import org.tallystick.cli.supervise.StartFailure;
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.ContentId;
import org.tallystick.protocol.Json;
import org.tallystick.protocol.MalformedException;
import org.tallystick.protocol.NoteKey;
import org.tallystick.protocol.StatementVerifier;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeClient;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.PlatformKeys;
import org.tallystick.sdk.SecretFile;
import org.tallystick.sdk.StatementSummary;
import org.tallystick.sdk.TrainingJob;
import org.tallystick.sdk.UploadReceipt;
import org.tallystick.sdk.Verdict;

/** The whole loop, from the first file to the last verified statement. One object is one run. */
public final class Demo {
    private static final String PERIOD = "demo";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final DemoOptions options;
    private final Terminal terminal;
    private final InstantSource clock;
    private final Instant begun;
    private final Stages stages;
    private final Tally tally;

    private Demo(DemoOptions options, Terminal terminal, InstantSource clock) {
        this.options = options;
        this.terminal = terminal;
        this.clock = clock;
        this.begun = clock.instant();
        this.stages = new Stages(clock);
        this.tally = new Tally(begun);
    }

    /** What is done with a finished run before its system is stopped. */
    @FunctionalInterface
    public interface Afterwards {
        void run(Report report, LocalSystem system) throws IOException, InterruptedException;
    }

    /**
     * Runs the demo.
     *
     * @param afterwards runs once the report is made and shown, while everything still runs
     * @throws DoesNotAddUpException where a check fails
     * @throws StartFailure where a process does not start
     */
    public static Report run(DemoOptions options, Terminal terminal, InstantSource clock, Afterwards afterwards)
            throws Exception {
        return new Demo(options, terminal, clock).run(afterwards);
    }

    private Report run(Afterwards afterwards) throws Exception {
        Folders.clear(options.data());
        Files.createDirectories(options.data());
        List<Integer> ports = Ports.free(2);
        LocalSystem.Settings settings =
                new LocalSystem.Settings(options.data(), ports.get(0), ports.get(1), List.of(), List.of());
        try (ContentSource source = ContentSource.open(options.content());
                Background<Inventory> reading = Background.start(() -> read(source));
                LocalSystem system = stages.run("start", () -> LocalSystem.start(settings, terminal::note))) {
            terminal.note("platform and edge are running; their output goes to "
                    + system.layout().logs());
            Inventory inventory = stages.run("read", reading::result);
            if (inventory.works().isEmpty()) {
                throw new IOException(source.location() + " holds no file that can be read");
            }
            Report report = loop(system, source, inventory);
            afterwards.run(report, system);
            return report;
        }
    }

    private Inventory read(ContentSource source) throws IOException, InterruptedException {
        ContentSource.Listing listing = source.list();
        try (Progress progress = terminal.progress("read", listing.files().size(), "files")) {
            return Inventory.of(source, listing, progress);
        }
    }

    private Report loop(LocalSystem system, ContentSource source, Inventory inventory) throws Exception {
        PlatformKeys keys = system.operator().keys();
        Cast cast = stages.run("register", () -> register(system, inventory));
        Publishing publishing = new Publishing(cast, keys.platform(), options.data());
        List<UploadReceipt> receipts = stages.run("upload", () -> upload(publishing, inventory));
        DatasetVersion version = stages.run(
                "publish", () -> publishing.publish(inventory, "dataset:" + PERIOD, "The content of " + source.name()));
        Training training = new Training(inventory.works());
        Dealing dealing = new Dealing(cast, version, clock);
        List<Contract> contracts = stages.run(
                "contract",
                () -> List.of(
                        dealing.conclude(cast.buyers().get(0), "cnf-demo-1"),
                        dealing.conclude(cast.buyers().get(1), "cnf-demo-2")));
        Money funded = stages.run(
                "fund",
                () -> dealing.fund(contracts.get(0), training.usesOfFirst())
                        .plus(dealing.fund(contracts.get(1), training.usesOfSecond())));
        gate(cast, contracts.get(0), version, receipts.getFirst(), keys);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        EdgeClient edge = EdgeClient.builder(system.edgeAddress(), keys.platform())
                .verifier(Ed25519.verifier())
                .http(http)
                .build();
        List<String> killed = new ArrayList<>();
        List<Training.Done> jobs = stages.run("train", () -> train(system, cast, contracts, edge, training, killed));
        ContentId withheld = publishing.withhold(inventory.works().getFirst().creator(), clock.instant());
        List<String> reasons = stages.run(
                "refusals",
                () -> new Refusals(cast.buyers().getFirst(), edge, tally)
                        .tryAll(jobs.getFirst().job(), some(inventory), withheld));
        stages.run("drain", () -> drained(system));
        stages.run("cross_check", () -> crossCheck(jobs));
        Settling settling = new Settling(cast, contracts);
        stages.run("close", () -> settling.close(PERIOD, begun, clock.instant()));
        Paid paid = stages.run("export", () -> export(settling, keys));
        stages.run("verify", () -> verify(paid.files(), keys));
        Recount recount = stages.run("recount", () -> recount(system, http, keys));
        http.shutdownNow();
        Earnings earnings = settling.earnings(paid.statements(), paid.invoices(), funded);
        check(recount, earnings, training);
        tally.untilFirstDelivery().ifPresent(duration -> stages.record("first_delivery", duration));
        Report report = new Report(
                new Report.Content(
                        source.location(),
                        inventory.creators().size(),
                        inventory.works().size(),
                        inventory.bytes(),
                        inventory.files(),
                        inventory.skipped()),
                new Report.Traffic(
                        recount.deliveries(), tally.refusals(), recount.duplicates(), recount.distinctUses()),
                earnings,
                new Report.Papers(paid.files(), system.layout().log(), recount.logSize(), true),
                stages.json(),
                extras(recount, reasons, killed));
        new Summary(terminal, worksByCreator(inventory))
                .show(report, paid.statements(), paid.invoices(), whereToLook(system, paid));
        return report;
    }

    private Cast register(LocalSystem system, Inventory inventory) throws IOException, InterruptedException {
        try (Progress progress =
                terminal.progress("register", inventory.creators().size() + 3L, "parties")) {
            return Cast.register(system.operator(), inventory.creators(), progress);
        }
    }

    private List<UploadReceipt> upload(Publishing publishing, Inventory inventory) throws InterruptedException {
        try (Progress progress = terminal.progress("upload", inventory.works().size(), "works")) {
            return publishing.upload(inventory, clock.instant(), progress);
        }
    }

    /** The training gate refuses names alone and allows what a manifest and a signed receipt prove. */
    private static void gate(
            Cast cast, Contract contract, DatasetVersion version, UploadReceipt receipt, PlatformKeys keys) {
        Actor buyer = cast.buyers().getFirst();
        TrainingJob job = TrainingJob.of("demo-model", java.time.Period.ofDays(30));
        Verdict named = buyer.client().validateTraining(job.named(contract.id()));
        Verdict proven = buyer.client()
                .validateTraining(job.dataset(contract.id(), version.root(), receipt.manifestId(), receipt.receipt()));
        named.verify(keys.platform(), Ed25519.verifier());
        proven.verify(keys.platform(), Ed25519.verifier());
        if (named.allowed() || !proven.allowed()) {
            throw new DoesNotAddUpException(
                    "the training gate allowed a bare name, or refused what is proven: " + proven.reasons());
        }
    }

    private List<Training.Done> train(
            LocalSystem system,
            Cast cast,
            List<Contract> contracts,
            EdgeClient edge,
            Training training,
            List<String> killed)
            throws InterruptedException {
        try (Progress progress = terminal.progress("train", training.fetches(), "fetches")) {
            List<Trainer> trainers = new ArrayList<>();
            for (int i = 0; i < contracts.size(); i++) {
                trainers.add(new Trainer(
                        cast.buyers().get(i), contracts.get(i), edge, system.edgeAddress(), tally, progress, clock));
            }
            Optional<Havoc> havoc = options.chaos()
                    ? Optional.of(new Havoc(system, progress, training.fetches(), terminal))
                    : Optional.empty();
            havoc.ifPresent(Havoc::start);
            List<Training.Done> done = training.run(trainers.get(0), trainers.get(1), options.workers());
            if (havoc.isPresent()) {
                killed.addAll(havoc.get().allKilled());
            }
            return done;
        }
    }

    private static List<ContentId> some(Inventory inventory) {
        return inventory.works().stream().limit(10).map(Work::content).toList();
    }

    private static boolean drained(LocalSystem system) throws InterruptedException {
        if (!system.awaitDrained(PATIENCE)) {
            throw new DoesNotAddUpException("the edge still holds receipts the platform has not acknowledged");
        }
        return true;
    }

    private static int crossCheck(List<Training.Done> jobs) throws InterruptedException {
        for (Training.Done done : jobs) {
            done.trainer().crossCheck(done.job(), done.plan().works().size(), PATIENCE);
        }
        return jobs.size();
    }

    /** The papers of the close. */
    private record Paid(List<StatementSummary> statements, List<InvoiceSummary> invoices, List<Path> files) {}

    private Paid export(Settling settling, PlatformKeys keys) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(options.data().toAbsolutePath().resolve("statements"));
        Files.writeString(folder.resolve("platform.key.txt"), keys.vkey() + "\n");
        List<StatementSummary> statements = settling.statements(PERIOD);
        try (Progress progress = terminal.progress("export", statements.size(), "statements")) {
            return new Paid(statements, settling.invoices(PERIOD), settling.export(statements, folder, progress));
        }
    }

    private Integer verify(List<Path> files, PlatformKeys keys) throws InterruptedException {
        StatementVerifier verifier = new StatementVerifier(NoteKey.parse(keys.vkey()), Ed25519.verifier());
        try (Progress progress = terminal.progress("verify", files.size(), "statements")) {
            return Crowd.each(files, 2, file -> {
                        try {
                            verifier.verify(Files.readAllBytes(file));
                        } catch (MalformedException e) {
                            throw new DoesNotAddUpException(
                                    file + " does not verify: " + e.reason() + ": " + e.detail());
                        }
                        progress.add(1);
                        return file;
                    })
                    .size();
        }
    }

    private static Recount recount(LocalSystem system, HttpClient http, PlatformKeys keys) throws IOException {
        Blobs blobs = new Blobs(
                http,
                system.platformAddress(),
                SecretFile.read(system.layout().operatorKey()).strip());
        return Recount.of(system.operator(), keys, blobs::get);
    }

    /** What the outsider counted, what was planned and what was charged must be the same. */
    private void check(Recount recount, Earnings earnings, Training training) {
        long planned = training.usesOfFirst() + training.usesOfSecond();
        if (recount.distinctUses() != planned) {
            throw new DoesNotAddUpException(
                    planned + " works were to be used, the log holds receipts for " + recount.distinctUses());
        }
        if (recount.deliveries() < tally.deliveries()) {
            throw new DoesNotAddUpException(
                    tally.deliveries() + " receipts were handed out, the log holds " + recount.deliveries());
        }
        Money expected = Dealing.PRICE.times(planned);
        if (!earnings.gross().equals(expected)) {
            throw new DoesNotAddUpException(
                    planned + " uses come to " + expected + ", the buyers were charged " + earnings.gross());
        }
    }

    private Json.Obj extras(Recount recount, List<String> reasons, List<String> killed) {
        Json.Builder fetched = Json.object();
        tally.all().forEach(fetched::put);
        return Json.object()
                .put("receipts_verified", tally.deliveries())
                .put("voided", recount.voided())
                .put("fetched", fetched.build())
                .put("refusal_reasons", Json.strings(reasons))
                .put("killed", Json.strings(killed))
                .put(
                        "platform_key_file",
                        options.data()
                                .toAbsolutePath()
                                .resolve("statements/platform.key.txt")
                                .toString())
                .put("receipt", tally.someReceipt().orElse(""))
                .build();
    }

    private static Map<String, Long> worksByCreator(Inventory inventory) {
        Map<String, Long> works = new HashMap<>();
        inventory.works().forEach(work -> works.merge(work.creator(), 1L, Long::sum));
        return works;
    }

    private Map<String, String> whereToLook(LocalSystem system, Paid paid) {
        Map<String, String> where = new LinkedHashMap<>(system.whereToLook());
        paid.files().stream()
                .findFirst()
                .ifPresent(file -> where.put("verify a statement", "./tallystick verify " + file));
        tally.someReceipt()
                .ifPresent(receipt -> where.put(
                        "explain a receipt", "./tallystick explain " + receipt + " --data " + options.data()));
        return where;
    }
}
