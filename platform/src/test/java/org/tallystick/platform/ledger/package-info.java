@NullMarked
package org.tallystick.platform.ledger;

import org.jspecify.annotations.NullMarked;
