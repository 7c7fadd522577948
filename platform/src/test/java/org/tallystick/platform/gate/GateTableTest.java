package org.tallystick.platform.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.ingest.ManifestDraft;
import org.tallystick.platform.ingest.UploadReceipt;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.Jws;

/** The rules of the gate as a table: what a dataset is named by, and every reason why not. */
class GateTableTest {
    /** What is said of the one dataset, then the reasons, in order; {@code -} where there are none. */
    private static final String TABLE = """
            everything proven                       | contract dataset version manifest receipt            | -
            the least that proves                   | contract manifest receipt                            | -
            a name alone                            | "cnf-1"                                              | names-alone
            the name of the dataset alone           | "hn-98765"                                           | names-alone
            a contract and nothing else             | contract                                             | receipt-missing manifest-missing
            a dataset id and nothing else           | dataset                                              | contract-missing receipt-missing manifest-missing
            no contract                             | manifest receipt                                     | contract-missing
            no manifest                             | contract receipt                                     | manifest-missing
            no receipt                              | contract manifest                                    | receipt-missing
            a contract nobody knows                 | contract=cnf-0 manifest receipt                      | contract-unknown
            a contract with a name like a path      | contract=../etc manifest receipt                     | contract-unknown
            another buyer's contract                | contract=cnf-other manifest receipt                  | contract-unknown
            a revoked contract                      | contract=cnf-revoked manifest receipt                | contract-not-live
            an expired contract                     | contract=cnf-short manifest receipt                  | contract-not-live
            a contract that forbids training        | contract=cnf-evaluation manifest receipt             | use-not-permitted
            a contract that ends before the job     | contract=cnf-month manifest receipt                  | window-past-contract
            another dataset's contract              | contract dataset=hn-1 manifest receipt               | dataset-mismatch
            another version                         | contract version=00 manifest receipt                 | version-mismatch
            a manifest nobody knows                 | contract manifest=mf-0 receipt                       | manifest-unknown
            a manifest of a work outside            | contract manifest=@outside receipt=@outside          | not-in-version
            another manifest of a work inside       | contract manifest=@double receipt=@double            | not-in-version
            the receipt of another manifest         | contract manifest receipt=@outside                   | receipt-mismatch
            a receipt that is no JWS                | contract manifest receipt=abc                        | receipt-not-valid
            a receipt cut short                     | contract manifest receipt=@cut                       | receipt-not-valid
            a receipt signed by another             | contract manifest receipt=@forged                    | receipt-not-valid
            a receipt with another manifest in it   | contract manifest receipt=@changed                   | receipt-not-valid
            another document of the platform        | contract manifest receipt=@document                  | receipt-not-valid
            all wrong at once                       | contract=cnf-revoked dataset=x version=0 manifest=@outside receipt=@forged | \
            contract-not-live version-mismatch dataset-mismatch receipt-not-valid not-in-version
            """;

    @TempDir
    static Path dir;

    private static ContractFixture world;
    private static TrainingGate gate;
    private static Member inside;
    private static final Map<String, String> MANIFESTS = new HashMap<>();
    private static final Map<String, String> RECEIPTS = new HashMap<>();

    @BeforeAll
    static void open() {
        world = new ContractFixture(dir);
        gate = new TrainingGate(
                world.database,
                world.contracts,
                world.catalog,
                world.ingest,
                ContractFixture.signer("platform"),
                ContractFixture.VERIFIER,
                world.clock);
        world.accepted("cnf-1");
        world.accepted("cnf-revoked");
        world.contracts
                .revoke(ContractFixture.CREATOR, new ContractId("cnf-revoked"), "withdrawn")
                .orThrow();
        contract("cnf-other", "buyer-7", "buyer-8");
        contract("cnf-short", "P1Y", "P1D");
        contract("cnf-month", "P1Y", "P30D");
        contract("cnf-evaluation", "[\"model-training\", \"evaluation\"]", "[\"evaluation\"]");
        inside = world.database
                .read(tx -> world.catalog.members(tx, world.version.root()))
                .getFirst();
        receipts();
        world.clock.advance(Duration.ofDays(2));
    }

    @AfterAll
    static void close() {
        world.close();
    }

    private static void contract(String id, String from, String to) {
        String terms = world.terms(id).toString().replace(", ", ",");
        String changed = terms.replace(from.replace(", ", ","), to);
        assertThat(changed).isNotEqualTo(terms);
        var document = org.tallystick.protocol.terms.ContractDocument.parse(
                Json.parseObject(changed.getBytes(StandardCharsets.UTF_8)));
        Principal buyer = id.equals("cnf-other") ? ContractFixture.OTHER_BUYER : ContractFixture.BUYER;
        for (Principal party :
                List.of(buyer, ContractFixture.CURATOR, ContractFixture.CREATOR, ContractFixture.OTHER_CREATOR)) {
            document = document.sign(party.id().value(), ContractFixture.signer(party), world.clock.instant());
        }
        world.contracts.accept(document.json()).orThrow();
    }

    private static UploadReceipt upload(String path, String content) {
        Json.Obj manifest = Json.object()
                .put("creator_id", "creator-42")
                .put("license_uri", "https://marketplace.example/licenses/6789")
                .put("path", path)
                .build();
        return world.ingest
                .upload(
                        ContractFixture.CREATOR,
                        ManifestDraft.parse(manifest),
                        new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)))
                .orThrow();
    }

    private static void receipts() {
        String good = world.ingest
                .manifest(inside.manifestId())
                .orElseThrow()
                .receipt()
                .receipt();
        MANIFESTS.put("", inside.manifestId());
        RECEIPTS.put("", good);
        UploadReceipt outside = upload("outside.txt", "a work of no dataset");
        MANIFESTS.put("@outside", outside.manifestId());
        RECEIPTS.put("@outside", outside.receipt());
        UploadReceipt twice = upload("again.txt", "work 0");
        MANIFESTS.put("@double", twice.manifestId());
        RECEIPTS.put("@double", twice.receipt());
        RECEIPTS.put("@cut", good.substring(0, good.length() - 7));
        Json.Obj claims = Jws.parse(good).payload();
        RECEIPTS.put(
                "@forged",
                Jws.sign(UploadReceipt.TYPE, claims, ContractFixture.signer("somebody"))
                        .compact());
        String[] parts = good.split("\\.");
        RECEIPTS.put("@changed", parts[0] + "." + outside.receipt().split("\\.")[1] + "." + parts[2]);
        RECEIPTS.put(
                "@document",
                Jws.sign("tallystick-verdict+jws", claims, ContractFixture.signer("platform"))
                        .compact());
    }

    record Case(String name, Json dataset, List<String> reasons) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return TABLE.lines().map(line -> {
            String[] columns = line.split("\\|");
            String reasons = columns[2].strip();
            return new Case(
                    columns[0].strip(),
                    dataset(columns[1].strip()),
                    reasons.equals("-")
                            ? List.of()
                            : Arrays.stream(reasons.split("\\s+"))
                                    .map(r -> "gate/" + r)
                                    .toList());
        });
    }

    private static Json dataset(String text) {
        if (text.startsWith("\"")) {
            return Json.of(text.substring(1, text.length() - 1));
        }
        Json.Builder dataset = Json.object();
        for (String word : text.split("\\s+")) {
            String value = word.contains("=") ? word.substring(word.indexOf('=') + 1) : "";
            switch (word.replaceAll("=.*", "")) {
                case "contract" -> dataset.put("contract_id", value.isEmpty() ? "cnf-1" : value);
                case "dataset" -> dataset.put("dataset_id", value.isEmpty() ? "hn-98765" : value);
                case "version" ->
                    dataset.put(
                            "dataset_version",
                            value.isEmpty() ? world.version.root().hex() : value);
                case "manifest" -> dataset.put("manifest_id", MANIFESTS.getOrDefault(value, value));
                case "receipt" -> dataset.put("signed_receipt", RECEIPTS.getOrDefault(value, value));
                default -> throw new IllegalArgumentException(word);
            }
        }
        return dataset.build();
    }

    private static Json.Obj question(String window, Json... datasets) {
        return Json.object()
                .put("model", "my-prod-model-v3")
                .put("datasets", Json.array(List.of(datasets)))
                .put("trainingWindow", window)
                .build();
    }

    private static List<String> reasons(Verdict verdict) {
        return verdict.reasons().stream().map(Verdict.Reason::type).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judges(Case row) {
        Json.Obj question = question("P30D", row.dataset());
        long size = world.log.size();
        Verdict verdict = gate.validate(ContractFixture.BUYER, question).orThrow();
        assertThat(reasons(verdict)).containsExactlyElementsOf(row.reasons());
        assertThat(verdict.allowed()).isEqualTo(row.reasons().isEmpty());
        assertThat(verdict.reasons())
                .allSatisfy(reason -> assertThat(reason.detail()).isNotBlank());
        signed(verdict, question);
        assertThat(world.log.size()).as("asking changes nothing").isEqualTo(size);
    }

    /** The signature is the platform's, over the very answer, bound to the very question. */
    private static void signed(Verdict verdict, Json.Obj question) {
        Json.Obj payload = Jws.parse(verdict.signed())
                .verify(
                        Verdict.TYPE,
                        new org.tallystick.protocol.sign.DidKey(
                                ContractFixture.signer("platform").publicKey()),
                        ContractFixture.VERIFIER);
        assertThat(verdict.document()).isEqualTo(payload.with("verdict", Json.of(verdict.signed())));
        Fields fields = Fields.of(payload, "verdict");
        assertThat(fields.text("question"))
                .isEqualTo(Sha256.hash(Jcs.bytes(question)).hex());
        assertThat(fields.instant("time")).isEqualTo(world.clock.instant());
    }

    @Test
    void everyDatasetIsJudgedAndNamed() {
        Json good = dataset("contract manifest receipt");
        Verdict verdict = gate.validate(
                        ContractFixture.BUYER,
                        question("P1D", Json.of("first"), good, dataset("contract=cnf-revoked manifest receipt")))
                .orThrow();
        assertThat(verdict.reasons().stream().map(reason -> reason.dataset() + " " + reason.type()))
                .containsExactly("first gate/names-alone", "cnf-revoked gate/contract-not-live");
    }

    @Test
    void operatorsAndAuditorsMayAskAboutAnyContract() {
        Json.Obj question = question("P1D", dataset("contract=cnf-other manifest receipt"));
        Principal auditor = new Principal(new PartyId("auditor-1"), Role.AUDITOR);
        assertThat(reasons(gate.validate(ContractFixture.BUYER, question).orThrow()))
                .containsExactly("gate/contract-unknown");
        assertThat(reasons(gate.validate(ContractFixture.OTHER_BUYER, question).orThrow()))
                .isEmpty();
        assertThat(reasons(gate.validate(ContractFixture.OPERATOR, question).orThrow()))
                .isEmpty();
        assertThat(reasons(gate.validate(auditor, question).orThrow())).isEmpty();
    }

    @Test
    void theWindowMayEndWithTheContractAndNotAMomentLater() {
        Instant ends =
                world.contracts.find(new ContractId("cnf-month")).orElseThrow().ends();
        Duration left = Duration.between(world.clock.instant(), ends);
        Json month = dataset("contract=cnf-month manifest receipt");
        assertThat(reasons(gate.validate(ContractFixture.BUYER, question(left.toString(), month))
                        .orThrow()))
                .isEmpty();
        String later = left.plusSeconds(1).toString();
        assertThat(reasons(gate.validate(ContractFixture.BUYER, question(later, month))
                        .orThrow()))
                .containsExactly("gate/window-past-contract");
    }

    /** What cannot be read is refused with what is wrong about it. */
    private static final String MALFORMED = """
            {"model":"m","datasets":[],"trainingWindow":"P1D"}                        | gate/datasets
            {"model":"m","datasets":["a"],"trainingWindow":"30 days"}                 | gate/window
            {"model":"m","datasets":["a"],"trainingWindow":"P0D"}                     | gate/window
            {"model":"m","datasets":["a"],"trainingWindow":"P-1D"}                    | gate/window
            {"model":"m","datasets":["a"],"trainingWindow":"PT"}                      | gate/window
            {"model":"m","datasets":["a"],"trainingWindow":"P9999999999Y"}            | gate/window
            {"model":"m","datasets":["a"],"trainingWindow":"P999999999Y"}             | gate/window
            {"model":"m","datasets":["a"],"trainingWindow":30}                        | json/
            {"model":"m","datasets":["a"]}                                            | json/
            {"datasets":["a"],"trainingWindow":"P1D"}                                 | json/
            {"model":"m","trainingWindow":"P1D"}                                      | json/
            {"model":"m","datasets":"a","trainingWindow":"P1D"}                       | json/
            {"model":"m","datasets":[1],"trainingWindow":"P1D"}                       | json/
            {"model":"m","datasets":[""],"trainingWindow":"P1D"}                      | json/
            {"model":"m","datasets":[{"contract":"c"}],"trainingWindow":"P1D"}        | json/
            {"model":"m","datasets":[{"manifest_id":7}],"trainingWindow":"P1D"}       | json/
            {"model":"m","datasets":["a"],"trainingWindow":"P1D","force":true}        | json/
            """;

    static Stream<String> malformed() {
        return MALFORMED.lines();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatItCannotRead(String row) {
        String[] columns = row.split("\\|");
        Json.Obj question = Json.parseObject(columns[0].strip().getBytes(StandardCharsets.UTF_8));
        Outcome<Verdict> outcome = gate.validate(ContractFixture.BUYER, question);
        assertThat(outcome.refusal().orElseThrow().type()).startsWith(columns[1].strip());
    }

    /** A good question with bytes changed at random is answered no, refused, or still the same question. */
    @Test
    void noChangeOfAGoodQuestionMakesItWrong() {
        byte[] good = Jcs.bytes(question("P30D", dataset("contract dataset version manifest receipt")));
        Seeds.check(300, random -> {
            byte[] bytes = changed(good, random);
            Json.Obj question;
            try {
                question = Json.parseObject(bytes);
            } catch (MalformedException e) {
                return;
            }
            Outcome<Verdict> outcome = gate.validate(ContractFixture.BUYER, question);
            if (outcome.refusal().isEmpty() && outcome.orThrow().allowed()) {
                Json datasets = question.get("datasets").orElseThrow();
                Json asked = Json.parseObject(good).get("datasets").orElseThrow();
                assertThat(datasets)
                        .as("allowed only where the proofs are the ones given")
                        .isEqualTo(asked);
            }
        });
    }

    private static byte[] changed(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int i = 0; i <= random.nextInt(2); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(95));
        }
        return bytes;
    }
}
