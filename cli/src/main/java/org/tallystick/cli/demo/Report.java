package org.tallystick.cli.demo;

import java.nio.file.Path;
import java.util.List;
import org.tallystick.cli.content.Skipped;
import org.tallystick.protocol.codec.Json;

/**
 * The demo's result, for a program. Its constructor checks that the counts agree; {@link MoneyTotals} does so for
 * money.
 *
 * @param content what was used
 * @param traffic what was delivered and counted
 * @param money where it went
 * @param documents what others can check
 * @param seconds duration of each step
 * @param extras further facts, after the fixed members
 */
public record Report(
        Content content, Traffic traffic, MoneyTotals money, Documents documents, Json.Obj seconds, Json.Obj extras) {

    /**
     * @param location where the content was read from
     * @param creators who has at least one work
     * @param works distinct works
     * @param worksBytes their length
     * @param files files read
     * @param skipped what became no work
     */
    record Content(String location, long creators, long works, long worksBytes, long files, List<Skipped> skipped) {
        private static final int SHOWN = 100;

        Content {
            skipped = List.copyOf(skipped);
            if (works > files || creators > works || works < 1) {
                throw new WrongSumException(
                        creators + " creators, " + works + " works and " + files + " files do not fit together");
            }
        }

        private Json.Obj skippedJson() {
            return Json.object()
                    .put("count", skipped.size())
                    .put(
                            "first",
                            Json.array(skipped.stream()
                                    .limit(SHOWN)
                                    .map(one -> Json.object()
                                            .put("path", one.path())
                                            .put("reason", one.reason())
                                            .build())
                                    .toList()))
                    .build();
        }
    }

    /**
     * @param deliveries receipts that count as a use by their kind, each verified
     * @param refused requests answered with a refusal
     * @param duplicates deliveries that used again what the same job had used before
     * @param distinctUses what is billed
     */
    record Traffic(long deliveries, long refused, long duplicates, long distinctUses) {
        Traffic {
            if (deliveries - duplicates != distinctUses || duplicates < 0 || refused < 0) {
                throw new WrongSumException(deliveries + " deliveries less " + duplicates + " repeated are not "
                        + distinctUses + " distinct uses");
            }
        }
    }

    /**
     * @param statementFiles the exported statements
     * @param logDir the log's tiles as files
     * @param logSize entries in the log
     * @param verified whether every check held
     */
    record Documents(List<Path> statementFiles, Path logDir, long logSize, boolean verified) {
        Documents {
            statementFiles = List.copyOf(statementFiles);
        }
    }

    /** Receipts that count as a use by their kind, each verified. */
    public long deliveries() {
        return traffic.deliveries();
    }

    public boolean verified() {
        return documents.verified();
    }

    /** The report as JSON; amounts are decimal strings with their currency. */
    public Json.Obj json() {
        Json.Builder json = Json.object()
                .put("creators", content.creators())
                .put("works", content.works())
                .put("works_bytes", content.worksBytes())
                .put("deliveries", traffic.deliveries())
                .put("refused", traffic.refused())
                .put("duplicates_absorbed", traffic.duplicates())
                .put("distinct_uses", traffic.distinctUses())
                .put("gross", money.gross().toString())
                .put("to_creators", money.toCreators().toString())
                .put("to_curators", money.toCurators().toString())
                .put("fees", money.fees().toString())
                .put("escrow_funded", money.funded().toString())
                .put("escrow_left", money.left().toString())
                .put("statements", documents.statementFiles().size())
                .put(
                        "statement_files",
                        Json.strings(documents.statementFiles().stream()
                                .map(Path::toString)
                                .toList()))
                .put("log_dir", documents.logDir().toString())
                .put("verified", documents.verified())
                .put("log_size", documents.logSize())
                .put("seconds", seconds)
                .put("residue", money.residue().toString())
                .put("content", content.location())
                .put("files", content.files())
                .put("duplicate_files", content.files() - content.works())
                .put("skipped", content.skippedJson());
        extras.members().forEach(json::put);
        return json.build();
    }
}
