package org.tallystick.platform.api.handlers;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.HttpRefusedException;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.ContentAndCreator;
import org.tallystick.platform.catalog.DatasetQuery;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.catalog.PublishVersion;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.DatasetId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;

/** Dataset versions, the marketplace, and the bytes of works for edges. */
public final class DatasetActions {
    private static final int DEFAULT_PAGE = 50;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final Database database;
    private final Ownership ownership;

    public DatasetActions(Catalog catalog, BlobStore blobs, Database database, Ownership ownership) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.database = database;
        this.ownership = ownership;
    }

    public void bind(Routes routes) {
        routes.bind("publishDataset", this::publish)
                .bind("searchDatasets", this::search)
                .bind("datasetVersion", this::version)
                .bind("datasetMembers", this::members)
                .bind("blob", this::blob);
    }

    private Answer publish(Call call) {
        Fields body = call.json("dataset");
        List<ContentAndCreator> members = new ArrayList<>();
        for (Fields member : body.objects("members")) {
            members.add(new ContentAndCreator(
                    ContentId.parse(member.text("content_id")),
                    new PartyId(member.text("creator_id")),
                    member.optionalText("manifest_id")));
            member.noOthers();
        }
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

    private Answer members(Call call) {
        Hash root = call.rootInPath();
        List<Member> members = database.read(tx -> {
            DatasetVersion version = catalog.version(tx, root).orElseThrow(() -> unknown(root));
            return switch (ownership.members(tx, call.principal(), version)) {
                case Ownership.Sight.Whole() -> catalog.members(tx, root);
                case Ownership.Sight.Own(PartyId creator) ->
                    catalog.members(tx, root).stream()
                            .filter(member -> member.creator().equals(creator))
                            .toList();
                case Ownership.Sight.None() -> throw membersNotShown(root);
            };
        });
        return Answer.ok(Json.object()
                .put("root", root.hex())
                .put(
                        "members",
                        Json.array(members.stream().map(Member::document).toList()))
                .build());
    }

    /** Only works: the store also holds receipts and documents, which are nobody's to fetch by hash. */
    private Answer blob(Call call) {
        ContentId content = call.contentInPath();
        boolean isWork = database.read(tx -> !catalog.claimants(tx, content).isEmpty());
        OptionalLong size = isWork ? blobs.size(content) : OptionalLong.empty();
        if (size.isEmpty()) {
            throw Refusals.unknown("work", content).asException();
        }
        ByteRange range = ByteRange.of(call.header("Range"), size.getAsLong());
        Answer answer = Answer.stream(range.partial() ? 206 : 200, "application/octet-stream", range.length(), out -> {
            try (InputStream in = blobs.open(content, range.from(), range.length())) {
                in.transferTo(out);
            }
        });
        return (range.partial() ? answer.header("Content-Range", range.header()) : answer)
                .header("Accept-Ranges", "bytes")
                .header("ETag", "\"" + content + "\"");
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
