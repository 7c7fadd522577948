package org.tallystick.platform.api.handlers;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.catalog.DatasetVersion;
import org.tallystick.platform.contract.Contract;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.Negotiation;
import org.tallystick.platform.ingest.StoredManifest;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.receipt.ContentId;

/**
 * What is whose, where the policy alone cannot say: one place for the rules by which a party sees only what is its own.
 * Operators and auditors see everything.
 */
public final class Ownership {
    private final Catalog catalog;
    private final Contracts contracts;

    public Ownership(Catalog catalog, Contracts contracts) {
        this.catalog = catalog;
        this.contracts = contracts;
    }

    static boolean seesAll(Principal who) {
        return who.role() == Role.OPERATOR || who.role() == Role.AUDITOR;
    }

    /** A contract the caller is named in: as buyer, curator, signer or recipient. */
    Optional<Contract> contract(Handle tx, Principal who, ContractId id) {
        return contracts.find(tx, id).filter(found -> seesAll(who) || contracts.names(tx, id, who.id()));
    }

    /** A negotiation the caller is a side of, has a work in what it is about, or, as a co-op has, a share in. */
    boolean negotiation(Handle tx, Principal who, Negotiation negotiation) {
        return seesAll(who)
                || negotiation.isSide(who.id())
                || negotiation.current().document().payout().splits().stream()
                        .anyMatch(split -> split.recipient().equals(who.id().value()))
                || negotiation.current().document().datasetVersion().stream()
                        .flatMap(root -> catalog.ranges(tx, root).stream())
                        .anyMatch(range -> range.creator().equals(who.id()));
    }

    /** How much of a dataset version's list of works a caller sees. */
    sealed interface Sight {
        /** All of it. */
        record Whole() implements Sight {}

        /** Only a creator's own. */
        record Own(PartyId creator) implements Sight {}

        /** Nothing: it does not exist for it. */
        record None() implements Sight {}
    }

    Sight members(Handle tx, Principal who, DatasetVersion version) {
        return switch (who.role()) {
            case OPERATOR, AUDITOR, EDGE -> new Sight.Whole();
            case CURATOR, BUYER ->
                version.curator().equals(who.id()) || contracts.grants(tx, who.id(), version.root())
                        ? new Sight.Whole()
                        : new Sight.None();
            case CREATOR -> {
                if (version.curator().equals(who.id())) {
                    yield new Sight.Whole();
                }
                boolean has = catalog.ranges(tx, version.root()).stream()
                        .anyMatch(range -> range.creator().equals(who.id()));
                yield has ? new Sight.Own(who.id()) : new Sight.None();
            }
        };
    }

    /** Whether a manifest is the caller's: its creator's, its uploader's, or in a dataset it curates or has bought. */
    boolean manifest(Handle tx, Principal who, StoredManifest manifest) {
        if (seesAll(who)
                || manifest.uploader().equals(who.id())
                || manifest.manifest().form().creator().equals(who.id())) {
            return true;
        }
        ContentId content = manifest.manifest().content();
        return (who.role() == Role.BUYER || who.role() == Role.CURATOR)
                && (catalog.isCuratedBy(tx, who.id(), content)
                        || contracts.namesAny(tx, who.id(), catalog.versionsOf(tx, content)));
    }
}
