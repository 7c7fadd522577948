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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
import org.tallystick.protocol.receipt.Grade;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.RememberingVerifier;
import org.tallystick.protocol.statement.PaperVerifier;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.DatasetVersion;
import org.tallystick.sdk.EdgeClient;
import org.tallystick.sdk.Manifest;
import org.tallystick.sdk.PlatformKeys;
import org.tallystick.sdk.TrainingJob;
import org.tallystick.sdk.Verdict;

/**
 * The steps of one run of the demo, from registering the parties to the verified statements. A step may be repeated
 * after a crash without changing any amount. Used for one run only.
 */
final class DemoRun {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Context context;
    private final ContentSource source;
    private final Inventory inventory;
    private final DemoState state;
    private final PlatformKeys keys;
    /** The weakest grade of the jobs run. */
    private Grade grade = Grade.RECEIPT;

    private final int run;
    private final Instant begun;

    /**
     * What every step needs: the options, the data folder, the running system, and where times and deliveries are
     * counted.
     */
    record Context(
            DemoOptions options,
            Path data,
            Terminal terminal,
            InstantSource clock,
            LocalSystem system,
            DemoSteps steps,
            DeliveryCounts counts) {}

    DemoRun(Context context, ContentSource source, Inventory inventory) throws IOException {
        this.context = context;
        this.source = source;
        this.inventory = inventory;
        this.state = new DemoState(context.data());
        this.keys = context.system().operator().keys();
        this.run = state.nextRun();
        this.begun = context.clock().instant();
    }

    Report run() throws Exception {
        DemoParties parties = context.steps().run("register", this::register);
        Publishing publishing = new Publishing(parties, keys.platform(), context.data());
        DatasetVersion version = context.steps().run("publish", () -> publish(parties, publishing));
        Training training = new Training(inventory.works(), run);
        List<Contract> contracts = new ArrayList<>();
        Money funded = context.steps().run("contract", () -> conclude(parties, version, training, contracts));
        List<String> killed = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            EdgeClient edge = EdgeClient.builder(context.system().edgeAddress(), keys.platform())
                    .verifier(Ed25519.verifier())
                    .http(http)
                    .build();
            List<Training.Done> jobs =
                    context.steps().run("train", () -> train(parties, contracts, edge, training, killed));
            context.steps().run("gate", () -> gate(parties, contracts.getFirst(), version));
            reasons.addAll(context.steps().run("refusals", () -> refusals(parties, contracts, edge, publishing)));
            context.steps().run("drain", this::drained);
            context.steps().run("cross_check", () -> crossCheck(jobs));
            grade = jobs.stream()
                    .map(done -> done.job().grade())
                    .min(Comparator.naturalOrder())
                    .orElse(Grade.RECEIPT);
        }
        return settle(new DemoClose(parties, contracts), training, funded, reasons, killed);
    }

    private DemoParties register() throws IOException, InterruptedException {
        try (Progress progress =
                context.terminal().progress("register", inventory.creators().size() + 3L, "parties")) {
            return DemoParties.register(
                    new DemoKeys(context.data().resolve("keys")),
                    context.system().operator(),
                    inventory.creators(),
                    progress);
        }
    }

    /** Uploads and publishes, unless an earlier run has published the very same works. */
    private DatasetVersion publish(DemoParties parties, Publishing publishing)
            throws IOException, InterruptedException {
        Optional<Hash> earlier = state.published(inventory);
        if (earlier.isPresent()) {
            context.terminal().note("these works are published already, as version " + earlier.get());
            return parties.curator().client().datasetVersion(earlier.get());
        }
        try (Progress progress =
                context.terminal().progress("upload", inventory.works().size(), "works")) {
            publishing.upload(inventory, context.clock().instant(), progress);
        }
        DatasetVersion version = publishing.publish(inventory, "dataset:demo", "The content of " + source.name());
        state.remember(inventory, version.root());
        return version;
    }

    private Money conclude(DemoParties parties, DatasetVersion version, Training training, List<Contract> contracts)
            throws InterruptedException {
        DemoContracts demoContracts = new DemoContracts(parties, version, context.clock());
        contracts.addAll(Parallel.each(
                List.of(0, 1),
                2,
                i -> demoContracts.conclude(parties.buyers().get(i), "cnf-demo-" + run + "-" + (i + 1))));
        return demoContracts
                .fund(contracts.get(0), training.usesOfFirst())
                .plus(demoContracts.fund(contracts.get(1), training.usesOfSecond()));
    }

    /** The training gate refuses names alone and allows what a manifest and a signed receipt prove. */
    private Verdict gate(DemoParties parties, Contract contract, DatasetVersion version) {
        DemoParty buyer = parties.buyers().getFirst();
        String sample =
                buyer.client().members(version.root()).members().getFirst().manifestId();
        Manifest manifest = buyer.client().manifest(sample);
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
            DemoParties parties, List<Contract> contracts, EdgeClient edge, Training training, List<String> killed)
            throws IOException, InterruptedException {
        DemoKeys secrets = new DemoKeys(context.data().resolve("keys"));
        try (Progress progress = context.terminal().progress("train", training.fetches(), "fetches")) {
            List<Trainer> trainers = new ArrayList<>();
            for (int i = 0; i < contracts.size(); i++) {
                trainers.add(new Trainer(
                        parties.buyers().get(i),
                        secrets.releaseSecret(parties.buyers().get(i).id()),
                        contracts.get(i),
                        edge,
                        context.system().edgeAddress(),
                        context.counts(),
                        progress,
                        context.clock()));
            }
            Optional<ProcessKiller> killer = context.options().kills() > 0
                    ? Optional.of(new ProcessKiller(
                            context.system(),
                            progress,
                            new ProcessKiller.Aim(
                                    training.fetches(), context.options().kills()),
                            context.terminal()))
                    : Optional.empty();
            killer.ifPresent(ProcessKiller::start);
            List<Training.Done> done = training.run(
                    trainers.get(0), trainers.get(1), context.options().workers());
            if (killer.isPresent()) {
                killed.addAll(killer.get().allKilled());
            }
            return done;
        }
    }

    private List<String> refusals(DemoParties parties, List<Contract> contracts, EdgeClient edge, Publishing publishing)
            throws InterruptedException {
        ContentId withheld = publishing.withhold(
                inventory.works().getFirst().creator(), context.clock().instant());
        List<ContentId> sample =
                inventory.works().stream().limit(10).map(Work::content).toList();
        return new RefusedRequests(parties.buyers().getFirst(), edge, context.counts())
                .tryAll(contracts.getFirst(), sample, withheld);
    }

    private boolean drained() throws InterruptedException {
        if (!context.system().awaitDrained(PATIENCE)) {
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

    private Report settle(DemoClose close, Training training, Money funded, List<String> reasons, List<String> killed)
            throws Exception {
        String period = "demo-" + run;
        context.steps()
                .run("close", () -> close.close(period, begun, context.clock().instant()));
        CloseDocuments documents = context.steps().run("export", () -> export(close, period));
        context.steps().run("verify", () -> verify(documents));
        LogRecount recount = context.steps().run("recount", () -> recount(close.contractIds()));
        MoneyTotals totals = close.totals(documents.statements(), documents.invoices(), funded);
        check(recount, totals, training);
        context.counts().untilFirstDelivery().ifPresent(time -> context.steps().record("first_delivery", time));
        Report report = new Report(
                new Report.Content(
                        source.location(),
                        inventory.creators().size(),
                        inventory.works().size(),
                        inventory.bytes(),
                        inventory.files(),
                        inventory.skipped()),
                new Report.Traffic(
                        recount.deliveries(),
                        context.counts().refusals(),
                        recount.duplicates(),
                        recount.distinctUses()),
                totals,
                new Report.Documents(
                        documents.files(), context.system().layout().log(), recount.logSize(), true),
                context.steps().json(),
                extras(recount, reasons, killed));
        new Summary(context.terminal(), worksByCreator())
                .show(report, documents.statements(), documents.invoices(), whereToLook(documents));
        return report;
    }

    private CloseDocuments export(DemoClose close, String period) throws IOException, InterruptedException {
        Path folder =
                Files.createDirectories(context.data().resolve("statements").resolve(period));
        Files.writeString(folder.resolve("platform.key.txt"), keys.vkey() + "\n");
        return close.export(period, folder, context.terminal());
    }

    private Integer verify(CloseDocuments documents) throws InterruptedException {
        List<Path> files = Stream.concat(documents.files().stream(), documents.invoiceFiles().stream())
                .toList();
        PaperVerifier verifier =
                new PaperVerifier(NoteKey.parse(keys.vkey()), new RememberingVerifier(Ed25519.verifier()));
        try (Progress progress = context.terminal().progress("verify", files.size(), "statements and invoices")) {
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
        Blobs blobs = new Blobs(context.system().layout().platform().resolve("blobs"));
        return LogRecount.of(context.system().operator(), keys, contracts, blobs::get);
    }

    /** Checks that the uses counted from the log, the uses planned and the amounts charged agree. */
    private void check(LogRecount recount, MoneyTotals totals, Training training) {
        long planned = training.usesOfFirst() + training.usesOfSecond();
        if (recount.distinctUses() != planned) {
            throw new WrongSumException(
                    planned + " works were to be used, the log holds receipts for " + recount.distinctUses());
        }
        if (recount.deliveries() < context.counts().deliveries()) {
            throw new WrongSumException(
                    context.counts().deliveries() + " receipts were handed out, the log holds " + recount.deliveries());
        }
        Money expected = DemoContracts.PRICE.times(planned);
        if (!totals.gross().equals(expected)) {
            throw new WrongSumException(
                    planned + " uses come to " + expected + ", the buyers were charged " + totals.gross());
        }
    }

    private Json.Obj extras(LogRecount recount, List<String> reasons, List<String> killed) {
        Json.Builder fetched = Json.object();
        context.counts().all().forEach(fetched::put);
        return Json.object()
                .put("run", run)
                .put("receipts_verified", context.counts().deliveries())
                .put("grade", grade.word())
                .put("voided", recount.voided())
                .put("fetched", fetched.build())
                .put("refusal_reasons", Json.strings(reasons))
                .put("killed", Json.strings(killed))
                .put("platform_key", keys.vkey())
                .put("receipt", context.counts().someReceipt().orElse(""))
                .build();
    }

    private Map<String, Long> worksByCreator() {
        Map<String, Long> works = new HashMap<>();
        inventory.works().forEach(work -> works.merge(work.creator(), 1L, Long::sum));
        return works;
    }

    private Map<String, String> whereToLook(CloseDocuments documents) {
        Map<String, String> where = new LinkedHashMap<>(context.system().whereToLook());
        documents.files().stream()
                .findFirst()
                .ifPresent(file -> where.put("verify a statement", "./tallystick verify " + file));
        documents.invoiceFiles().stream()
                .findFirst()
                .ifPresent(file -> where.put("verify an invoice", "./tallystick verify " + file));
        context.counts()
                .someReceipt()
                .ifPresent(receipt -> where.put(
                        "explain a receipt", "./tallystick explain " + receipt + " --data " + context.data()));
        return where;
    }
}
