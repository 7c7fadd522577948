@NullMarked
package org.tallystick.edge.disk;

import org.jspecify.annotations.NullMarked;
