/** Tests of settlement on a real server: tables of amounts, late and void receipts, files that verify, rebuilding. */
@NullMarked
package org.tallystick.platform.settlement;

import org.jspecify.annotations.NullMarked;
