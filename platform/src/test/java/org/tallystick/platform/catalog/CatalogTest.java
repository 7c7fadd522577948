package org.tallystick.platform.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatList;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Gatherers;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.platform.ingest.Manifests;
import org.tallystick.platform.ingest.TestRooms;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.receipt.ContentId;

/** Publishing versions, on a real database and log. */
class CatalogTest {
    private static final TestRooms ROOMS = TestRooms.open();
    private static final Catalog CATALOG = ROOMS.catalog();
    private static final Principal ADA = ROOMS.register("ada", Role.CREATOR);
    private static final Principal BEA = ROOMS.register("bea", Role.CREATOR);
    private static final Principal CAI = ROOMS.register("cai", Role.CURATOR);
    private static final Principal DAN = ROOMS.register("dan", Role.CURATOR);

    static {
        ROOMS.register("bob", Role.BUYER);
    }

    @AfterAll
    static void close() {
        ROOMS.close();
    }

    private static ContentAndCreator work(Principal creator, String text) {
        return Manifests.upload(ROOMS, creator, text);
    }

    private static PublishVersion version(String dataset, String curator, List<ContentAndCreator> members) {
        return new PublishVersion(new DatasetId(dataset), new PartyId(curator), "A title", "A description", members);
    }

    private static <T> T read(Function<Handle, T> query) {
        return ROOMS.database().read(query);
    }

    private static List<Member> members(Hash root) {
        return read(tx -> CATALOG.members(tx, root));
    }

    private static void assertRefused(String reason, PublishVersion version) {
        long entries = ROOMS.logSize();
        assertThat(CATALOG.publish(version).refusal().map(Problem::type)).contains(reason);
        assertThat(ROOMS.logSize()).isEqualTo(entries);
    }

    @Test
    void aVersionIsItsMembersInOneOrder() {
        List<ContentAndCreator> works = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            works.add(work(i % 3 == 0 ? ADA : BEA, "ordered " + i));
        }
        DatasetVersion version =
                CATALOG.publish(version("ordered", "cai", works)).orThrow();
        List<Member> members = members(version.root());
        assertThat(members).isSortedAccordingTo(Member.ORDER).hasSize(9);
        assertThat(members).extracting(Member::ordinal).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(members)
                .extracting(m -> new ContentAndCreator(m.content(), m.creator()))
                .containsExactlyInAnyOrderElementsOf(works);
        assertThat(Member.root(members)).isEqualTo(version.root());
        assertThat(version.members()).isEqualTo(9);
        assertThat(version.creators()).isEqualTo(2);
        assertThat(version.bytes())
                .isEqualTo(members.stream().mapToLong(Member::bytes).sum());
        assertThat(version.published()).isEqualTo(ROOMS.now());
        assertThat(CATALOG.version(version.root())).contains(version);
        assertThatList(read(tx -> CATALOG.ranges(tx, version.root())))
                .containsExactly(new CreatorRange(ADA.id(), 0, 3), new CreatorRange(BEA.id(), 3, 9));

        Collections.shuffle(works, new java.util.Random(1));
        assertThat(CATALOG.publish(version("ordered", "cai", works))).isEqualTo(Outcome.repeated(version));
    }

    @Test
    void membersCanBeReadInPart() {
        List<ContentAndCreator> works = List.of(work(ADA, "part 1"), work(ADA, "part 2"), work(BEA, "part 3"));
        Hash root = CATALOG.publish(version("in-part", "cai", works)).orThrow().root();
        List<Member> all = members(root);
        read(tx -> {
            assertThat(CATALOG.members(tx, root, 1, 1)).containsExactly(all.get(1));
            assertThat(CATALOG.members(tx, root, 1, 100)).containsExactly(all.get(1), all.get(2));
            assertThat(CATALOG.members(tx, root, 3, 5)).isEmpty();
            List<Member> named = CATALOG.namedMembers(tx, root, 0, 100);
            assertThat(named)
                    .extracting(Member::document)
                    .isEqualTo(all.stream().map(Member::document).toList());
            assertThat(named).allSatisfy(member -> assertThat(member.path()).startsWith("texts/"));
            assertThat(CATALOG.member(tx, root, all.get(2).content())).contains(named.get(2));
            assertThat(CATALOG.member(tx, root, ContentId.of(new byte[3]))).isEmpty();
            assertThat(CATALOG.versionsHolding(tx, all.get(0).manifestId(), 10))
                    .extracting(DatasetVersion::root)
                    .containsExactly(root);
            assertThat(CATALOG.versionsHolding(tx, "mf-" + "0".repeat(40), 10)).isEmpty();
            return true;
        });
    }

    @Test
    void nothingIsThereUnderAnotherRoot() {
        Hash other = Hash.ofHex("ab".repeat(32));
        assertThat(CATALOG.version(other)).isEmpty();
        assertThat(members(other)).isEmpty();
        assertThatList(read(tx -> CATALOG.ranges(tx, other))).isEmpty();
    }

    @Test
    void theRootNamesEveryMemberOfEveryMember() {
        DatasetVersion version = CATALOG.publish(
                        version("rooted", "cai", List.of(work(ADA, "rooted 1"), work(BEA, "rooted 2"))))
                .orThrow();
        List<Member> members = members(version.root());
        Member m = members.getFirst();
        List<Member> changes = List.of(
                new Member(
                        0,
                        ContentId.of(new byte[1]),
                        m.creator(),
                        m.manifestId(),
                        m.bytes(),
                        m.mediaType(),
                        m.licenseUri(),
                        m.path()),
                new Member(
                        0, m.content(), CAI.id(), m.manifestId(), m.bytes(), m.mediaType(), m.licenseUri(), m.path()),
                new Member(0, m.content(), m.creator(), "mf-x", m.bytes(), m.mediaType(), m.licenseUri(), m.path()),
                new Member(0, m.content(), m.creator(), m.manifestId(), 1, m.mediaType(), m.licenseUri(), m.path()),
                new Member(0, m.content(), m.creator(), m.manifestId(), m.bytes(), "a/b", m.licenseUri(), m.path()),
                new Member(0, m.content(), m.creator(), m.manifestId(), m.bytes(), m.mediaType(), "urn:x", m.path()),
                new Member(0, m.content(), m.creator(), m.manifestId(), m.bytes(), m.mediaType(), m.licenseUri(), "/"));
        for (Member changed : changes) {
            assertThat(Member.root(List.of(changed, members.get(1)))).isNotEqualTo(version.root());
        }
        assertThat(Member.root(members.reversed())).isNotEqualTo(version.root());
        assertThat(Member.root(members.subList(0, 1))).isNotEqualTo(version.root());
    }

    @Test
    void aContentStandsOnceAndForOneCreator() {
        ContentAndCreator adas = work(ADA, "claimed twice");
        ContentAndCreator beas = work(BEA, "claimed twice");
        assertThat(adas.content()).isEqualTo(beas.content());
        assertRefused("catalog/duplicate-member", version("claimed", "cai", List.of(adas, beas)));
        assertRefused("catalog/duplicate-member", version("claimed", "cai", List.of(adas, adas)));
        DatasetVersion hers =
                CATALOG.publish(version("claimed", "cai", List.of(beas))).orThrow();
        assertThat(members(hers.root())).extracting(Member::creator).containsExactly(BEA.id());
        assertThatList(read(tx -> CATALOG.claimants(tx, adas.content()))).containsExactly(ADA.id(), BEA.id());
    }

    @Test
    void everyMemberHasAManifestByItsCreator() {
        ContentAndCreator adas = work(ADA, "only hers");
        ContentAndCreator stolen = new ContentAndCreator(adas.content(), BEA.id());
        ContentAndCreator missing = new ContentAndCreator(ContentId.of(new byte[] {9, 9}), ADA.id());
        assertRefused("catalog/member-unknown", version("unknown", "cai", List.of(stolen)));
        Problem problem = CATALOG.publish(version("unknown", "cai", List.of(missing, adas)))
                .refusal()
                .orElseThrow();
        assertThat(problem.type()).isEqualTo("catalog/member-unknown");
        assertThat(problem.detail()).contains(missing.content().toString()).contains("1 of the works");
        assertThat(problem.extras()).containsEntry("missing", "1");
        assertRefused(
                "catalog/member-unknown",
                version(
                        "unknown",
                        "cai",
                        List.of(new ContentAndCreator(adas.content(), ADA.id(), Optional.of("mf-" + "1".repeat(40))))));
    }

    @Test
    void ofSeveralManifestsTheNewestOrTheOneNamedCounts() {
        ContentAndCreator first = Manifests.upload(ROOMS, ADA, "two manifests", "urn:old", "text/plain");
        ContentAndCreator second = Manifests.upload(ROOMS, ADA, "two manifests", "urn:new", "text/plain");
        assertThat(first).isEqualTo(second);
        DatasetVersion newest =
                CATALOG.publish(version("newest", "cai", List.of(first))).orThrow();
        assertThat(members(newest.root())).extracting(Member::licenseUri).containsExactly("urn:new");
        Member old = ROOMS.database()
                .read(tx -> CatalogStore.resolve(tx, List.of(first)))
                .getFirst()
                .orElseThrow();
        assertThat(old.licenseUri()).isEqualTo("urn:new");
        String oldManifest = ROOMS.database()
                .read(tx -> tx.select("select manifest_id from catalog.work where license_uri = 'urn:old'")
                        .mapTo(String.class)
                        .one());
        DatasetVersion named = CATALOG.publish(version(
                        "newest",
                        "cai",
                        List.of(new ContentAndCreator(first.content(), ADA.id(), Optional.of(oldManifest)))))
                .orThrow();
        assertThat(members(named.root())).extracting(Member::licenseUri).containsExactly("urn:old");
        assertThat(named.root()).isNotEqualTo(newest.root());
        assertThatList(read(tx -> CATALOG.versions(tx, new DatasetId("newest"), 10)))
                .containsExactly(named, newest);
    }

    /** Who publishes whose works; and what comes of it. */
    @ParameterizedTest
    @CsvSource({
        "cai,    ada,     accepted",
        "cai,    ada+bea, accepted",
        "ada,    ada,     accepted",
        "ada,    bea,     catalog/curator",
        "ada,    ada+bea, catalog/curator",
        "bob,    ada,     catalog/curator",
        "nobody, ada,     catalog/curator"
    })
    void whoMayPublish(String curator, String creators, String result) {
        String text = "published by " + curator + " " + creators;
        List<ContentAndCreator> works = new ArrayList<>();
        if (creators.contains("ada")) {
            works.add(work(ADA, text));
        }
        if (creators.contains("bea")) {
            works.add(work(BEA, text + "!"));
        }
        PublishVersion version = version("by-" + curator + "-" + works.size() + creators.charAt(0), curator, works);
        if (result.equals("accepted")) {
            assertThat(CATALOG.publish(version).orThrow().curator()).isEqualTo(new PartyId(curator));
        } else {
            assertRefused(result, version);
        }
    }

    @Test
    void aDatasetIsOneCuratorsAndAVersionNeverChanges() {
        List<ContentAndCreator> works = List.of(work(ADA, "immutable"));
        DatasetVersion version = CATALOG.publish(version("owned", "cai", works)).orThrow();
        assertRefused("catalog/dataset-taken", version("owned", "dan", List.of(work(ADA, "another's"))));
        assertRefused("catalog/version-conflict", version("elsewhere", "cai", works));
        assertRefused("catalog/version-conflict", version("owned", "dan", works));
        assertRefused(
                "catalog/version-conflict",
                new PublishVersion(new DatasetId("owned"), CAI.id(), "Another title", "A description", works));
        assertThat(CATALOG.version(version.root())).contains(version);
        DatasetVersion next = CATALOG.publish(version("owned", "cai", List.of(works.getFirst(), work(BEA, "one more"))))
                .orThrow();
        assertThat(next.root()).isNotEqualTo(version.root());
        assertThat(CATALOG.version(version.root())).as("the old one stays").contains(version);
        assertThat(DAN.role()).isEqualTo(Role.CURATOR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|d|1|catalog/title",
                " |d|1|catalog/title",
                "T|d|0|catalog/members",
                "long|d|1|catalog/title",
                "T|long|1|catalog/description"
            })
    void theWordsAboutAVersionAreBounded(String row) {
        String[] cells = row.split("\\|");
        String title = cells[0].equals("long") ? "t".repeat(301) : cells[0];
        String description = cells[1].equals("long") ? "d".repeat(20_001) : cells[1];
        List<ContentAndCreator> members =
                cells[2].equals("0") ? List.of() : List.of(new ContentAndCreator(ContentId.of(new byte[1]), ADA.id()));
        assertThatThrownBy(() -> new PublishVersion(new DatasetId("x"), CAI.id(), title, description, members))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(cells[3]));
    }

    @Test
    void oneOfManySamePublicationsIsFresh() throws Exception {
        List<ContentAndCreator> works = List.of(work(ADA, "raced 1"), work(BEA, "raced 2"));
        long entries = ROOMS.logSize();
        List<Outcome<DatasetVersion>> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Outcome<DatasetVersion>>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(threads.submit(() -> CATALOG.publish(version("raced", "cai", works))));
            }
            for (Future<Outcome<DatasetVersion>> one : all) {
                outcomes.add(one.get());
            }
        }
        assertThat(outcomes.stream().map(Outcome::orThrow).distinct()).hasSize(1);
        assertThat(outcomes.stream().filter(o -> o instanceof Outcome.Accepted<DatasetVersion> a && !a.repeated()))
                .hasSize(1);
        assertThat(ROOMS.logSize()).isEqualTo(entries + 1);
    }

    /** Entries only, since contents make no difference here. */
    @Test
    void thousandsOfWorksMakeOneVersion() {
        int works = 2_500;
        SplittableRandom random = new SplittableRandom(7);
        List<ContentAndCreator> all = new ArrayList<>();
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < works; i++) {
            byte[] content = new byte[8];
            random.nextBytes(content);
            PartyId creator = new PartyId("creator-" + i % 70);
            ContentId id = ContentId.of(content);
            all.add(new ContentAndCreator(id, creator));
            drafts.add(Draft.document("manifest", entry(i, id, creator)));
        }
        for (List<Draft> some :
                drafts.stream().gather(Gatherers.windowFixed(1_000)).toList()) {
            ROOMS.sequencer().execute((tx, now) -> Decision.append(some, position -> position));
        }
        DatasetVersion version =
                CATALOG.publish(version("thousands", "cai", all)).orThrow();
        List<Member> members = members(version.root());
        assertThat(members).hasSize(works).isSortedAccordingTo(Member.ORDER);
        assertThat(Member.root(members)).isEqualTo(version.root());
        List<CreatorRange> ranges = read(tx -> CATALOG.ranges(tx, version.root()));
        assertThat(ranges).hasSize(70);
        assertThat(ranges.getFirst().from()).isZero();
        assertThat(ranges.getLast().to()).isEqualTo(works);
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).from()).isEqualTo(ranges.get(i - 1).to());
        }
        for (CreatorRange range : ranges) {
            assertThat(members.subList(range.from(), range.to()))
                    .allMatch(m -> m.creator().equals(range.creator()));
        }
    }

    private static Json.Obj entry(int i, ContentId content, PartyId creator) {
        return Json.object()
                .put("manifest_id", "mf-" + "%040x".formatted(i + 1_000_000))
                .put("bytes", 8)
                .put("uploader", creator.value())
                .put("receipt", "none")
                .put(
                        "manifest",
                        Json.object()
                                .put("content_id", content.toString())
                                .put("creator_id", creator.value())
                                .put("license_uri", "urn:l")
                                .put("path", "p/" + i)
                                .build())
                .build();
    }

    @Test
    void theLogGivesBackEveryRow() {
        CATALOG.publish(version("rebuilt", "cai", List.of(work(ADA, "rebuilt 1"))))
                .orThrow();
        CATALOG.publish(version("rebuilt", "cai", List.of(work(ADA, "rebuilt 1"), work(BEA, "rebuilt 2"))))
                .orThrow();
        List<String> before = ROOMS.rows();
        ROOMS.sequencer().rebuild();
        assertThat(ROOMS.rows()).isEqualTo(before);
    }

    @Test
    void oddPathsAreShownCleanAndKeptExactly() {
        Member member = new Member(
                0, ContentId.of(new byte[0]), ADA.id(), "mf-x", 0, "a/b", "urn:l", "a\u001b[2J/\u202Egpj.exe\n 🎻é");
        assertThat(member.displayPath()).isEqualTo("a\uFFFD[2J/\uFFFDgpj.exe\uFFFD 🎻é");
        assertThat(member.document().toString()).contains("\\u001b").contains("\\n");
        Seeds.check(500, random -> {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                int c = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(0x2100);
                text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
            }
            String shown = DisplayText.of(text.toString());
            assertThat(shown.codePoints()).noneMatch(Character::isISOControl);
            assertThat(DisplayText.of(shown)).isEqualTo(shown);
            String cut = DisplayText.of(text.toString(), 8);
            assertThat(cut.codePointCount(0, cut.length())).isLessThanOrEqualTo(8);
        });
    }
}
