@NullMarked
package org.tallystick.protocol.contract;

import org.jspecify.annotations.NullMarked;
