package org.tallystick.platform.gate;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ingest.StoredManifest;
import org.tallystick.platform.ingest.UploadReceipt;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.CareTerm;

/**
 * Judges whether a training job may run: for each dataset a live contract of the asker's that permits training and lasts
 * long enough, the version it grants, and a manifest of that version proven by the receipt the platform signed for it.
 * Safe from any thread; changes nothing.
 */
public final class TrainingGate {
    private final Database database;
    private final Contracts contracts;
    private final Catalog catalog;
    private final Ingest ingest;
    private final Signer platform;
    private final Verifier verifier;
    private final InstantSource clock;

    /** @param platform signs verdicts, and has signed the receipts that are shown */
    public TrainingGate(
            Database database,
            Contracts contracts,
            Catalog catalog,
            Ingest ingest,
            Signer platform,
            Verifier verifier,
            InstantSource clock) {
        this.database = database;
        this.contracts = contracts;
        this.catalog = catalog;
        this.ingest = ingest;
        this.platform = platform;
        this.verifier = verifier;
        this.clock = clock;
    }

    /**
     * Judges a question.
     *
     * @param by who asks; a buyer is judged by its own contracts only, operators and auditors may ask about any
     * @return the verdict, also where it is no; refused {@code json/…}, {@code gate/window} or {@code gate/datasets} where
     *     the question cannot be read
     */
    public Outcome<Verdict> validate(Principal by, Json.Obj question) {
        TrainingQuestion asked;
        try {
            asked = TrainingQuestion.parse(question);
        } catch (MalformedException e) {
            return Outcome.refused(Problem.invalid(e.reason(), "Unusable question", e.detail()));
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Verdict.Reason> reasons = database.read(tx -> {
            List<Verdict.Reason> all = new ArrayList<>();
            for (TrainingQuestion.Named dataset : asked.datasets()) {
                new Judgement(tx, by, dataset, now, asked.ends(now), all).run();
            }
            return all;
        });
        return Outcome.accepted(Verdict.sign(asked, now, reasons, platform));
    }

    /** The judgement of one dataset: collects every reason why not. */
    private final class Judgement {
        private final Handle tx;
        private final Principal by;
        private final TrainingQuestion.Named dataset;
        private final Instant now;
        private final Instant end;
        private final List<Verdict.Reason> reasons;

        Judgement(
                Handle tx,
                Principal by,
                TrainingQuestion.Named dataset,
                Instant now,
                Instant end,
                List<Verdict.Reason> reasons) {
            this.tx = tx;
            this.by = by;
            this.dataset = dataset;
            this.now = now;
            this.end = end;
            this.reasons = reasons;
        }

        void run() {
            if (!dataset.proven()) {
                reason("gate/names-alone", "the dataset is named without manifest_id and signed_receipt");
                return;
            }
            Optional<Contract> contract = contract();
            contract.ifPresent(this::judge);
            manifest().ifPresent(manifest -> {
                receipt(manifest);
                contract.ifPresent(found -> member(manifest, found));
            });
        }

        private Optional<Contract> contract() {
            if (dataset.contract().isEmpty()) {
                reason("gate/contract-missing", "the dataset names no contract_id");
                return Optional.empty();
            }
            String text = dataset.contract().get();
            Optional<Contract> found = id(text).flatMap(id -> contracts.find(tx, id))
                    .filter(contract ->
                            by.role() != Role.BUYER || contract.buyer().equals(by.id()));
            if (found.isEmpty()) {
                reason("gate/contract-unknown", "there is no contract " + Fields.shown(text) + " of yours");
            }
            return found;
        }

        private static Optional<ContractId> id(String text) {
            try {
                return Optional.of(new ContractId(text));
            } catch (RefusedException e) {
                return Optional.empty(); // no contract can have such an id
            }
        }

        private void judge(Contract contract) {
            if (!contract.liveAt(now)) {
                String why = contract.revocation()
                        .map(r -> "was revoked at " + r.at())
                        .orElse("ended at " + contract.ends());
                reason("gate/contract-not-live", "contract " + contract.id() + " " + why);
            } else if (end.isAfter(contract.ends())) {
                reason(
                        "gate/window-past-contract",
                        "training would last until " + end + ", contract " + contract.id() + " ends at "
                                + contract.ends());
            }
            contract.document().terms().find(CareTerm.Retention.class).ifPresent(term -> retention(contract, term));
            if (!contract.document().license().scopes().contains(Scope.TRAINING)) {
                reason("gate/use-not-permitted", "contract " + contract.id() + " does not permit training");
            }
            String granted = contract.datasetVersion().hex();
            if (dataset.version().filter(version -> !version.equals(granted)).isPresent()) {
                reason("gate/version-mismatch", "contract " + contract.id() + " grants version " + granted);
            }
            String named = contract.document().dataset();
            if (dataset.dataset().filter(id -> !id.equals(named)).isPresent()) {
                reason("gate/dataset-mismatch", "contract " + contract.id() + " is over dataset " + named);
            }
        }

        private void retention(Contract contract, CareTerm.Retention term) {
            Instant over = contract.accepted()
                    .atOffset(ZoneOffset.UTC)
                    .plus(term.retraining())
                    .toInstant();
            if (end.isAfter(over)) {
                reason(
                        "gate/retraining-over",
                        "training would last until " + end + ", contract " + contract.id() + " permits it until "
                                + over);
            }
        }

        private Optional<StoredManifest> manifest() {
            if (dataset.receipt().isEmpty()) {
                reason("gate/receipt-missing", "the dataset is named without signed_receipt");
            }
            if (dataset.manifest().isEmpty()) {
                reason("gate/manifest-missing", "the dataset is named without manifest_id");
                return Optional.empty();
            }
            Optional<StoredManifest> found =
                    ingest.manifest(tx, dataset.manifest().get());
            if (found.isEmpty()) {
                reason(
                        "gate/manifest-unknown",
                        "there is no manifest "
                                + Fields.shown(dataset.manifest().get()));
            }
            return found;
        }

        private void receipt(StoredManifest manifest) {
            dataset.receipt().ifPresent(compact -> {
                try {
                    UploadReceipt receipt = UploadReceipt.verify(compact, new DidKey(platform.publicKey()), verifier);
                    if (!receipt.manifestId().equals(manifest.manifest().id())) {
                        reason("gate/receipt-mismatch", "the receipt was signed for manifest " + receipt.manifestId());
                    }
                } catch (MalformedException e) {
                    reason("gate/receipt-not-valid", "the receipt does not verify: " + e.detail());
                } catch (RefusedException e) {
                    reason(
                            "gate/receipt-not-valid",
                            "the receipt does not verify: " + e.problem().detail());
                }
            });
        }

        private void member(StoredManifest manifest, Contract contract) {
            Optional<Member> member = catalog.member(
                    tx, contract.datasetVersion(), manifest.manifest().content());
            if (member.filter(found ->
                            found.manifestId().equals(manifest.manifest().id()))
                    .isEmpty()) {
                reason(
                        "gate/not-in-version",
                        "manifest " + manifest.manifest().id() + " is not in the version contract " + contract.id()
                                + " grants");
            }
        }

        private void reason(String type, String detail) {
            reasons.add(new Verdict.Reason(dataset.name(), type, detail));
        }
    }
}
