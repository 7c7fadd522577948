package org.tallystick.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.ledger.PostingGroup;
import org.tallystick.platform.ledger.Transfer;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Every kind of damage to what is kept, one at a time, each mended before the next: fsck finds it, names it, and finds
 * nothing once it is mended.
 */
class FsckTest {
    @TempDir
    static Path dir;

    private static AuditWorld world;

    @BeforeAll
    static void open() {
        world = new AuditWorld(dir);
    }

    @AfterAll
    static void close() {
        assertThat(world.fsck()).as("everything was mended").isEmpty();
        world.close();
    }

    @FunctionalInterface
    private interface Damage {
        void run() throws IOException;
    }

    /** What fsck says while something is damaged. */
    private static Map<String, List<String>> during(Damage damage, Damage mend) throws IOException {
        damage.run();
        Map<String, List<String>> found = world.fsck();
        mend.run();
        return found;
    }

    private static void says(Map<String, List<String>> found, String area, String... words) {
        assertThat(found).containsKey(area);
        assertThat(String.join("\n", found.getOrDefault(area, List.of())))
                .as("%s says: %s", area, found)
                .contains(words);
    }

    /** A file of the log's right edge; those of earlier sizes are history. */
    private static Path edge(String kind) {
        return world.log().resolve("tile").resolve(kind).resolve("000.p/" + world.market.world.log.size());
    }

    private static Map<String, List<String>> flipped(Path file, int at) throws IOException {
        byte[] good = Files.readAllBytes(file);
        byte[] bad = good.clone();
        bad[Math.floorMod(at, bad.length)] ^= 4;
        return during(() -> Files.write(file, bad), () -> Files.write(file, good));
    }

    private static Map<String, List<String>> missing(Path file) throws IOException {
        byte[] good = Files.readAllBytes(file);
        return during(() -> Files.delete(file), () -> Files.write(file, good));
    }

    private static Path blob(String hex) {
        return world.blobs().resolve(hex.substring(0, 2)).resolve(hex);
    }

    private static String work() {
        return world.market.members.get(3).content().hex();
    }

    private static String bundle() {
        return world.value("select encode(bundle, 'hex') from delivery.shipment order by position limit 1");
    }

    @Test
    void aSoundPlatformHasNoDifferences() {
        assertThat(world.fsck()).isEmpty();
    }

    @Test
    void aFlippedWork() throws IOException {
        Map<String, List<String>> found = flipped(blob(work()), 3);
        says(found, "blobs", work(), "blob/changed");
        assertThat(found).containsOnlyKeys("blobs");
    }

    @Test
    void aMissingWork() throws IOException {
        Map<String, List<String>> found = missing(blob(work()));
        says(found, "works", work(), "is not stored");
        assertThat(found).containsOnlyKeys("works");
    }

    @Test
    void aStrayFileAmongTheBlobs() throws IOException {
        Path stray = world.blobs().resolve("ab").resolve("notes.txt");
        says(
                during(
                        () -> {
                            Files.createDirectories(stray.getParent());
                            Files.writeString(stray, "what is this");
                        },
                        () -> Files.delete(stray)),
                "blobs",
                "notes.txt",
                "blob/stray");
    }

    @Test
    void aFlippedBundle() throws IOException {
        Map<String, List<String>> found = flipped(blob(bundle()), -5);
        says(found, "blobs", bundle(), "blob/changed");
        says(found, "bundles", "log entry");
        says(found, "sets", bundle());
    }

    @Test
    void aMissingBundle() throws IOException {
        Map<String, List<String>> found = missing(blob(bundle()));
        says(found, "bundles", bundle(), "is not stored");
        says(found, "sets", bundle());
        assertThat(String.join("\n", found.getOrDefault("bundles", List.of())))
                .as("what follows a damaged batch is still in its place")
                .doesNotContain("does not follow");
    }

    @Test
    void aFlippedHashTile() throws IOException {
        says(flipped(edge("0"), 40), "log", "tile/0/", "entry 1 does not hash to its leaf");
    }

    @Test
    void aMissingHashTile() throws IOException {
        says(missing(edge("0")), "log", "tile/0/000.p/");
    }

    @Test
    void aFlippedEntry() throws IOException {
        says(flipped(edge("entries"), 500), "log", "tile/entries/");
    }

    @Test
    void aMissingEntryTile() throws IOException {
        Map<String, List<String>> found = missing(edge("entries"));
        says(found, "log", "tile/entries/");
        says(found, "bundles", "cannot be read");
    }

    @Test
    void aFlippedCheckpoint() throws IOException {
        for (int at : List.of(0, 20, 30, -10)) {
            assertThat(flipped(world.log().resolve("checkpoint"), at)).containsKey("log");
        }
    }

    @Test
    void aMissingCheckpoint() throws IOException {
        says(missing(world.log().resolve("checkpoint")), "log", "checkpoint", "log/missing");
    }

    /** What a hand on the database did; mended from a copy of the tables. */
    private static Map<String, List<String>> changed(String table, Damage damage) throws IOException {
        List<String> tables = table.startsWith("ledger.")
                ? List.of("ledger.account", "ledger.posting_group", "ledger.transfer")
                : List.of(table);
        for (String each : tables) {
            world.sql("create table public." + copy(each) + " as table " + each);
        }
        return during(damage, () -> {
            for (String each : tables) {
                world.sql("set local session_replication_role = replica; delete from " + each + "; insert into " + each
                        + (tables.size() > 1 ? " overriding system value" : "") + " select * from public." + copy(each)
                        + "; drop table public." + copy(each));
            }
        });
    }

    private static String copy(String table) {
        return "kept_" + table.replace('.', '_');
    }

    /** As above, past all triggers. */
    private static Map<String, List<String>> sql(String table, String damage) throws IOException {
        return changed(table, () -> world.sql("set local session_replication_role = replica; " + damage));
    }

    @Test
    void aChangedUsageSet() throws IOException {
        Map<String, List<String>> found = sql(
                "metering.usage_set",
                "update metering.usage_set set counts = set_byte(counts, length(counts) - 1,"
                        + " get_byte(counts, length(counts) - 1) # 1)");
        says(found, "sets", "usage set", "job:1", "has changed in the database");
    }

    @Test
    void aMissingUsageSet() throws IOException {
        says(sql("metering.usage_set", "delete from metering.usage_set"), "sets", "job:1", "is missing");
    }

    @Test
    void aChangedEpoch() throws IOException {
        says(
                sql("metering.epoch", "update metering.epoch set seen = seen || '\\x00'::bytea where edge = 1"),
                "sets",
                "epoch 1 of edge 1");
    }

    @Test
    void aMissingEpoch() throws IOException {
        says(
                sql("metering.epoch", "delete from metering.epoch where edge = 2"),
                "sets",
                "epoch 1 of edge 2 is missing");
    }

    @Test
    void aChangedBalance() throws IOException {
        Map<String, List<String>> found = sql(
                "ledger.account", "update ledger.account set credits = credits + 1 where name = 'payable:creator-42'");
        says(found, "ledger", "credits of payable:creator-42");
        assertThat(found).containsOnlyKeys("ledger");
    }

    @Test
    void aChangedPosting() throws IOException {
        Map<String, List<String>> found = sql(
                "ledger.transfer",
                "update ledger.transfer set amount = amount + 1 where description like '%: earned' and leg = 1");
        says(found, "ledger", "digest of", "debits of residue:cnf-1");
    }

    @Test
    void aPostingTakenOutWithItsBalances() throws IOException {
        Map<String, List<String>> found = sql(
                "ledger.transfer",
                "update ledger.account a set debits = a.debits - t.amount from ledger.transfer t,"
                        + " ledger.posting_group g where t.group_number = g.number and g.reference = 'wire-2'"
                        + " and t.debit_account = a.id;"
                        + " update ledger.account a set credits = a.credits - t.amount from ledger.transfer t,"
                        + " ledger.posting_group g where t.group_number = g.number and g.reference = 'wire-2'"
                        + " and t.credit_account = a.id and t.leg = 0;"
                        + " delete from ledger.transfer t using ledger.posting_group g where t.group_number = g.number"
                        + " and g.reference = 'wire-2';"
                        + " delete from ledger.posting_group where reference = 'wire-2'");
        says(found, "statements", "wire-2", "is not in the ledger");
    }

    @Test
    void aPostingThatFitsInItselfButIsNowhereInTheLog() throws IOException {
        Hash id = Sha256.hash("made up".getBytes(StandardCharsets.UTF_8));
        PostingGroup group = new PostingGroup(
                id,
                world.market.world.clock.instant(),
                "a gift",
                "none",
                List.of(new Transfer(
                        id,
                        "escrow:cnf-1",
                        "payable:creator-42",
                        Money.parse(Currency.of("USD"), "0.10"),
                        "a gift",
                        "none")));
        Map<String, List<String>> found = changed(
                "ledger.transfer", () -> world.market.world.database.write(tx -> world.market.ledger.post(tx, group)));
        assertThat(found).as("the ledger alone cannot know").doesNotContainKey("ledger");
        says(found, "statements", "the ledger holds", "posting groups, the log comes to");
    }

    @Test
    void aChangedStatement() throws IOException {
        Map<String, List<String>> found = sql(
                "settlement.statement",
                "update settlement.statement set document = replace(document, '0.005', '0.006') where close = 1");
        says(found, "statements", "statement st-", "is not what its hash or its total says");
        says(found, "tables", "settlement.statement");
    }

    @Test
    void aMissingStatement() throws IOException {
        Map<String, List<String>> found = sql(
                "settlement.statement", "delete from settlement.statement where close = 2 and party = 'creator-42'");
        says(found, "statements", "is missing");
        says(found, "tables", "settlement.statement holds 5 rows, the log makes 6 of it");
    }

    @Test
    void aChangedInvoice() throws IOException {
        says(
                sql("settlement.invoice", "update settlement.invoice set total = total + 1 where close = 1"),
                "statements",
                "invoice iv-");
    }

    @Test
    void anythingElseChangedInATableThatTheLogMakes() throws IOException {
        for (String damage : List.of(
                "contract.contract: update contract.contract set ends = ends + interval '1 day'",
                "contract.contract: update contract.contract set document = replace(document, '0.005', '0.004')",
                "catalog.creator_range: update catalog.creator_range set to_ordinal = to_ordinal + 1",
                "catalog.member: delete from catalog.member where ordinal = 7",
                "delivery.token: update delivery.token set position = position + 1",
                "delivery.shipment: delete from delivery.shipment where position ="
                        + " (select min(position) from delivery.shipment)",
                "party.party: update party.party set role = 'operator' where id = 'buyer-7'",
                "settlement.earned: update settlement.earned set posted = posted - 1",
                "settlement.owed: update settlement.owed set charged = charged - 1",
                "settlement.close: update settlement.close set position = position - 1 where number = 2",
                "settlement.billed_part: update settlement.billed_part set used_in = 2 where close = 1",
                "settlement.funding: update settlement.funding set amount = amount + 1")) {
            String table = damage.substring(0, damage.indexOf(':'));
            says(sql(table, damage.substring(damage.indexOf(':') + 2)), "tables", table);
        }
    }
}
