package org.tallystick.platform.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.ingest.TestRooms;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.log.Decision;
import org.tallystick.protocol.sign.ApiKey;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Ed25519Keys;

/** Registration, keys and erasure, on a real database and log. Each test uses party ids of its own. */
class PartiesTest {
    private static final TestRooms ROOMS = TestRooms.open();
    private static final Parties PARTIES = ROOMS.parties();

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static NewParty creator(String id) {
        return new NewParty(new PartyId(id), Role.CREATOR, "Ada of " + id, TestRooms.keyOf(id));
    }

    private static NewParty auditor(String id) {
        return new NewParty(new PartyId(id), Role.AUDITOR, "Auditor " + id, TestRooms.keyOf(id));
    }

    private static String possession(PartyId party, String key) {
        return TestKeys.possession(
                party, Role.CREATOR, TestRooms.signer(key), TestRooms.keyOf("platform"), ROOMS.now());
    }

    private static long profiles() {
        return ROOMS.database()
                .read(tx -> tx.select("select count(*) from party.personal_profile")
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void aPartyIsWhatItWasRegisteredAs() {
        Outcome<Party> outcome = PARTIES.register(creator("ada"));
        Party ada = outcome.orThrow();
        assertThat(outcome).isEqualTo(Outcome.accepted(ada));
        assertThat(ada)
                .isEqualTo(new Party(
                        new PartyId("ada"),
                        Role.CREATOR,
                        Optional.of(TestRooms.keyOf("ada")),
                        Optional.of("Ada of ada"),
                        ROOMS.now()));
        assertThat(PARTIES.find(new PartyId("ada"))).contains(ada);
        assertThat(PARTIES.recent(new PartyId("ada"))).contains(ada);
        assertThat(PARTIES.find(new PartyId("nobody"))).isEmpty();
        assertThat(PARTIES.recent(new PartyId("nobody"))).isEmpty();
    }

    @Test
    void theSameAgainIsARepeatAndLeavesNothing() {
        Party bob = PARTIES.register(creator("bob")).orThrow();
        long entries = ROOMS.logSize();
        long profiles = profiles();
        assertThat(PARTIES.register(creator("bob"))).isEqualTo(Outcome.repeated(bob));
        assertThat(ROOMS.logSize()).isEqualTo(entries);
        assertThat(profiles()).isEqualTo(profiles);
    }

    @ParameterizedTest
    @CsvSource({
        "curator, Ada of carl, carl, another role",
        "creator, Eve, carl, another name",
        "creator, Ada of carl, eve, another key"
    })
    void anIdBelongsToOne(String role, String name, String key, String what) {
        PARTIES.register(creator("carl"));
        long profiles = profiles();
        Outcome<Party> outcome =
                PARTIES.register(new NewParty(new PartyId("carl"), Role.parse(role), name, TestRooms.keyOf(key)));
        assertThat(outcome.refusal().map(Problem::type)).as(what).contains("party/conflict");
        assertThat(profiles()).isEqualTo(profiles);
        assertThat(PARTIES.find(new PartyId("carl")).orElseThrow().displayName())
                .contains("Ada of carl");
    }

    @Test
    void theLogHoldsNoName() {
        PARTIES.register(
                new NewParty(new PartyId("dora"), Role.BUYER, "Dorothea Unmistakable", TestRooms.keyOf("dora")));
        assertThat(ROOMS.logText())
                .contains("\"id\":\"dora\"")
                .contains("profile_hash")
                .doesNotContain("Unmistakable");
    }

    @Test
    void oneOfManyRegistersTheRestRepeat() throws Exception {
        long before = ROOMS.logSize();
        List<Outcome<Party>> outcomes = race(24, i -> PARTIES.register(creator("erin")));
        assertThat(outcomes).allMatch(Outcome::isAccepted);
        assertThat(outcomes.stream().filter(o -> o instanceof Outcome.Accepted<Party> a && !a.repeated()))
                .hasSize(1);
        assertThat(ROOMS.logSize()).isEqualTo(before + 1);
    }

    @Test
    void oneOfManyNamesWins() throws Exception {
        long profiles = profiles();
        List<Outcome<Party>> outcomes = race(
                16,
                i -> PARTIES.register(
                        new NewParty(new PartyId("frank"), Role.CURATOR, "Name " + i, TestRooms.keyOf("frank"))));
        List<Party> won = outcomes.stream()
                .filter(Outcome::isAccepted)
                .map(Outcome::orThrow)
                .toList();
        assertThat(won).hasSize(1);
        assertThat(PARTIES.find(new PartyId("frank"))).contains(won.getFirst());
        assertThat(profiles()).isEqualTo(profiles + 1);
    }

    private interface Attempt {
        Outcome<Party> run(int number);
    }

    private static List<Outcome<Party>> race(int threads, Attempt attempt) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Outcome<Party>>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                futures.add(pool.submit(() -> attempt.run(number)));
            }
            List<Outcome<Party>> outcomes = new ArrayList<>();
            for (Future<Outcome<Party>> future : futures) {
                outcomes.add(future.get());
            }
            return outcomes;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "two\nlines", "esc\u001b[31m", "turned\u202Earound", "nul\u0000"})
    void aDisplayNameIsPlainText(String name) {
        assertRefused("party/display-name", "gina", Role.CREATOR, name);
    }

    @Test
    void aDisplayNameHasABoundAndMayBeAnyScript() {
        assertRefused("party/display-name", "gina", Role.CREATOR, "x".repeat(201));
        assertThat(new NewParty(new PartyId("gina"), Role.CREATOR, "Ægir 株式会社 🎻", TestRooms.keyOf("gina"))
                        .displayName())
                .isEqualTo("Ægir 株式会社 🎻");
    }

    @ParameterizedTest
    @CsvSource({
        "creators, CREATOR, party/reserved-id",
        "edge-1,   CREATOR, party/reserved-id",
        "edge-007, BUYER,   party/reserved-id",
        "fine,     EDGE,    party/role"
    })
    void someIdsAndRolesAreNotForRegistering(String id, Role role, String reason) {
        assertRefused(reason, id, role, "Name");
    }

    @Test
    void aKeyOfSmallOrderBindsNobody() {
        byte[] one = new byte[Ed25519Keys.KEY_BYTES];
        one[0] = 1;
        assertThatThrownBy(() -> new NewParty(new PartyId("gus"), Role.CREATOR, "Gus", new DidKey(one)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problem().type()).isEqualTo("party/key"));
    }

    private static void assertRefused(String reason, String id, Role role, String name) {
        assertThatThrownBy(() -> new NewParty(new PartyId(id), role, name, TestRooms.keyOf(id)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(reason));
    }

    @Test
    void rolesHaveOneTextEach() {
        for (Role role : Role.values()) {
            assertThat(Role.parse(role.text())).isEqualTo(role);
        }
        for (String text : List.of("", "Creator", "CREATOR", "admin", "creator ")) {
            assertThatThrownBy(() -> Role.parse(text)).hasMessageContaining("party/unknown-role");
        }
    }

    @Test
    void aKeyOpensAndRevokedNoLongerDoes() {
        PartyId hal = PARTIES.register(auditor("hal")).orThrow().id();
        String first = PARTIES.issueKey(hal).orThrow();
        String second = PARTIES.issueKey(hal).orThrow();
        assertThat(first).matches("tsk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}").isNotEqualTo(second);
        assertThat(PARTIES.authenticate(first)).contains(new Principal(hal, Role.AUDITOR));
        assertThat(PARTIES.authenticate(second)).contains(new Principal(hal, Role.AUDITOR));
        assertThat(PARTIES.keys().revokeAll(hal)).isEqualTo(2);
        assertThat(PARTIES.authenticate(first)).isEmpty();
        assertThat(PARTIES.keys().revokeAll(hal)).isZero();
    }

    @Test
    void onlyTheWholeKeyOpens() {
        PartyId ida = PARTIES.register(auditor("ida")).orThrow().id();
        String key = PARTIES.issueKey(ida).orThrow();
        String other = PARTIES.issueKey(ida).orThrow();
        assertThat(PARTIES.authenticate(key)).isPresent(); // so that the cache knows it
        for (int i = 0; i < key.length(); i++) {
            String changed = key.substring(0, i) + (key.charAt(i) == 'a' ? 'b' : 'a') + key.substring(i + 1);
            assertThat(PARTIES.authenticate(changed)).as(changed).isEmpty();
            assertThat(PARTIES.authenticate(key.substring(0, i))).isEmpty();
        }
        assertThat(PARTIES.authenticate(key + "a")).isEmpty();
        assertThat(PARTIES.authenticate(key + "\n")).isEmpty();
        assertThat(PARTIES.authenticate(key.toUpperCase(java.util.Locale.ROOT))).isEmpty();
        assertThat(PARTIES.authenticate(key.substring(0, 21) + other.substring(21)))
                .as("the id of one key with the secret of another")
                .isEmpty();
    }

    @Test
    void noSecretIsStoredOrPrinted() {
        PartyId ivy = PARTIES.register(auditor("ivy")).orThrow().id();
        String key = PARTIES.issueKey(ivy).orThrow();
        String secret = key.substring(21);
        assertThat(ROOMS.rows()).noneMatch(row -> row.contains(secret));
        assertThat(ROOMS.logText()).doesNotContain(secret);
        ApiKey.Fresh fresh = ApiKey.generate();
        assertThat(fresh.toString()).doesNotContain(fresh.text().substring(21));
        assertThat(ApiKey.parse(fresh.text()).orElseThrow().toString())
                .doesNotContain(fresh.text().substring(21));
    }

    @Test
    void keysAreForTheRegisteredAndNotTooMany() {
        PartyId jack = PARTIES.register(auditor("jack")).orThrow().id();
        for (int i = 0; i < ApiKeys.MAX; i++) {
            PARTIES.issueKey(jack).orThrow();
        }
        assertThat(PARTIES.issueKey(jack).refusal().map(Problem::type)).contains("party/too-many-keys");
        assertThat(PARTIES.issueKey(new PartyId("nobody")).refusal().map(Problem::type))
                .contains("party/unknown");
    }

    @Test
    void aRevocationElsewhereIsSeenWithinSeconds() {
        PartyId jill = PARTIES.register(auditor("jill")).orThrow().id();
        String key = PARTIES.issueKey(jill).orThrow();
        assertThat(PARTIES.authenticate(key)).isPresent();
        ROOMS.database().write(tx -> KeyStore.deleteAll(tx, jill));
        assertThat(PARTIES.authenticate(key)).isPresent();
        ROOMS.advance(Duration.ofSeconds(6));
        assertThat(PARTIES.authenticate(key)).isEmpty();
    }

    @Test
    void theOldKeyHandsOverToTheNew() {
        PartyId kim = PARTIES.register(creator("kim")).orThrow().id();
        DidKey next = TestRooms.keyOf("kim-2");
        byte[] message = Parties.rotationMessage(kim, next);
        byte[] proof = TestRooms.signer("kim").sign(message);
        String shown = possession(kim, "kim-2");

        assertThat(PARTIES.rotateKey(kim, next, TestRooms.signer("kim-2").sign(message), shown)
                        .refusal()
                        .map(Problem::type))
                .contains("party/key-proof");
        assertThat(PARTIES.rotateKey(kim, TestRooms.keyOf("kim-3"), proof, possession(kim, "kim-3"))
                        .refusal()
                        .map(Problem::type))
                .contains("party/key-proof");
        assertThat(PARTIES.rotateKey(kim, next, new byte[3], shown).refusal().map(Problem::type))
                .contains("party/key-proof");
        assertThat(PARTIES.rotateKey(new PartyId("nobody"), next, proof, shown)
                        .refusal()
                        .map(Problem::type))
                .contains("party/unknown");
        assertThat(PARTIES.rotateKey(kim, next, proof, possession(kim, "kim"))
                        .refusal()
                        .map(Problem::type))
                .as("the new key has signed nothing")
                .contains("party/possession");
        assertThat(PARTIES.find(kim).orElseThrow().key()).contains(TestRooms.keyOf("kim"));

        assertThat(PARTIES.rotateKey(kim, next, proof, shown).orThrow().key()).contains(next);
        assertThat(PARTIES.find(kim).orElseThrow().key()).contains(next);
        assertThat(PARTIES.rotateKey(kim, next, proof, shown))
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class, a -> assertThat(a.repeated()).isTrue());
    }

    /** Statements show the key a contract was signed with, however often it was changed since. */
    @Test
    void everyEntryOfAPartysKeysIsKnownHoweverOftenItChangesThem() {
        PartyId kai = PARTIES.register(creator("kai")).orThrow().id();
        String before = "kai";
        for (String next : List.of("kai-2", "kai-3", "kai-4")) {
            byte[] handover = TestRooms.signer(before).sign(Parties.rotationMessage(kai, TestRooms.keyOf(next)));
            PARTIES.rotateKey(kai, TestRooms.keyOf(next), handover, possession(kai, next))
                    .orThrow();
            before = next;
        }
        List<Long> positions = ROOMS.database().read(tx -> Parties.keyPositions(tx, kai));
        assertThat(positions).hasSize(4).isSorted();
        assertThat(ROOMS.sequencer().rebuild()).isEqualTo(ROOMS.logSize());
        assertThat(ROOMS.database().<List<Long>>read(tx -> Parties.keyPositions(tx, kai)))
                .isEqualTo(positions);
    }

    @Test
    void erasureForgetsThePersonAndKeepsTheAccount() {
        PartyId lea = PARTIES.register(
                        new NewParty(new PartyId("lea"), Role.CREATOR, "Lea Forgettable", TestRooms.keyOf("lea")))
                .orThrow()
                .id();
        String key = TestKeys.own(PARTIES, lea, TestRooms.signer("lea"), TestRooms.keyOf("platform"), ROOMS.now());
        assertThat(PARTIES.authenticate(key)).isPresent();
        assertThat(PARTIES.recent(lea).orElseThrow().displayName()).isPresent();

        Party erased = PARTIES.erase(lea).orThrow();
        assertThat(erased.displayName()).isEmpty();
        assertThat(erased.key()).contains(TestRooms.keyOf("lea"));
        assertThat(PARTIES.find(lea)).contains(erased);
        assertThat(PARTIES.recent(lea)).contains(erased);
        assertThat(PARTIES.authenticate(key)).isEmpty();
        assertThat(ROOMS.rows()).noneMatch(row -> row.contains("Forgettable"));
        assertThat(PARTIES.erase(lea)).isEqualTo(Outcome.repeated(erased));
        assertThat(PARTIES.erase(new PartyId("nobody")).refusal().map(Problem::type))
                .contains("party/unknown");

        Outcome<Party> again =
                PARTIES.register(new NewParty(lea, Role.CREATOR, "Lea Forgettable", TestRooms.keyOf("lea")));
        assertThat(again).as("registering again brings nothing back").isEqualTo(Outcome.repeated(erased));
        assertThat(ROOMS.rows()).noneMatch(row -> row.contains("Forgettable"));
    }

    @Test
    void pagesFollowOneAnother() {
        for (int i = 0; i < 7; i++) {
            PARTIES.register(
                    new NewParty(new PartyId("zz-" + i), Role.AUDITOR, "Auditor", TestRooms.keyOf("auditors")));
        }
        List<String> seen = new ArrayList<>();
        Optional<PartyId> after = Optional.of(new PartyId("zz"));
        int pages = 0;
        do {
            Page<Party> page = PARTIES.list(Optional.of(Role.AUDITOR), after, 3);
            page.items().forEach(p -> seen.add(p.id().value()));
            after = page.next().map(PartyId::new);
            pages++;
        } while (after.isPresent());
        assertThat(pages).isEqualTo(3);
        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 7).mapToObj(i -> "zz-" + i).toList());
        assertThat(PARTIES.list(Optional.empty(), Optional.empty(), 0).items()).hasSize(1);
    }

    @Test
    void anEdgeIsAPartyByTheDeliveryRoomsEntry() {
        PartyId edge = new PartyId("edge-1");
        ROOMS.sequencer().execute((tx, now) -> Decision.append(List.of(Parties.edge(edge)), position -> position));
        Party party = PARTIES.find(edge).orElseThrow();
        assertThat(party.role()).isEqualTo(Role.EDGE);
        assertThat(party.key()).isEmpty();
        String key = PARTIES.issueKey(edge).orThrow();
        assertThat(PARTIES.authenticate(key)).contains(new Principal(edge, Role.EDGE));
        assertThat(PARTIES.rotateKey(edge, TestRooms.keyOf("x"), new byte[64], "")
                        .refusal()
                        .map(Problem::type))
                .contains("party/unknown");
    }

    @Test
    void theFirstOperatorsKeyIsForTheOwnerOfTheMachineOnly(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("operator.key");
        DidKey platform = TestRooms.keyOf("platform");
        String key = PARTIES.ensureOperator(file, platform);
        assertThat(Files.readString(file)).isEqualTo(key + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PARTIES.authenticate(key)).contains(new Principal(Parties.OPERATOR, Role.OPERATOR));
        assertThat(PARTIES.ensureOperator(file, platform)).as("a second start").isEqualTo(key);

        String issued = PARTIES.issueKey(Parties.OPERATOR).orThrow();
        Files.delete(file);
        String replaced = PARTIES.ensureOperator(file, platform);
        ROOMS.advance(Duration.ofSeconds(6));
        assertThat(PARTIES.authenticate(replaced)).isPresent();
        assertThat(PARTIES.authenticate(key)).as("the lost one").isEmpty();
        assertThat(PARTIES.authenticate(issued)).as("one issued by hand").isPresent();

        Files.writeString(file, "torn");
        assertThat(PARTIES.authenticate(PARTIES.ensureOperator(file, platform))).isPresent();
    }

    @Test
    void aProfileNobodyRefersToIsRemovedInTime(@TempDir Path directory) {
        ROOMS.database().write(tx -> {
            PersonalStore.insertProfile(tx, Profile.salted("Crashed In Between"), ROOMS.now());
            return true;
        });
        PARTIES.ensureOperator(directory.resolve("key"), TestRooms.keyOf("platform"));
        assertThat(ROOMS.rows()).anyMatch(row -> row.contains("Crashed In Between"));
        ROOMS.advance(Duration.ofHours(2));
        PARTIES.ensureOperator(directory.resolve("key"), TestRooms.keyOf("platform"));
        assertThat(ROOMS.rows()).noneMatch(row -> row.contains("Crashed In Between"));
    }

    @Test
    void theLogGivesBackAllButWhatIsPersonalWhichStays() {
        PARTIES.register(creator("mona"));
        PartyId mona = new PartyId("mona");
        String key = TestKeys.own(PARTIES, mona, TestRooms.signer("mona"), TestRooms.keyOf("platform"), ROOMS.now());
        List<String> before = ROOMS.rows();
        assertThat(ROOMS.sequencer().rebuild()).isEqualTo(ROOMS.logSize());
        assertThat(ROOMS.rows()).isEqualTo(before);
        assertThat(PARTIES.find(mona).orElseThrow().displayName()).contains("Ada of mona");
        assertThat(PARTIES.authenticate(key)).isPresent();
    }

    @Test
    void aProfilesHashNeedsItsSalt() {
        Profile one = Profile.salted("Same Name");
        Profile two = Profile.salted("Same Name");
        assertThat(one.hash()).isNotEqualTo(two.hash());
        assertThat(new Profile(one.salt(), "Same Name").hash()).isEqualTo(one.hash());
        assertThat(new Profile(one.salt(), "Same name").hash()).isNotEqualTo(one.hash());
    }
}
