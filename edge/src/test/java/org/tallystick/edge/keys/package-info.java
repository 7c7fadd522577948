@NullMarked
package org.tallystick.edge.keys;

import org.jspecify.annotations.NullMarked;
