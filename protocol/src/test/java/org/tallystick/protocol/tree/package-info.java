/**
 * Tests of {@code protocol.tree}, and what other modules' tests borrow from them.
 */
@NullMarked
package org.tallystick.protocol.tree;

import org.jspecify.annotations.NullMarked;
