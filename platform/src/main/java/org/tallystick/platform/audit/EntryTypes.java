package org.tallystick.platform.audit;

import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;

/**
 * Every type of document that a log may hold. A replay that came upon a type it does not know could not say what its count
 * leaves out, so such an entry is a difference. A test holds the list to what the platform writes and to docs/formats.md.
 */
final class EntryTypes {
    /** As docs/formats.md has them. */
    static final Set<String> KNOWN = Set.of(
            // who there is
            "party",
            "key-rotated",
            "party-renamed",
            "erasure",
            // works
            "manifest",
            "dataset-version",
            "work-read",
            // contracts and how they come about and end
            "contract",
            "contract-revoked",
            "contract-notice",
            "mandate-revoked",
            "negotiation-offer",
            "negotiation-signature",
            "negotiation-terminated",
            "negotiation-approvers",
            "negotiation-approval",
            // deliveries
            "job",
            "job-order",
            "job-closed",
            "grant",
            "grant-revoked",
            "edge",
            "edge-certificate",
            "edge-revoked",
            "edge-equivocation",
            "usage-event",
            // money
            "escrow-funded",
            "escrow-reserved",
            "credit-granted",
            "payout-scheduled",
            // closes
            "format",
            "close-key",
            "close-sets",
            "close-invoices",
            "close-postings",
            "close-statements",
            "close");

    private EntryTypes() {}

    /** @throws MalformedException {@code entry/unknown-type} for what no platform of this version writes */
    static void check(LogEntry.DocumentEntry entry) {
        if (!KNOWN.contains(entry.type())) {
            throw new MalformedException(
                    "entry/unknown-type",
                    Fields.shown(entry.type()) + " is no type of document known here, so what it changes cannot be"
                            + " counted");
        }
    }
}
