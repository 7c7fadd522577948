package org.tallystick.platform.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.platform.kernel.PartyId;

/** Whose account a name is, where it is a party's. */
final class AccountNames {
    private static final Pattern OF_PARTY = Pattern.compile("(?:payable|recoverable)(?:-[a-z]{3})?:(.+)");

    private AccountNames() {}

    static Optional<PartyId> party(String account) {
        Matcher matcher = OF_PARTY.matcher(account);
        return matcher.matches() ? Optional.of(new PartyId(matcher.group(1))) : Optional.empty();
    }
}
