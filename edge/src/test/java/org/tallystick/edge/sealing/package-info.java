@NullMarked
package org.tallystick.edge.sealing;

import org.jspecify.annotations.NullMarked;
