/** Tests of the training gate, without HTTP. */
@NullMarked
package org.tallystick.platform.gate;

import org.jspecify.annotations.NullMarked;
