/**
 * Tests of {@code protocol.statement}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.statement;

import org.jspecify.annotations.NullMarked;
