@NullMarked
package org.tallystick.edge;

import org.jspecify.annotations.NullMarked;
