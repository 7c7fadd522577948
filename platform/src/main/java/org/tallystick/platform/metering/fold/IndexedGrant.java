package org.tallystick.platform.metering.fold;

import java.util.List;
import java.util.Optional;

/**
 * What folding needs of a token's grant.
 *
 * @param set the usage set its deliveries go to
 * @param ordinals of the dataset version granted
 * @param scope code of the scope granted
 * @param notBefore first millisecond of validity
 * @param expires first millisecond past validity
 * @param position of the grant in the log: what was delivered under it must stand behind it
 * @param revoked first millisecond at which the token is surely worthless
 * @param closed first millisecond at which the job is surely closed
 * @param edges which may deliver; empty for any
 * @param ordered whether a release key is wanted
 * @param releases which keys open which works; empty where none is wanted, or the order is not known
 */
public record IndexedGrant(
        FoldedSet set,
        Ordinals ordinals,
        int scope,
        long notBefore,
        long expires,
        long position,
        long revoked,
        long closed,
        List<Integer> edges,
        boolean ordered,
        Optional<Releases> releases) {
    /** Under a plain grant that nothing has ended. */
    public IndexedGrant(FoldedSet set, Ordinals ordinals, int scope, long notBefore, long expires, long position) {
        this(
                set,
                ordinals,
                scope,
                notBefore,
                expires,
                position,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                List.of(),
                false,
                Optional.empty());
    }

    /** Whether there is more to ask of a leaf than of one under a plain grant that nothing has ended. */
    boolean isEnding() {
        return revoked != Long.MAX_VALUE || closed != Long.MAX_VALUE || !edges.isEmpty();
    }
}
