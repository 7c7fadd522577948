package org.tallystick.cli.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
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
import org.tallystick.cli.system.LocalSystem;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.kernel.Money;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.RememberingVerifier;
import org.tallystick.protocol.statement.StatementVerifier;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeClient;
import org.tallystick.sdk.Manifest;
import org.tallystick.sdk.PlatformKeys;
import org.tallystick.sdk.TrainingJob;
import org.tallystick.sdk.Verdict;

/** What happens on the stage, step by step; every step may be repeated. One object is one run. */
final class DemoRun {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Step stage;
    private final ContentSource source;
    private final Inventory inventory;
    private final DemoState shelf;
    private final PlatformKeys keys;
    private final int run;
    private final Instant begun;

    /** Where the play is given: the running system, what was asked for, and who takes notes. */
    record Step(
            DemoOptions options,
            Path data,
            Terminal terminal,
            InstantSource clock,
            LocalSystem system,
            DemoSteps stages,
            Tally tally) {}

    DemoRun(Step stage, ContentSource source, Inventory inventory) throws IOException {
        this.stage = stage;
        this.source = source;
        this.inventory = inventory;
        this.shelf = new DemoState(stage.data());
        this.keys = stage.system().operator().keys();
        this.run = shelf.nextRun();
        this.begun = stage.clock().instant();
    }

    Report run() throws Exception {
        DemoParties cast = stage.stages().run("register", this::register);
        Publishing publishing = new Publishing(cast, keys.platform(), stage.data());
        DatasetVersion version = stage.stages().run("publish", () -> publish(cast, publishing));
        Training training = new Training(inventory.works(), run);
        List<Contract> contracts = new ArrayList<>();
        Money funded = stage.stages().run("contract", () -> conclude(cast, version, training, contracts));
        List<String> killed = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            EdgeClient edge = EdgeClient.builder(stage.system().edgeAddress(), keys.platform())
                    .verifier(Ed25519.verifier())
                    .http(http)
                    .build();
            List<Training.Done> jobs =
                    stage.stages().run("train", () -> train(cast, contracts, edge, training, killed));
            stage.stages().run("gate", () -> gate(cast, contracts.getFirst(), version));
            reasons.addAll(stage.stages().run("refusals", () -> refusals(cast, contracts, edge, publishing)));
            stage.stages().run("drain", this::drained);
            stage.stages().run("cross_check", () -> crossCheck(jobs));
        }
        return settle(new DemoClose(cast, contracts), training, funded, reasons, killed);
    }

    private DemoParties register() throws IOException, InterruptedException {
        try (Progress progress =
                stage.terminal().progress("register", inventory.creators().size() + 3L, "parties")) {
            return DemoParties.register(
                    new Keys(stage.data().resolve("keys")), stage.system().operator(), inventory.creators(), progress);
        }
    }

    /** Uploads and publishes, unless an earlier run has published the very same works. */
    private DatasetVersion publish(DemoParties cast, Publishing publishing) throws IOException, InterruptedException {
        Optional<Hash> earlier = shelf.published(inventory);
        if (earlier.isPresent()) {
            stage.terminal().note("these works are published already, as version " + earlier.get());
            return cast.curator().client().datasetVersion(earlier.get());
        }
        try (Progress progress =
                stage.terminal().progress("upload", inventory.works().size(), "works")) {
            publishing.upload(inventory, stage.clock().instant(), progress);
        }
        DatasetVersion version = publishing.publish(inventory, "dataset:demo", "The content of " + source.name());
        shelf.remember(inventory, version.root());
        return version;
    }

    private Money conclude(DemoParties cast, DatasetVersion version, Training training, List<Contract> contracts)
            throws InterruptedException {
        DemoContracts dealing = new DemoContracts(cast, version, stage.clock());
        contracts.addAll(Parallel.each(
                List.of(0, 1), 2, i -> dealing.conclude(cast.buyers().get(i), "cnf-demo-" + run + "-" + (i + 1))));
        return dealing.fund(contracts.get(0), training.usesOfFirst())
                .plus(dealing.fund(contracts.get(1), training.usesOfSecond()));
    }

    /** The training gate refuses names alone and allows what a manifest and a signed receipt prove. */
    private Verdict gate(DemoParties cast, Contract contract, DatasetVersion version) {
        Actor buyer = cast.buyers().getFirst();
        String some =
                buyer.client().members(version.root()).members().getFirst().manifestId();
        Manifest manifest = buyer.client().manifest(some);
        TrainingJob job = TrainingJob.of("demo-model", Period.ofDays(30));
        Verdict named = buyer.client().validateTraining(job.named(contract.id()));
        Verdict proven = buyer.client()
                .validateTraining(job.dataset(
                        contract.id(),
                        version.root(),
                        manifest.id(),
                        manifest.receipt().receipt()));
        named.verify(keys.platform(), Ed25519.verifier());
        proven.verify(keys.platform(), Ed25519.verifier());
        if (named.allowed() || !proven.allowed()) {
            throw new WrongSumException(
                    "the training gate allowed a bare name, or refused what is proven: " + proven.reasons());
        }
        return proven;
    }

    private List<Training.Done> train(
            DemoParties cast, List<Contract> contracts, EdgeClient edge, Training training, List<String> killed)
            throws InterruptedException {
        try (Progress progress = stage.terminal().progress("train", training.fetches(), "fetches")) {
            List<Trainer> trainers = new ArrayList<>();
            for (int i = 0; i < contracts.size(); i++) {
                trainers.add(new Trainer(
                        cast.buyers().get(i),
                        contracts.get(i),
                        edge,
                        stage.system().edgeAddress(),
                        stage.tally(),
                        progress,
                        stage.clock()));
            }
            Optional<ProcessKiller> havoc = stage.options().kills() > 0
                    ? Optional.of(new ProcessKiller(
                            stage.system(),
                            progress,
                            new ProcessKiller.Aim(
                                    training.fetches(), stage.options().kills()),
                            stage.terminal()))
                    : Optional.empty();
            havoc.ifPresent(ProcessKiller::start);
            List<Training.Done> done = training.run(
                    trainers.get(0), trainers.get(1), stage.options().workers());
            if (havoc.isPresent()) {
                killed.addAll(havoc.get().allKilled());
            }
            return done;
        }
    }

    private List<String> refusals(DemoParties cast, List<Contract> contracts, EdgeClient edge, Publishing publishing)
            throws InterruptedException {
        ContentId withheld = publishing.withhold(
                inventory.works().getFirst().creator(), stage.clock().instant());
        List<ContentId> some =
                inventory.works().stream().limit(10).map(Work::content).toList();
        return new RefusedRequests(cast.buyers().getFirst(), edge, stage.tally())
                .tryAll(contracts.getFirst(), some, withheld);
    }

    private boolean drained() throws InterruptedException {
        if (!stage.system().awaitDrained(PATIENCE)) {
            throw new WrongSumException("the edge still holds receipts the platform has not acknowledged");
        }
        return true;
    }

    private static int crossCheck(List<Training.Done> jobs) throws InterruptedException {
        for (Training.Done done : jobs) {
            done.trainer().crossCheck(done.job(), done.plan().works().size(), PATIENCE);
        }
        return jobs.size();
    }

    private Report settle(
            DemoClose settling, Training training, Money funded, List<String> reasons, List<String> killed)
            throws Exception {
        String period = "demo-" + run;
        stage.stages()
                .run("close", () -> settling.close(period, begun, stage.clock().instant()));
        Papers papers = stage.stages().run("export", () -> export(settling, period));
        stage.stages().run("verify", () -> verify(papers.files()));
        LogRecount recount = stage.stages().run("recount", () -> recount(settling.contractIds()));
        Earnings earnings = settling.earnings(papers.statements(), papers.invoices(), funded);
        check(recount, earnings, training);
        stage.tally().untilFirstDelivery().ifPresent(time -> stage.stages().record("first_delivery", time));
        Report report = new Report(
                new Report.Content(
                        source.location(),
                        inventory.creators().size(),
                        inventory.works().size(),
                        inventory.bytes(),
                        inventory.files(),
                        inventory.skipped()),
                new Report.Traffic(
                        recount.deliveries(), stage.tally().refusals(), recount.duplicates(), recount.distinctUses()),
                earnings,
                new Report.Papers(papers.files(), stage.system().layout().log(), recount.logSize(), true),
                stage.stages().json(),
                extras(recount, reasons, killed));
        new Summary(stage.terminal(), worksByCreator())
                .show(report, papers.statements(), papers.invoices(), whereToLook(papers));
        return report;
    }

    private Papers export(DemoClose settling, String period) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(stage.data().resolve("statements").resolve(period));
        Files.writeString(folder.resolve("platform.key.txt"), keys.vkey() + "\n");
        return settling.export(period, folder, stage.terminal());
    }

    private Integer verify(List<Path> files) throws InterruptedException {
        StatementVerifier verifier =
                new StatementVerifier(NoteKey.parse(keys.vkey()), new RememberingVerifier(Ed25519.verifier()));
        try (Progress progress = stage.terminal().progress("verify", files.size(), "statements")) {
            return Parallel.each(files, 2, file -> {
                        try {
                            verifier.verify(Files.readAllBytes(file));
                        } catch (MalformedException e) {
                            throw new WrongSumException(file + " does not verify: " + e.reason() + ": " + e.detail());
                        }
                        progress.add(1);
                        return file;
                    })
                    .size();
        }
    }

    private LogRecount recount(List<String> contracts) throws IOException {
        Blobs blobs = new Blobs(stage.system().layout().platform().resolve("blobs"));
        return LogRecount.of(stage.system().operator(), keys, contracts, blobs::get);
    }

    /** What the outsider counted, what was planned and what was charged must be the same. */
    private void check(LogRecount recount, Earnings earnings, Training training) {
        long planned = training.usesOfFirst() + training.usesOfSecond();
        if (recount.distinctUses() != planned) {
            throw new WrongSumException(
                    planned + " works were to be used, the log holds receipts for " + recount.distinctUses());
        }
        if (recount.deliveries() < stage.tally().deliveries()) {
            throw new WrongSumException(
                    stage.tally().deliveries() + " receipts were handed out, the log holds " + recount.deliveries());
        }
        Money expected = DemoContracts.PRICE.times(planned);
        if (!earnings.gross().equals(expected)) {
            throw new WrongSumException(
                    planned + " uses come to " + expected + ", the buyers were charged " + earnings.gross());
        }
    }

    private Json.Obj extras(LogRecount recount, List<String> reasons, List<String> killed) {
        Json.Builder fetched = Json.object();
        stage.tally().all().forEach(fetched::put);
        return Json.object()
                .put("run", run)
                .put("receipts_verified", stage.tally().deliveries())
                .put("voided", recount.voided())
                .put("fetched", fetched.build())
                .put("refusal_reasons", Json.strings(reasons))
                .put("killed", Json.strings(killed))
                .put("platform_key", keys.vkey())
                .put("receipt", stage.tally().someReceipt().orElse(""))
                .build();
    }

    private Map<String, Long> worksByCreator() {
        Map<String, Long> works = new HashMap<>();
        inventory.works().forEach(work -> works.merge(work.creator(), 1L, Long::sum));
        return works;
    }

    private Map<String, String> whereToLook(Papers papers) {
        Map<String, String> where = new LinkedHashMap<>(stage.system().whereToLook());
        papers.files().stream()
                .findFirst()
                .ifPresent(file -> where.put("verify a statement", "./tallystick verify " + file));
        stage.tally()
                .someReceipt()
                .ifPresent(receipt ->
                        where.put("explain a receipt", "./tallystick explain " + receipt + " --data " + stage.data()));
        return where;
    }
}
