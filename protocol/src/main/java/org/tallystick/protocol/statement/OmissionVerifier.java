package org.tallystick.protocol.statement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.receipt.ReleaseKey;
import org.tallystick.protocol.receipt.ReleaseTable;
import org.tallystick.protocol.receipt.TokenId;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.usage.SetOpening;
import org.tallystick.protocol.usage.UsageNames;

/**
 * Checks offline that a close left out a use. All that makes a delivery count is checked; what would take it back, if the log
 * has that, can be put into the same file as an answer, and then the proof no longer holds. So an honest close cannot be held
 * to a delivery that its edge has voided, or that came after the end of a job: it has the answer.
 */
public final class OmissionVerifier {
    /** How far a leaf's time may lie past the end of a job or token, since clocks differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);

    private final NoteKey platform;
    private final Verifier verifier;

    /** @param platform the platform's key, known from elsewhere */
    public OmissionVerifier(NoteKey platform, Verifier verifier) {
        this.platform = platform;
        this.verifier = verifier;
    }

    /**
     * A use that a close left out.
     *
     * @param receipt id of the delivery
     * @param creator of the work
     * @param work its content id
     * @param period that the close closed
     * @param wholeSet whether the close has no set of that job and scope at all
     */
    public record Omitted(
            String receipt,
            String creator,
            String work,
            String contract,
            String job,
            String period,
            boolean wholeSet) {}

    /** @throws MalformedException with the reason for which it proves nothing: {@code omission/…} or what is malformed */
    public Omitted verify(byte[] bytes) {
        Omission omission = Omission.parse(bytes);
        if (!omission.key().equals(platform)) {
            throw new MalformedException("omission/wrong-key", "it is about " + omission.key());
        }
        StatementEvidence evidence = omission.evidence();
        OpenedUsage usage = one(evidence.usage(), "opening of a contract");
        LoggedDocument closeEntry = one(documents(evidence, LoggedDocument.CLOSE), "close");
        if (closeEntry.position() != usage.close()) {
            throw new MalformedException("omission/close", "the opening is of another close");
        }
        Fields close = Fields.of(closeEntry.entry().body(), LoggedDocument.CLOSE);
        CloseEntry.of(closeEntry).check(usage);
        PaperVerifier log = new PaperVerifier(platform, verifier);
        log.checkLog(close.integer("position", 0, closeEntry.position()), evidence);
        Delivered delivered = delivered(log, evidence);
        Grant grant = grant(evidence, delivered);
        if (!delivered.time().isBefore(close.instant("to"))) {
            throw new MalformedException("omission/later", delivered.id() + " came after the period's end");
        }
        Work work = work(evidence, grant, delivered);
        order(omission, grant, delivered, work.ordinal());
        answers(evidence, grant, delivered, work, close.integer("position", 0, closeEntry.position()));
        boolean wholeSet = left(usage, grant, work);
        return new Omitted(
                delivered.id(),
                work.creator(),
                delivered.leaf().content().toString(),
                grant.contract(),
                grant.job(),
                close.text("period"),
                wholeSet);
    }

    /**
     * The delivery, and what its edge said of it afterwards.
     *
     * @param position of its batch in the log
     */
    private record Delivered(long position, Leaf leaf, List<Leaf> outcomes) {
        String id() {
            return leaf.receiptId();
        }

        Instant time() {
            return Instant.ofEpochMilli(leaf.time());
        }
    }

    /** A member of the dataset version. */
    private record Work(long ordinal, String creator, Fields member) {}

    private static <T> T one(List<T> found, String what) {
        if (found.size() != 1) {
            throw new MalformedException("omission/parts", "one " + what + " is needed, not " + found.size());
        }
        return found.getFirst();
    }

    private static List<LoggedDocument> documents(StatementEvidence evidence, String type) {
        return evidence.documents().stream()
                .filter(document -> document.type().equals(type))
                .toList();
    }

    private static Delivered delivered(PaperVerifier log, StatementEvidence evidence) {
        List<Delivered> deliveries = new ArrayList<>();
        List<Leaf> outcomes = new ArrayList<>();
        for (StatementEvidence.BatchPart part : evidence.parts()) {
            for (Leaf leaf : log.leaves(part, log.certificates(evidence))) {
                if (leaf.kind() == LeafKind.VOID || leaf.kind() == LeafKind.CUT) {
                    outcomes.add(leaf);
                } else {
                    deliveries.add(new Delivered(part.position(), leaf, outcomes));
                }
            }
        }
        Delivered delivered = one(deliveries, "delivery");
        if (!delivered.leaf().kind().meters() || !delivered.leaf().scope().meters()) {
            throw new MalformedException("omission/no-use", delivered.id() + " is no use");
        }
        if (outcomes.stream().anyMatch(leaf -> !leaf.refersId().equals(delivered.id()))) {
            throw new MalformedException("omission/parts", "what is said of another delivery answers nothing");
        }
        return delivered;
    }

    private static Grant grant(StatementEvidence evidence, Delivered delivered) {
        LoggedDocument document = one(documents(evidence, LoggedDocument.GRANT), "grant");
        Grant grant = Grant.ofClaims(document.entry().body());
        boolean allows = grant.tokenId().equals(delivered.leaf().token())
                && document.position() < delivered.position()
                && grant.scope() == delivered.leaf().scope()
                && grant.validAt(delivered.time())
                && (grant.edges().isEmpty()
                        || grant.edges().contains(delivered.leaf().edge()));
        if (!allows) {
            throw new MalformedException(
                    "omission/not-granted", delivered.id() + " was not left under the grant shown, as it allows");
        }
        return grant;
    }

    private static Work work(StatementEvidence evidence, Grant grant, Delivered delivered) {
        StatementEvidence.Version shown = one(evidence.versions(), "dataset version");
        ShownVersion version = ShownVersion.of(shown);
        Leaf leaf = delivered.leaf();
        if (!shown.root().equals(grant.dataset())
                || !version.sized()
                || !version.creators().containsKey(leaf.content())) {
            throw new MalformedException(
                    "omission/member", "at which place the work stands in the granted dataset version is not shown");
        }
        long ordinal = version.ordinal(leaf.content());
        Fields member =
                Fields.of(Optional.ofNullable(shown.members().get(ordinal)).orElseThrow(), "member");
        Work work = new Work(ordinal, member.text("creator_id"), member);
        if (!isUse(leaf, work, leaf.bytes())) {
            throw new MalformedException("omission/no-use", "all that " + delivered.id() + " promised is free");
        }
        return work;
    }

    /** Whether handing over so many bytes of the work is a use; they must be bytes that the work has. */
    private static boolean isUse(Leaf leaf, Work work, long handed) {
        long length = work.member().integer("bytes", 0, Long.MAX_VALUE >> 11);
        boolean fits = leaf.kind() == LeafKind.FULL ? leaf.bytes() == length : leaf.from() + leaf.bytes() <= length;
        if (!fits) {
            throw new MalformedException("omission/bytes", leaf.receiptId() + " promises bytes the work does not have");
        }
        return !FreeRanges.read(work.member(), "free_ranges").covers(leaf.from(), handed);
    }

    /** A delivery under an order counts with the work's release key, and until the order ends. */
    private static void order(Omission omission, Grant grant, Delivered delivered, long ordinal) {
        if (grant.order().isEmpty()) {
            return;
        }
        LoggedDocument document = one(documents(omission.evidence(), "job-order"), "job order");
        JobOrder order = JobOrder.ofPayload(
                Jws.parse(Fields.of(document.entry().body(), "job-order").text("order"))
                        .payload());
        Omission.OrderPage page = omission.page()
                .orElseThrow(() -> new MalformedException("omission/page", "the work's release key is not shown"));
        Grant.Order claimed = grant.order().get();
        long number = ordinal / ReleaseTable.PAGE_ENTRIES;
        long pages = (order.works() + ReleaseTable.PAGE_ENTRIES - 1L) / ReleaseTable.PAGE_ENTRIES;
        boolean proven = order.claim().equals(claimed)
                && MerkleTree.rootOf(MerkleTree.leafHash(page.entries()), number, pages, page.path())
                        .equals(claimed.keys());
        boolean released = delivered.leaf().released()
                && ReleaseTable.opens(
                        HexFormat.of().parseHex(claimed.tag()),
                        page.entries(),
                        Math.toIntExact(ordinal),
                        new ReleaseKey(delivered.leaf().salt()));
        if (!proven || !released || !delivered.time().isBefore(order.ends())) {
            throw new MalformedException(
                    "omission/not-ordered", delivered.id() + " does not show that its consumer asked for the work");
        }
    }

    /** What the log may have that takes the use back; each is an answer to the proof. */
    private static void answers(StatementEvidence evidence, Grant grant, Delivered delivered, Work work, long before) {
        for (Leaf outcome : delivered.outcomes()) {
            boolean some = outcome.kind() == LeafKind.CUT && isUse(delivered.leaf(), work, outcome.bytes());
            if (!some) {
                throw answered("the edge has taken " + delivered.id() + " back: " + outcome.receiptId());
            }
        }
        for (LoggedDocument document : evidence.documents()) {
            if (document.position() >= before) {
                continue;
            }
            Fields body = Fields.of(document.entry().body(), document.type());
            boolean late = !delivered.time().isBefore(document.entry().time().plus(TOLERANCE));
            boolean ends = switch (document.type()) {
                case "job-closed" -> late && body.text("job").equals(grant.job());
                case "grant-revoked" ->
                    late && TokenId.parse(body.text("token")).equals(grant.tokenId());
                case "edge-revoked" ->
                    document.position() < delivered.position()
                            && body.integer("edge", 1, Integer.MAX_VALUE)
                                    == delivered.leaf().edge()
                            && (body.integer("epoch", 0, Integer.MAX_VALUE) == 0
                                    || body.integer("epoch", 0, Integer.MAX_VALUE)
                                            == delivered.leaf().epoch());
                default -> false;
            };
            if (ends) {
                throw answered("entry " + document.position() + " of the log, " + document.type() + ", came before "
                        + delivered.id());
            }
        }
    }

    private static MalformedException answered(String detail) {
        return new MalformedException("omission/answered", detail);
    }

    /** @return whether the whole set is left out */
    private static boolean left(OpenedUsage usage, Grant grant, Work work) {
        if (!usage.opening().contract().equals(grant.contract())) {
            throw new MalformedException("omission/contract", "the delivery was made under another contract");
        }
        Optional<SetOpening> set =
                usage.opening().set(UsageNames.id(UsageNames.set(grant.contract(), grant.job(), grant.scope())));
        if (set.isEmpty()) {
            return true;
        }
        int ordinal = Math.toIntExact(work.ordinal());
        boolean used = set.get()
                .creator()
                .filter(creator -> creator.from() <= ordinal && ordinal < creator.to())
                .orElseThrow(() ->
                        new MalformedException("omission/not-shown", "the opening shows works of another creator"))
                .used(ordinal);
        if (used) {
            throw new MalformedException("omission/counted", "the close counts the work as used");
        }
        return false;
    }
}
