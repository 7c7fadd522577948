@NullMarked
package org.tallystick.sdk;

import org.jspecify.annotations.NullMarked;
