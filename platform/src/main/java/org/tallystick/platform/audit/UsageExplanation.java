package org.tallystick.platform.audit;

import java.util.List;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.metering.fold.UsageKey;

/** A use in words. */
final class UsageExplanation {
    private UsageExplanation() {}

    static List<String> of(UsageKey key, Member member, PartyId buyer) {
        return List.of(
                "Work " + member.content() + " (" + member.displayPath() + ") by " + member.creator() + " was used by "
                        + buyer + " in job " + key.job() + " under contract " + key.contract() + ", scope "
                        + key.scope().word() + ".",
                "It counts once in that job, however often it was delivered.");
    }
}
