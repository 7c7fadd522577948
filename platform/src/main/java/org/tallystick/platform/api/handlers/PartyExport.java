package org.tallystick.platform.api.handlers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.log.KeptWords;
import org.tallystick.platform.log.Wording;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.party.Party;
import org.tallystick.platform.payout.Payouts;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * Everything that is kept about a party, as one ZIP archive: its words with the salts that prove them, and the papers and
 * money that name it. Read page by page while it is written, so that its length costs no memory and a slow reader holds no
 * transaction.
 */
public final class PartyExport {
    private static final int PAGE = 100;

    private static final String ABOUT = """
        What this platform keeps about one party. Each file has one JSON object a line.

        party.jsonl       id, role, key, display name
        words.jsonl       texts of yours, each with the log entry and member that commits to it and the salt that
                          proves it: SHA-256 over the salt's 16 bytes and the text in UTF-8 is "commitment"
        contracts.jsonl   contracts that name you, with their signatures
        statements.jsonl  statements of what you earned
        invoices.jsonl    invoices of what you owe
        payouts.jsonl     payout instructions, with their destinations where these are kept

        API keys are kept as hashes only and are not here. Works are fetched under their content ids, which are in the
        manifests among the words. What an erasure leaves is said in the answer to it.
        """;

    private final Database database;
    private final Parties parties;
    private final Contracts contracts;
    private final Settlement settlement;
    private final Payouts payouts;

    public PartyExport(
            Database database, Parties parties, Contracts contracts, Settlement settlement, Payouts payouts) {
        this.database = database;
        this.parties = parties;
        this.contracts = contracts;
        this.settlement = settlement;
        this.payouts = payouts;
    }

    /** An archive that is made while it is written. */
    interface Archive {
        /** A file name for it. */
        String name();

        /** Writes it; the stream is flushed, not closed. */
        void write(OutputStream out) throws IOException;
    }

    /** What one archive is of. */
    private final class OfParty implements Archive {
        private final Party party;

        OfParty(Party party) {
            this.party = party;
        }

        @Override
        public String name() {
            return "tallystick-" + party.id().value().replace(':', '-') + ".zip";
        }

        @Override
        public void write(OutputStream out) throws IOException {
            ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
            entry(zip, "about.txt");
            zip.write(ABOUT.getBytes(StandardCharsets.UTF_8));
            entry(zip, "party.jsonl");
            line(zip, Shapes.party(party));
            entry(zip, "words.jsonl");
            words(zip);
            PartyId id = party.id();
            entry(zip, "contracts.jsonl");
            pages(zip, after -> contracts.list(id, after, PAGE), PartyExport::contract);
            entry(zip, "statements.jsonl");
            pages(
                    zip,
                    after -> settlement.statements(Optional.of(id), Optional.empty(), after, PAGE),
                    listed -> settlement
                            .statement(listed.id())
                            .orElseThrow()
                            .statement()
                            .json());
            entry(zip, "invoices.jsonl");
            pages(
                    zip,
                    after -> settlement.invoices(Optional.of(id), Optional.empty(), Optional.empty(), after, PAGE),
                    listed -> settlement.invoice(listed.id()).orElseThrow().document());
            entry(zip, "payouts.jsonl");
            pages(
                    zip,
                    after -> payouts.list(Optional.of(id), after, PAGE),
                    payout -> PayoutActions.shape(payout)
                            .with(
                                    "destination",
                                    payouts.destination(payout)
                                            .<Json>map(Json::of)
                                            .orElse(Json.NULL)));
            zip.finish();
            out.flush();
        }

        private void words(ZipOutputStream zip) throws IOException {
            long position = -1;
            String member = "";
            while (true) {
                long after = position;
                String within = member;
                List<KeptWords> page = database.read(tx -> Wording.of(tx, party.id(), after, within, PAGE));
                for (KeptWords words : page) {
                    line(zip, shape(words));
                    position = words.position();
                    member = words.member();
                }
                if (page.size() < PAGE) {
                    return;
                }
            }
        }
    }

    /** The archive of a party; empty where there is none of that id. */
    Optional<Archive> of(PartyId id) {
        return parties.find(id).map(OfParty::new);
    }

    private static Json.Obj shape(KeptWords words) {
        return Json.object()
                .put("position", words.position())
                .put("member", words.member())
                .put("commitment", words.salted().commitment().hex())
                .put("salt", words.salted().salt())
                .put("words", words.salted().text())
                .build();
    }

    private static Json.Obj contract(Contract contract) {
        return contract.document().json();
    }

    private static <T> void pages(
            ZipOutputStream zip, Function<Optional<String>, Page<T>> source, Function<T, Json.Obj> shape)
            throws IOException {
        Optional<String> after = Optional.empty();
        do {
            Page<T> page = source.apply(after);
            for (T item : page.items()) {
                line(zip, shape.apply(item));
            }
            after = page.next();
        } while (after.isPresent());
    }

    private static void entry(ZipOutputStream zip, String name) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
    }

    private static void line(ZipOutputStream zip, Json.Obj object) throws IOException {
        zip.write(Jcs.bytes(object));
        zip.write('\n');
    }
}
