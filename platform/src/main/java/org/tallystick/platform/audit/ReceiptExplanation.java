package org.tallystick.platform.audit;

import java.time.Instant;
import java.util.List;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.receipt.BatchHeader;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;

/** Sentences that explain a receipt and the grant it was delivered under. */
final class ReceiptExplanation {
    private ReceiptExplanation() {}

    static List<String> of(Receipt receipt, long position) {
        Leaf leaf = receipt.leaf();
        BatchHeader header = receipt.signed().header();
        String what = switch (leaf.kind()) {
            case FULL -> "delivered all " + leaf.bytes() + " bytes of work " + leaf.content();
            case PARTIAL -> "delivered " + leaf.bytes() + " bytes of work " + leaf.content();
            case NOT_MODIFIED -> "confirmed the consumer's own copy of work " + leaf.content();
            case HEAD -> "described work " + leaf.content() + " without delivering it";
            case VOID ->
                "took back delivery r-" + leaf.edge() + "-" + leaf.epoch() + "-" + leaf.refers() + " of work "
                        + leaf.content() + ", of which nothing was handed over";
            case CUT ->
                "noted that delivery " + leaf.refersId() + " of work " + leaf.content() + " broke off after "
                        + leaf.bytes() + " bytes";
        };
        String from = leaf.cached() ? ", from its cache" : "";
        return List.of(
                "Edge " + leaf.edge() + " " + what + from + " at " + Times.text(Instant.ofEpochMilli(leaf.time()))
                        + ".",
                "It is number " + leaf.sequence() + " of the edge's epoch " + leaf.epoch() + ", leaf "
                        + (receipt.index() + 1) + " of " + header.count() + " in the batch at log position " + position
                        + "; the edge signed the batch's root " + header.root().hex() + ".");
    }

    static String of(Grant grant) {
        return "It was delivered under a grant to " + grant.consumer() + " for job " + grant.job() + " of contract "
                + grant.contract() + ", scope " + grant.scope().word() + ", valid from "
                + Times.text(grant.notBefore()) + " to " + Times.text(grant.expires()) + ".";
    }
}
