package org.tallystick.platform.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.Decision;
import org.tallystick.platform.log.Draft;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.log.Words;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.ContentId;

/**
 * Publishes versions of datasets and finds them. Safe from any thread. Members are looked up, sorted and hashed before
 * the sequencer is asked, since what they come from never changes; only who may publish is decided inside.
 *
 * <p>Methods that take a {@link Handle} see what its transaction sees; the others read what was committed last.
 */
public final class Catalog {
    private static final int NAMED = 5;

    /** Datasets whose words are made in one transaction. */
    private static final int INDEXED_AT_ONCE = 500;

    private final Database database;
    private final Sequencer sequencer;
    private final Parties parties;
    private final Wording wording;

    public Catalog(Database database, Sequencer sequencer, Parties parties) {
        this.database = database;
        this.sequencer = sequencer;
        this.parties = parties;
        this.wording = new Wording(database);
    }

    /** What this room makes of the log; the sequencer and a rebuild call it. */
    public static Projection projection() {
        return new CatalogProjection();
    }

    /**
     * Publishes a version of a dataset. The same version of the same dataset again is a repeat.
     *
     * @return the version; refused {@code catalog/duplicate-member} where a content stands twice, {@code
     *     catalog/member-unknown} where a creator has no manifest for a content, {@code catalog/curator} where the
     *     curator is not known as one, {@code catalog/dataset-taken} where the dataset is another curator's, {@code
     *     catalog/version-conflict} where the same works are published otherwise
     */
    public Outcome<DatasetVersion> publish(PublishVersion version) {
        return duplicates(version)
                .<Outcome<List<Member>>>map(Outcome::refused)
                .orElseGet(() -> database.read(tx -> resolve(tx, version)))
                .flatMap(members -> publish(version, members));
    }

    private static Optional<Problem> duplicates(PublishVersion version) {
        Map<ContentId, PartyId> seen = new HashMap<>();
        for (ContentAndCreator member : version.members()) {
            PartyId before = seen.putIfAbsent(member.content(), member.creator());
            if (before != null) {
                return Optional.of(Problem.invalid(
                                "catalog/duplicate-member",
                                "A content stands twice",
                                member.content() + " stands twice, for " + before + " and for " + member.creator()
                                        + ": the version must say once whose it is")
                        .with("content_id", member.content()));
            }
        }
        return Optional.empty();
    }

    private static Outcome<List<Member>> resolve(Handle tx, PublishVersion version) {
        List<Optional<Member>> found = CatalogStore.resolve(tx, version.members());
        List<ContentAndCreator> missing = new ArrayList<>();
        List<Member> members = new ArrayList<>(found.size());
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).isPresent()) {
                members.add(found.get(i).get());
            } else {
                missing.add(version.members().get(i));
            }
        }
        if (!missing.isEmpty()) {
            return Outcome.refused(unknownMembers(missing));
        }
        members.sort(Member.ORDER);
        for (int i = 0; i < members.size(); i++) {
            members.set(i, members.get(i).at(i));
        }
        return Outcome.accepted(members);
    }

    private static Problem unknownMembers(List<ContentAndCreator> missing) {
        List<String> named = missing.stream()
                .limit(NAMED)
                .map(m -> m.content() + " by " + m.creator()
                        + m.manifestId()
                                .map(id -> " under " + org.tallystick.protocol.codec.Fields.shown(id))
                                .orElse(""))
                .toList();
        return Problem.invalid(
                        "catalog/member-unknown",
                        "A work without a manifest",
                        missing.size() + " of the works have no such manifest: " + String.join(", ", named)
                                + (missing.size() > NAMED ? ", …" : ""))
                .with("missing", missing.size());
    }

    private Outcome<DatasetVersion> publish(PublishVersion version, List<Member> members) {
        Hash root = Member.root(members);
        Set<PartyId> creators = new HashSet<>();
        long bytes = 0;
        for (Member member : members) {
            creators.add(member.creator());
            bytes = Math.addExact(bytes, member.bytes());
        }
        long total = bytes;
        Words title = Words.of(version.curator(), version.title());
        Words description = Words.of(version.curator(), version.description());
        Draft draft = Draft.document(
                CatalogProjection.DATASET_VERSION,
                CatalogProjection.versionBody(version, title, description, root, members));
        return wording.keeping(
                List.of(title, description),
                () -> sequencer.execute((tx, now) -> {
                    Optional<Outcome<DatasetVersion>> settled = CatalogStore.version(tx, root)
                            .map(found -> again(found, version))
                            .or(() -> refusal(tx, version, creators).map(Outcome::refused));
                    return settled.map(Decision::answer)
                            .orElseGet(() -> Decision.append(
                                    List.of(draft),
                                    position -> Outcome.accepted(new DatasetVersion(
                                            root,
                                            version.dataset(),
                                            version.curator(),
                                            version.title(),
                                            version.description(),
                                            members.size(),
                                            total,
                                            creators.size(),
                                            now,
                                            position))));
                }));
    }

    private static Outcome<DatasetVersion> again(DatasetVersion found, PublishVersion version) {
        boolean same = found.dataset().equals(version.dataset())
                && found.curator().equals(version.curator())
                && found.title().equals(version.title())
                && found.description().equals(version.description());
        return same
                ? Outcome.repeated(found)
                : Outcome.refused(Problem.conflict(
                                "catalog/version-conflict",
                                "Published otherwise already",
                                "these works are already a version of " + found.dataset()
                                        + " with other words about it; a version never changes")
                        .with("root", found.root()));
    }

    private Optional<Problem> refusal(Handle tx, PublishVersion version, Set<PartyId> creators) {
        Optional<Role> role = parties.find(tx, version.curator()).map(Party::role);
        boolean ownWorks = creators.equals(Set.of(version.curator()));
        if (!role.equals(Optional.of(Role.CURATOR)) && !(role.equals(Optional.of(Role.CREATOR)) && ownWorks)) {
            return Optional.of(Problem.forbidden(
                    "catalog/curator",
                    "Not a curator",
                    version.curator() + " is neither registered as a curator nor the one creator of these works"));
        }
        return CatalogStore.curator(tx, version.dataset())
                .filter(owner -> !owner.equals(version.curator()))
                .map(owner -> Problem.conflict(
                        "catalog/dataset-taken",
                        "Another curator's dataset",
                        version.dataset() + " is not a dataset of " + version.curator()));
    }

    /** A version by its root. */
    public Optional<DatasetVersion> version(Handle tx, Hash root) {
        return CatalogStore.version(tx, root);
    }

    /** A version by its root. */
    public Optional<DatasetVersion> version(Hash root) {
        return database.read(tx -> CatalogStore.version(tx, root));
    }

    /** The newest versions of a dataset, newest first; at most {@code limit}. */
    public List<DatasetVersion> versions(Handle tx, DatasetId dataset, int limit) {
        return CatalogStore.versions(tx, dataset, limit);
    }

    /** The newest versions that hold a manifest's work, newest first; at most {@code limit}. */
    public List<DatasetVersion> versionsHolding(Handle tx, String manifestId, int limit) {
        return CatalogStore.versionsHolding(tx, manifestId, limit);
    }

    /** The members from an ordinal on, at most {@code limit}, with the paths that the version commits to. */
    public List<Member> namedMembers(Handle tx, Hash root, int from, int limit) {
        return CatalogStore.named(tx, root, from, limit);
    }

    /**
     * All members of a version in the order of their ordinals, without paths that it only commits to; none where there is no
     * such version.
     */
    public List<Member> members(Handle tx, Hash root) {
        return CatalogStore.members(tx, root);
    }

    /** The members from an ordinal on, at most {@code limit}. */
    public List<Member> members(Handle tx, Hash root, int from, int limit) {
        return CatalogStore.members(tx, root, from, limit);
    }

    /** The member of a version with that content. */
    public Optional<Member> member(Handle tx, Hash root, ContentId content) {
        return CatalogStore.member(tx, root, content);
    }

    /** Roots of all versions that hold a content. */
    public List<Hash> versionsOf(Handle tx, ContentId content) {
        return CatalogStore.versionsOf(tx, content);
    }

    /** Whether a curator has published a version that holds a content. */
    public boolean isCuratedBy(Handle tx, PartyId curator, ContentId content) {
        return CatalogStore.isCuratedBy(tx, curator, content);
    }

    /** The members with these ordinals, in their order; ordinals beyond the version are passed over. */
    public List<Member> members(Handle tx, Hash root, int[] ordinals) {
        return CatalogStore.members(tx, root, ordinals);
    }

    /** Each creator's run of ordinals, in their order; together they are the whole version. */
    public List<CreatorRange> ranges(Handle tx, Hash root) {
        return CatalogStore.ranges(tx, root);
    }

    /** One creator's run of ordinals in a version, if any of it is theirs. */
    public Optional<CreatorRange> range(Handle tx, Hash root, PartyId creator) {
        return CatalogStore.range(tx, root, creator);
    }

    /** Every creator who has uploaded this content, by id. */
    public List<PartyId> claimants(Handle tx, ContentId content) {
        return CatalogStore.claimants(tx, content);
    }

    /**
     * One page of the datasets that match, the youngest dataset first. Following {@code next} shows each dataset that was
     * there from the beginning and matches all along exactly once, whatever is published meanwhile.
     */
    public Page<DatasetSummary> search(DatasetQuery query) {
        return database.read(tx -> search(tx, query));
    }

    /** A page like {@link #search(DatasetQuery)}, as a transaction sees it. */
    public Page<DatasetSummary> search(Handle tx, DatasetQuery query) {
        return MarketStore.search(tx, query);
    }

    /**
     * Makes the words by which datasets are found where an earlier version left them out; to be called after a migration,
     * before anybody searches. Repeating it is safe.
     *
     * @return how many datasets had none
     */
    public static int indexWords(Database database) {
        int all = 0;
        int some;
        do {
            some = database.write(tx -> MarketStore.indexMissing(tx, INDEXED_AT_ONCE));
            all += some;
        } while (some > 0);
        return all;
    }

    /** How the datasets that match are distributed; the query's cursor and limit do not matter. */
    public Facets facets(DatasetQuery query) {
        return database.read(tx -> MarketStore.facets(tx, query));
    }
}
