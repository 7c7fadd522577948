package org.tallystick.platform.api.handlers;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.HttpRefusedException;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.CreatorRange;
import org.tallystick.platform.catalog.DatasetQuery;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.catalog.WorkReads;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;

/** Dataset versions, the marketplace, and the bytes of works for edges. */
public final class DatasetActions {
    private static final int DEFAULT_PAGE = 50;

    /** Most members on a page that is asked for. */
    private static final int MAX_PAGE = 1_000;

    /** Members read in one transaction. */
    private static final int PIECE = 1_000;

    private final Catalog catalog;
    private final WorkReads reads;
    private final BlobStore blobs;
    private final Database database;
    private final Ownership ownership;

    public DatasetActions(Catalog catalog, WorkReads reads, BlobStore blobs, Database database, Ownership ownership) {
        this.catalog = catalog;
        this.reads = reads;
        this.blobs = blobs;
        this.database = database;
        this.ownership = ownership;
    }

    public void bind(Routes routes) {
        routes.bind("publishDataset", this::publish)
                .bind("searchDatasets", this::search)
                .bind("datasetVersion", this::version)
                .bind("datasetMembers", this::members)
                .bind("blob", this::blob)
                .bind("workReads", this::reads);
    }

    private Answer publish(Call call) {
        List<ContentAndCreator> members = new ArrayList<>();
        Map<String, PartyId> creators = new HashMap<>(); // a million members name a few creators
        Fields body = call.json("dataset", "members", item -> {
            Fields member = Fields.strict(item, "dataset.members[" + members.size() + "]");
            members.add(new ContentAndCreator(
                    ContentId.parse(member.text("content_id")),
                    creators.computeIfAbsent(member.text("creator_id"), PartyId::new),
                    member.optionalText("manifest_id")));
            member.noOthers();
        });
        body.objects("members");
        PublishVersion version = new PublishVersion(
                new DatasetId(body.text("dataset_id")),
                call.party(),
                body.text("title"),
                body.optionalText("description").orElse(""),
                members);
        body.noOthers();
        return Shapes.created(
                catalog.publish(version),
                found -> "/datasets/versions/" + found.root().hex(),
                Shapes::version);
    }

    private Answer search(Call call) {
        DatasetQuery query = new DatasetQuery(
                call.query("q"),
                call.query("license"),
                call.query("media_type"),
                call.query("creator", PartyId::new),
                call.query("curator", PartyId::new),
                call.cursor(),
                (int) call.number("limit", DEFAULT_PAGE, 1, DatasetQuery.MAX_LIMIT));
        return Answer.ok(Shapes.page(
                catalog.search(query),
                dataset -> Shapes.version(dataset.newest())
                        .with("licenses", Json.strings(dataset.licenses()))
                        .with("media_types", Json.strings(dataset.mediaTypes()))));
    }

    private Answer version(Call call) {
        Hash root = call.rootInPath();
        return Answer.ok(Shapes.version(catalog.version(root).orElseThrow(() -> unknown(root))));
    }

    /** All of them, or one page where the caller sets a limit. Read in pieces, and sent as they are read. */
    private Answer members(Call call) {
        Hash root = call.rootInPath();
        CreatorRange sight = database.read(tx -> {
            DatasetVersion version = catalog.version(tx, root).orElseThrow(() -> unknown(root));
            return switch (ownership.members(tx, call.principal(), version)) {
                case Ownership.Sight.Whole() -> new CreatorRange(version.curator(), 0, version.members());
                case Ownership.Sight.Own(PartyId creator) ->
                    catalog.range(tx, root, creator).orElseThrow(() -> unknown(root));
                case Ownership.Sight.None() -> throw membersNotShown(root);
            };
        });
        boolean named = call.principal().role() != Role.EDGE; // it serves works by their content ids and needs no names
        int from = (int) Math.max(sight.from(), call.number("cursor", 0, 0, Integer.MAX_VALUE));
        long page = call.number("limit", Integer.MAX_VALUE, 1, MAX_PAGE);
        int to = (int) Math.min(sight.to(), from + page);
        Json.Builder others = Json.object().put("root", root.hex());
        if (to < sight.to()) {
            others.put("next", Integer.toString(to));
        }
        Answer.Items listed = each -> pieces(root, from, to, false, member -> each.accept(member.document()));
        Answer.Items paths = each -> pieces(root, from, to, true, member -> each.accept(path(member)));
        return Answer.lists(
                others.build(), named ? Map.of("members", listed, "paths", paths) : Map.of("members", listed));
    }

    private void pieces(Hash root, int from, int to, boolean named, Consumer<Member> each) {
        for (int at = from; at < to; at += PIECE) {
            int piece = at;
            int many = Math.min(PIECE, to - piece);
            database.read(tx -> named
                            ? catalog.namedMembers(tx, root, piece, many)
                            : catalog.members(tx, root, piece, many))
                    .forEach(each);
        }
    }

    /** A member's path with what proves it; nothing where the member shows it itself or it is erased. */
    private static Json.Obj path(Member member) {
        return member.namedPath()
                .map(salted -> Json.object()
                        .put("path", salted.text())
                        .put("salt", salted.salt())
                        .build())
                .orElseGet(() -> Json.object().build());
    }

    /**
     * Only works: the store also holds receipts and documents, which are nobody's to fetch by hash. An edge fetches what it
     * will serve against receipts; whoever else reads here leaves an entry in the log that the creator is shown.
     */
    private Answer blob(Call call) {
        ContentId content = call.contentInPath();
        boolean isWork = database.read(tx -> !catalog.claimants(tx, content).isEmpty());
        OptionalLong size = isWork ? blobs.size(content) : OptionalLong.empty();
        if (size.isEmpty()) {
            throw Refusals.unknown("work", content).asException();
        }
        ByteRange range = ByteRange.of(call.header("Range"), size.getAsLong());
        if (call.principal().role() != Role.EDGE && !call.isForHeadersAlone()) {
            reads.record(call.party(), content, range.from(), range.length());
        }
        Answer answer = Answer.stream(range.partial() ? 206 : 200, "application/octet-stream", range.length(), out -> {
            try (InputStream in = blobs.open(content, range.from(), range.length())) {
                in.transferTo(out);
            }
        });
        return (range.partial() ? answer.header("Content-Range", range.header()) : answer)
                .header("Accept-Ranges", "bytes")
                .header("ETag", "\"" + content + "\"");
    }

    /** For those who have uploaded the work, operators and auditors. */
    private Answer reads(Call call) {
        ContentId content = call.contentInPath();
        List<PartyId> claimants = database.read(tx -> catalog.claimants(tx, content));
        if (claimants.isEmpty() || (!call.seesAll() && !claimants.contains(call.party()))) {
            throw Refusals.unknown("work", content).asException();
        }
        return Answer.ok(Shapes.page(
                reads.of(content, call.cursor(), call.limit()),
                read -> Json.object()
                        .put("reader", read.reader().value())
                        .put("from", read.first())
                        .put("bytes", read.bytes())
                        .put("time", read.at())
                        .put("position", read.position())
                        .build()));
    }

    /** That the version is there, anybody sees at {@code /datasets/versions/{root}}; so this does not say otherwise. */
    private static org.tallystick.platform.kernel.RefusedException membersNotShown(Hash root) {
        return Problem.forbidden(
                        "dataset-version/members-not-shown",
                        "The members of this version are not shown to you",
                        "the members of version " + root.hex()
                                + " are shown to its curator, the creators of its works and"
                                + " the buyers of contracts about it")
                .asException();
    }

    private static org.tallystick.platform.kernel.RefusedException unknown(Hash root) {
        return Refusals.unknown("dataset-version", root.hex()).asException();
    }

    /** One byte range of RFC 9110; several, or another unit, are served whole, as that RFC allows. */
    record ByteRange(long from, long length, long size, boolean partial) {
        static ByteRange of(Optional<String> header, long size) {
            return header.filter(text -> text.matches("bytes=([0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})"))
                    .map(text -> parse(text.substring(6), size))
                    .orElse(new ByteRange(0, size, size, false));
        }

        private static ByteRange parse(String spec, long size) {
            int dash = spec.indexOf('-');
            String first = spec.substring(0, dash);
            String last = spec.substring(dash + 1);
            long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
            long to = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
            if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < from) {
                return new ByteRange(0, size, size, false);
            }
            if (from >= size || (first.isEmpty() && Long.parseLong(last) == 0)) {
                throw new HttpRefusedException(
                        416,
                        Problem.invalid(
                                        "http/range-not-satisfiable",
                                        "Range not satisfiable",
                                        "the work has " + size + " bytes")
                                .with("size", size));
            }
            return new ByteRange(from, to - from + 1, size, true);
        }

        String header() {
            return "bytes " + from + "-" + (from + length - 1) + "/" + size;
        }
    }
}
