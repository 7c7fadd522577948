/**
 * The machinery between HTTP and what answers: policy, callers, bodies, problems, idempotency. Endpoints and pages use it alike.
 *
 * <p>Invariants: every endpoint has one line in the policy table; a refusal changes nothing; the same idempotency key gives the
 * same answer. Trusts no client. Read {@link org.tallystick.platform.api.dispatch.Policy} first, then {@code Dispatcher}.
 */
@NullMarked
package org.tallystick.platform.api.dispatch;

import org.jspecify.annotations.NullMarked;
