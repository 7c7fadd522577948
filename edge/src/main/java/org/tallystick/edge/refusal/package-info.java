/**
 * The closed list of reasons for which a request is refused, and the answer that says so.
 *
 * <p>Invariants: each reason has one problem type (RFC 9457), one status and one title; a title never depends on the
 * request. Trusts nobody: details that quote a request are sent as JSON text only. Read {@link
 * org.tallystick.edge.refusal.RefusalReason} first.
 */
@NullMarked
package org.tallystick.edge.refusal;

import org.jspecify.annotations.NullMarked;
