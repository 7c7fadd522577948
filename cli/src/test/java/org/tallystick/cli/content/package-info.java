@NullMarked
package org.tallystick.cli.content;

import org.jspecify.annotations.NullMarked;
