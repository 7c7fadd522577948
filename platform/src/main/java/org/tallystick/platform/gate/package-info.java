/**
 * The question a pipeline asks before it trains: may this job run on these datasets?
 *
 * <p>Invariants: names prove nothing, so a dataset without manifest and signed receipt is never allowed; every reason why
 * not is told, not the first only; the answer is signed and binds the question by its hash; asking changes nothing.
 *
 * <p>Trusts the log for contracts and manifests, and nothing the asker says. Read {@code TrainingGate} first.
 */
@NullMarked
package org.tallystick.platform.gate;

import org.jspecify.annotations.NullMarked;
